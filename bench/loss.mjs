// What `kill -9` loses of the records in each place: `node scripts/build.mjs && node bench/loss.mjs [seconds]`.
// A process writes as fast as it can and says what was acknowledged; it is killed, or Redis is, and another reads.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../scripts/lib/ports.mjs';
import { startRedis } from './lib/redis.mjs';
import {
  ContextStore,
  DiskStore,
  RedisConnection,
  RedisStore,
  readRedisUrl,
} from '../dist/src/records/index.js';

const PLACES = {
  memory: () => context({ module: 'memory' }),
  'localfilesystem, as it comes (30 s)': (dir) =>
    context({ module: 'localfilesystem', config: { dir } }),
  'localfilesystem, flushInterval 5': (dir) =>
    context({ module: 'localfilesystem', config: { dir, flushInterval: 5 } }),
  'localfilesystem, cache off': (dir) =>
    context({ module: 'localfilesystem', config: { dir, cache: false } }),
  disk: (folder) => new DiskStore({ folder, report: fail }),
  redis: (_dir, port) => {
    const address = readRedisUrl(`redis://127.0.0.1:${port}`);
    return new RedisStore(new RedisConnection({ address, report: fail }));
  },
};

/** How Redis is set up, and whether it is Redis that is killed. */
const REDIS = {
  'redis, Node-RED killed': { options: [], isKilled: false },
  'redis, nothing on disk, Redis killed': { options: [], isKilled: true },
  'redis, appendfsync everysec, Redis killed': {
    options: ['--appendonly', 'yes', '--appendfsync', 'everysec'],
    isKilled: true,
  },
  'redis, appendfsync always, Redis killed': {
    options: ['--appendonly', 'yes', '--appendfsync', 'always'],
    isKilled: true,
  },
};

const keyOf = (index) => `whatsappCalling:106540352242922:w${index}`;

if (process.argv[2] === 'write') await write(process.argv[3], process.argv[4], process.argv[5]);
else await main(Number(process.argv[2] ?? 12));

async function main(seconds) {
  for (const place of Object.keys(PLACES).filter((name) => name !== 'redis'))
    await kill(place, place, seconds, null);
  for (const [name, redis] of Object.entries(REDIS)) await kill(name, 'redis', seconds, redis);
}

async function kill(name, place, seconds, redis) {
  const dir = mkdtempSync(join(tmpdir(), 'bench-loss-'));
  const port = redis ? await freePort() : 0;
  let server = redis && (await startRedis(port, dir, redis.options));
  const child = spawn(
    process.execPath,
    [fileURLToPath(import.meta.url), 'write', place, dir, String(port)],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const acknowledged = [];
  createInterface({ input: child.stdout }).on('line', () => acknowledged.push(performance.now()));
  await wait(seconds * 1000 * (0.7 + 0.3 * Math.random()));
  const killed = performance.now();
  (redis?.isKilled ? server : child).kill('SIGKILL');
  await wait(200);
  child.kill('SIGKILL');
  if (redis?.isKilled) server = await startRedis(port, dir, redis.options);
  const store = await PLACES[place](dir, port);
  const values = await store.get(acknowledged.map((_, i) => keyOf(i)));
  const lost = acknowledged.filter((_, i) => values[i]?.n !== i);
  const span = lost.length === 0 ? 0 : (killed - lost[0]) / 1000;
  console.log(
    `${name}: ${lost.length} of ${acknowledged.length} acknowledged writes lost` +
      (lost.length > 0 ? `, those of the last ${span.toFixed(1)} s` : ''),
  );
  server?.kill('SIGKILL');
  store.connection?.close();
  await store.close?.();
  rmSync(dir, { recursive: true, force: true });
}

async function write(place, dir, port) {
  const store = await PLACES[place](dir, port);
  for (let n = 0; ; n += 1) {
    await store.set(new Map([[keyOf(n), { n }]]));
    process.stdout.write(`${n}\n`);
    await wait(1);
  }
}

/** Node-RED's own contexts, without the rest of it. */
async function context(storage) {
  const require = createRequire(import.meta.url);
  const path = require.resolve('@node-red/runtime/lib/nodes/context/index.js');
  delete require.cache[path];
  const contexts = require(path);
  contexts.init({ contextStorage: { default: storage } });
  await contexts.load();
  return new ContextStore(contexts.get('global'));
}

function fail(message) {
  console.error(message);
}
