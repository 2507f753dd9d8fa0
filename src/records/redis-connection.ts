import { once } from 'node:events';
import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { RecordsError } from './records-error';
import type { RedisAddress } from './redis-url';

/** What a Redis can be asked. */
export type Client = Redis | Cluster;

export interface RedisConnectionOptions {
  address: RedisAddress;
  /** Hears when Redis cannot be reached, and when it can be again. */
  report: (message: string) => void;
}

/** How long Redis may take to answer or to let us in, milliseconds. */
const PATIENCE = 2000;

/** The longest pause between two attempts to connect, milliseconds. */
const LONGEST_PAUSE = 2000;

/**
 * A connection to Redis that comes back by itself. While there is none, nothing waits in a queue: a command that was
 * given up might be carried out later.
 */
export class RedisConnection {
  readonly prefix: string;
  readonly #client: Client;
  #isLost = false;
  #isClosed = false;
  #connecting: Promise<unknown> | null = null;

  /** @throws {RecordsError} `records-not-available` without the `ioredis` package */
  constructor({ address, report }: RedisConnectionOptions) {
    this.prefix = address.prefix;
    this.#client = connect(address);
    const lost = (cause?: unknown): void => {
      if (this.#isLost || this.#isClosed) return;
      this.#isLost = true;
      report(`Redis cannot be used${reasonOf(cause)}: until it can, nothing is decided or sent.`);
    };
    this.#client.on('error', lost).on('close', () => lost());
    this.#client.on('ready', () => {
      if (this.#isLost) report('Redis can be used again.');
      this.#isLost = false;
    });
  }

  /** Another one, for hearing what is published. */
  listener(): Client {
    const client = this.#client.duplicate();
    // The connection for commands reports the same.
    client.on('error', () => undefined);
    return client;
  }

  /**
   * Asks Redis.
   *
   * @throws {RecordsError} `records-unavailable`
   */
  async ask<T>(done: string, command: (client: Client) => Promise<T>): Promise<T> {
    try {
      await this.#ready();
      return await command(this.#client);
    } catch (cause) {
      const message = `The records could not be ${done} in Redis${reasonOf(cause)}`;
      throw new RecordsError('records-unavailable', message, { cause });
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#client.disconnect();
  }

  /** One that has never been connected is waited for; one that was lost is not. */
  async #ready(): Promise<void> {
    if (this.#client.status === 'ready' || this.#isLost) return;
    this.#connecting ??= once(this.#client, 'ready', { signal: AbortSignal.timeout(PATIENCE) });
    try {
      await this.#connecting;
    } finally {
      this.#connecting = null;
    }
  }
}

function connect(address: RedisAddress): Client {
  const { host, port, cluster, db, username, password, isEncrypted } = address;
  const { Redis: Single, Cluster: Several } = load();
  const pause = (attempt: number): number => Math.min(attempt * 100, LONGEST_PAUSE);
  const options: RedisOptions = {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(isEncrypted && { tls: {} }),
    commandTimeout: PATIENCE,
    connectTimeout: PATIENCE,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  };
  if (cluster === null) return new Single({ ...options, host, port, db, retryStrategy: pause });
  const nodes = [[host, port] as const, ...cluster].map(([name, at]) => ({ host: name, port: at }));
  return new Several(nodes, {
    redisOptions: options,
    enableOfflineQueue: false,
    clusterRetryStrategy: pause,
  });
}

function load(): typeof import('ioredis') {
  try {
    return require('ioredis') as typeof import('ioredis');
  } catch (cause) {
    throw new RecordsError(
      'records-not-available',
      'Records in Redis need the package ioredis, which is not installed: npm install ioredis',
      { cause },
    );
  }
}

/** The system's code, or the first word of Redis's own fault; what else it says may quote what is stored. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  if (cause.name === 'TimeoutError' || cause.name === 'AbortError') return ' (no answer)';
  const code = 'code' in cause ? String(cause.code) : /^[A-Z]{2,}\b/.exec(cause.message)?.[0];
  return code === undefined ? '' : ` (${code})`;
}
