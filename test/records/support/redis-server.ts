import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { RedisChannel } from '../../../src/records/redis-channel';
import { RedisConnection } from '../../../src/records/redis-connection';
import { RedisStore } from '../../../src/records/redis-store';
import { readRedisUrl } from '../../../src/records/redis-url';

/** Whether this machine has a Redis to test with. */
export const hasRedis = ((): boolean => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** A suite that needs a Redis; without one it is skipped, and says why. */
export const describeRedis = (title: string, suite: () => void): void =>
  void (hasRedis
    ? describe(title, suite)
    : describe.skip(`${title} (no redis-server here)`, suite));

/** A Redis of our own, that keeps nothing on disk unless it is told to. */
export class RedisServer {
  readonly reports: string[] = [];
  readonly #connections: { close(): void }[] = [];
  #child: ChildProcess | null = null;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly options: string[],
  ) {}

  static async start(...options: string[]): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), 'whatsapp-calling-redis-'));
    const server = new RedisServer(await freePort(), folder, options);
    await server.resume();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0?prefix=test:`;
  }

  /** Starts it again where it was left. */
  async resume(): Promise<void> {
    const { port, folder, options } = this;
    const fixed = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--dir', folder];
    this.#child = spawn('redis-server', [...fixed, '--loglevel', 'warning', ...options], {
      stdio: 'ignore',
    });
    await this.#answers();
  }

  /** Kills it as `kill -9` does. */
  async kill(): Promise<void> {
    const child = this.#child!;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  connect(url = this.url): RedisConnection {
    const report = (message: string): void => void this.reports.push(message);
    const connection = new RedisConnection({ address: readRedisUrl(url)!, report });
    this.#connections.push(connection);
    return connection;
  }

  open(): RedisStore {
    return new RedisStore(this.connect());
  }

  channel(url = this.url): RedisChannel {
    const channel = new RedisChannel(this.connect(url));
    this.#connections.push(channel);
    return channel;
  }

  /** Asks it directly. */
  async ask<T>(question: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis(this.port, '127.0.0.1');
    try {
      return await question(client);
    } finally {
      client.disconnect();
    }
  }

  /** All that is stored, as text, by key. */
  async content(): Promise<Record<string, string | null>> {
    return this.ask(async (client) => {
      const keys = await client.keys('*');
      const values = keys.length === 0 ? [] : await client.mget(keys);
      return Object.fromEntries(keys.map((key, i) => [key, values[i] ?? null]));
    });
  }

  /** Closes what was opened and empties it. */
  async clear(): Promise<void> {
    for (const connection of this.#connections.splice(0)) connection.close();
    this.reports.length = 0;
    await this.ask((client) => client.flushall());
  }

  async end(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #answers(): Promise<void> {
    for (;;) {
      try {
        await this.ask((client) => client.on('error', () => undefined).ping());
        return;
      } catch {
        await setTimeout(10);
      }
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
