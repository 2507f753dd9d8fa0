import { createHash } from 'node:crypto';
import {
  ChangedMeanwhile,
  type KeyValueStore,
  type Lifetimes,
  type Values,
} from './key-value-store';
import type { Client, RedisConnection } from './redis-connection';
import { fromText, toText } from './text';

/**
 * Writes all, or nothing where what was read has changed. It knows no rule: the keys that were read with a hash of each
 * value (empty: there was none), those to be written with the text (empty: removed), and those with the moment until
 * which they are kept (epoch milliseconds; empty: for ever).
 */
const COMPARE_AND_SET = `
local read, written = tonumber(ARGV[1]), tonumber(ARGV[2])
for i = 1, read do
  local there = redis.call('GET', KEYS[i])
  if (there and redis.sha1hex(there) or '') ~= ARGV[i + 2] then return 0 end
end
for i = read + 1, #KEYS do
  local key, given = KEYS[i], ARGV[i + 2]
  if i <= read + written then
    if given == '' then redis.call('DEL', key) else redis.call('SET', key, given) end
  elseif given == '' then redis.call('PERSIST', key)
  else redis.call('PEXPIREAT', key, given) end
end
return 1`;

/** Hashes of the texts that an update read, by key. */
type Read = Map<string, string>;

/** Keeps the records in a Redis, Valkey or Redis Cluster, which any number of processes may share. */
export class RedisStore implements KeyValueStore {
  constructor(private readonly connection: RedisConnection) {}

  async get(keys: readonly string[]): Promise<unknown[]> {
    return (await this.#read(keys)).map(fromText);
  }

  async set(entries: ReadonlyMap<string, unknown>, lifetimes?: Lifetimes): Promise<void> {
    return this.#write(new Map(), entries, lifetimes);
  }

  begin(): Values {
    const read: Read = new Map();
    return {
      get: async (keys) => {
        const texts = await this.#read(keys);
        keys.forEach((key, i) => read.has(key) || read.set(key, hashOf(texts[i] ?? null)));
        return texts.map(fromText);
      },
      set: (entries, lifetimes) => this.#write(read, entries, lifetimes),
    };
  }

  async #read(keys: readonly string[]): Promise<(string | null)[]> {
    const names = keys.map((key) => this.#nameOf(key));
    return this.connection.ask('read', (client) => client.mget(names));
  }

  async #write(
    read: Read,
    entries: ReadonlyMap<string, unknown>,
    lifetimes: Lifetimes = new Map(),
  ): Promise<void> {
    const keys = [...read.keys(), ...entries.keys(), ...lifetimes.keys()];
    const values = [
      ...read.values(),
      ...[...entries.values()].map((value) => toText(value) ?? ''),
      ...[...lifetimes.values()].map((until) => (until === null ? '' : String(until))),
    ];
    const names = keys.map((key) => this.#nameOf(key));
    const counts = [String(read.size), String(entries.size)];
    const written = await this.connection.ask('written', (client) =>
      compareAndSet(client)(names.length, ...names, ...counts, ...values),
    );
    if (written !== 1) throw new ChangedMeanwhile();
  }

  /** All keys of one number lie in one slot of a Cluster: only the part in braces decides (Redis Cluster, hash tags). */
  #nameOf(key: string): string {
    const tagged = key.replace(/^(whatsappCalling:(?:sim:)?)([^:]+):/, '$1{$2}:');
    return this.connection.prefix + tagged;
  }
}

type Command = (keys: number, ...rest: string[]) => Promise<number>;

/** By its hash (EVALSHA); the text is sent only where Redis does not know it. */
function compareAndSet(client: Client): Command {
  const scripted = client as Client & { compareAndSet?: Command };
  if (!scripted.compareAndSet) client.defineCommand('compareAndSet', { lua: COMPARE_AND_SET });
  return scripted.compareAndSet!.bind(client);
}

/** As Redis's scripts make it (SHA-1); empty for nothing. It only tells a changed value from the same. */
const hashOf = (text: string | null): string =>
  text === null ? '' : createHash('sha1').update(text).digest('hex');
