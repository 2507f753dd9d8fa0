// What the records cost in each place: `node scripts/build.mjs && node bench/records.mjs [contacts]`. Redis is measured
// where there is a redis-server. Prints figures for this machine, and how each place compares with memory.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../scripts/lib/ports.mjs';
import { DURABLE, startRedis } from './lib/redis.mjs';
import {
  DiskStore,
  Keys,
  Records,
  RedisConnection,
  RedisStore,
  readRedisUrl,
} from '../dist/src/records/index.js';
import { shapesFor } from '../dist/src/actions/index.js';
import { PRESETS } from '../dist/src/rules/index.js';

const CONTACTS = Number(process.argv[2] ?? 1_000_000);
const PORTION = 1000;
const SAMPLE = 2000;
const report = (message) => console.log(`  ! ${message}`);

class Memory {
  values = new Map();
  async get(keys) {
    return keys.map((key) => this.values.get(key) && JSON.parse(this.values.get(key)));
  }
  async set(entries) {
    for (const [key, value] of entries) {
      if (value === undefined) this.values.delete(key);
      else this.values.set(key, JSON.stringify(value));
    }
  }
}

const keys = new Keys({ phoneNumberId: '106540352242922', simulated: false });
const recordsIn = (store) =>
  new Records({
    store,
    keys,
    ...shapesFor(PRESETS.cautious, true),
    report,
  });

const contact = (index) => ({ waId: String(573_000_000_000 + index), userId: null, phone: null });
/** A contact that was asked, agreed and was called. */
const lived = (at) => ({
  permission: [
    {
      at,
      is: 'granted',
      id: 'wamid.G',
      kind: 'temporary',
      expiresAt: at + 6e8,
      request: 'wamid.R',
    },
  ],
  requests: [{ key: 'b4c7', id: 'wamid.HBgLNTczMDAxMTEwMDAxFQIAERgSN', at, acceptedAt: at + 5 }],
  calls: [
    { key: 'c9d1', id: 'wacid.HBgLNTczMDAxMTEwMDAxFQIAERgSO', placedAt: at, endedAt: at + 9 },
  ],
  wroteAt: at,
});

async function timed(task) {
  const begun = performance.now();
  await task();
  return performance.now() - begun;
}

async function fill(records) {
  let longest = 0;
  const total = await timed(async () => {
    for (let first = 0; first < CONTACTS; first += PORTION) {
      const all = Array.from({ length: Math.min(PORTION, CONTACTS - first) }, (_, i) => first + i);
      const update = (index) =>
        records.update(contact(index), () => ({ record: lived(1.79e12 + index), result: null }));
      longest = Math.max(longest, await timed(() => Promise.all(all.map(update))));
    }
  });
  return { each: total / CONTACTS, longest };
}

async function sample(records) {
  const any = () => contact(Math.floor(Math.random() * CONTACTS));
  const change = (record) => ({ record: { ...record, wroteAt: record.wroteAt + 1 }, result: null });
  const read = await timed(async () => {
    for (let i = 0; i < SAMPLE; i += 1) await records.read(any());
  });
  const alone = await timed(async () => {
    for (let i = 0; i < SAMPLE; i += 1) await records.update(any(), change);
  });
  const together = await timed(async () => {
    for (let i = 0; i < SAMPLE; i += 100)
      await Promise.all(Array.from({ length: 100 }, () => records.update(any(), change)));
  });
  return { read: read / SAMPLE, alone: alone / SAMPLE, together: together / SAMPLE };
}

async function measure(name, store) {
  const records = recordsIn(store);
  const filled = await fill(records);
  return { name, filled, ...(await sample(records)) };
}

const us = (ms) => `${(ms * 1000).toFixed(0)} us`;
const show = ({ name, filled, read, alone, together }, base) =>
  console.log(
    `${name}: fill ${us(filled.each)} a contact (longest 1000 at once ${filled.longest.toFixed(0)} ms), ` +
      `read ${us(read)} (${(read / base.read).toFixed(1)}x), update ${us(alone)} (${(alone / base.alone).toFixed(1)}x), ` +
      `100 at once ${us(together)} each (${(together / base.together).toFixed(1)}x)`,
  );

const base = await measure('memory', new Memory());
show(base, base);

const folder = mkdtempSync(join(tmpdir(), 'bench-records-'));
const disk = new DiskStore({ folder, report });
show(await measure('disk', disk), base);
await disk.close();
const size = statSync(join(folder, 'records.lmdb')).size;
const again = new DiskStore({ folder, report });
const opening = await timed(() => again.get(['none']));
console.log(
  `  file ${(size / 2 ** 20).toFixed(0)} MiB (${(size / CONTACTS).toFixed(0)} bytes a contact), opened and checked in ${opening.toFixed(0)} ms`,
);
await again.close();
rmSync(folder, { recursive: true });

if (hasRedis()) {
  for (const durable of [false, true]) await measureRedis(durable);
} else console.log('redis: no redis-server here');

async function measureRedis(durable) {
  const dir = mkdtempSync(join(tmpdir(), 'bench-redis-'));
  const port = await freePort();
  const server = await startRedis(port, dir, durable ? DURABLE : []);
  const address = readRedisUrl(`redis://127.0.0.1:${port}`);
  const connection = new RedisConnection({ address, report });
  const name = durable ? 'redis, appendfsync always' : 'redis, nothing on disk';
  show(await measure(name, new RedisStore(connection)), base);
  const memory = await connection.ask('told', (client) => client.info('memory'));
  const used = Number(/used_memory:(\d+)/.exec(memory)[1]);
  console.log(
    `  memory ${(used / 2 ** 20).toFixed(0)} MiB (${(used / CONTACTS).toFixed(0)} bytes a contact)`,
  );
  connection.close();
  server.kill('SIGKILL');
  await once(server, 'exit');
  rmSync(dir, { recursive: true });
}

function hasRedis() {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
