// The stores that records can be kept in, by name: each opens one and says how to close it.
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '../../scripts/lib/ports.mjs';
import { DURABLE, startRedis } from './redis.mjs';

const require = createRequire(import.meta.url);
const {
  ContextStore,
  DiskStore,
  RedisConnection,
  RedisStore,
  readRedisUrl,
} = require('../../dist/src/records');

const SCOPE = 'global';

/** A context store of Node-RED itself, as an account that keeps its records there sees it. */
function contextStore(kind, settings) {
  const nodeRed = require.resolve('node-red');
  const make = require(
    require.resolve(`@node-red/runtime/lib/nodes/context/${kind}`, { paths: [nodeRed] }),
  );
  const store = make(settings);
  const context = {
    get: (keys, _name, callback) => store.get(SCOPE, keys, callback),
    set: (keys, values, _name, callback) => store.set(SCOPE, keys, values, callback),
  };
  return { module: store, store: new ContextStore(context) };
}

async function onDisk(settings) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'wacalling-bench-'));
  const { module, store } = contextStore('localfilesystem', { dir, ...settings });
  await module.open();
  return {
    store,
    async close() {
      await module.close();
      fs.rmSync(dir, { recursive: true });
    },
  };
}

async function lmdb() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wacalling-bench-'));
  const store = new DiskStore({ folder, report: console.error });
  return {
    store,
    async close() {
      await store.close();
      fs.rmSync(folder, { recursive: true });
    },
  };
}

/** A Redis of its own that appends every change to a file before it answers. */
async function redis() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'wacalling-bench-'));
  const port = await freePort();
  const server = await startRedis(port, dir, DURABLE);
  const address = readRedisUrl(`redis://127.0.0.1:${port}`);
  const connection = new RedisConnection({ address, report: console.error });
  return {
    store: new RedisStore(connection),
    async close() {
      connection.close();
      server.kill('SIGKILL');
      await once(server, 'exit');
      fs.rmSync(dir, { recursive: true });
    },
  };
}

export const STORES = {
  memory: async () => ({ store: contextStore('memory', {}).store, close: async () => undefined }),
  localfilesystem: () => onDisk({ flushInterval: 30 }),
  uncached: () => onDisk({ cache: false }),
  disk: lmdb,
  redis,
};
