import { isSafeKey } from './keys';
import type { KeyValueStore } from './key-value-store';
import { RecordsError } from './records-error';

/** A flow or global context of Node-RED, in the callback form, which is the only one that every store has. */
export interface Context {
  get(
    keys: string[],
    storeName: string | undefined,
    callback: (error?: unknown, ...values: unknown[]) => void,
  ): void;
  set(
    keys: string[],
    values: unknown[],
    storeName: string | undefined,
    callback: (error?: unknown) => void,
  ): void;
  keys?(storeName: string | undefined, callback: (error?: unknown, keys?: string[]) => void): void;
}

/** No value of ours is a text, so this one is reported as one that cannot be read. */
const NOT_JSON = 'not JSON';

/**
 * Keeps the records in a context store. `storeName` is a store that Node-RED's settings configure, undefined
 * for the default one: Node-RED quietly takes the default for a name it does not know, so check it before.
 *
 * A store is as durable as its kind: `memory` forgets at exit, `localfilesystem` acknowledges before it writes
 * unless its cache is off.
 */
export class ContextStore implements KeyValueStore {
  constructor(
    private readonly context: Context,
    private readonly storeName?: string,
  ) {}

  async get(keys: readonly string[]): Promise<unknown[]> {
    const values = await this.ask<unknown[]>('read', keys, (answer) =>
      this.context.get([...keys], this.storeName, (error, ...found) => answer(error, found)),
    );
    return keys.map((_, i) => readableCopy(values[i]));
  }

  async set(entries: ReadonlyMap<string, unknown>): Promise<void> {
    const keys = [...entries.keys()];
    const values = [...entries.values()].map(copy);
    await this.ask<void>('written', keys, (answer) =>
      this.context.set(keys, values, this.storeName, (error) => answer(error)),
    );
  }

  /** All keys that begin with `prefix`; none where the store cannot list them. */
  async keys(prefix: string): Promise<string[]> {
    const { context } = this;
    if (!context.keys) return [];
    const all = await this.ask<string[] | undefined>('listed', [], (answer) =>
      context.keys!(this.storeName, (error, found) => answer(error, found)),
    );
    return (all ?? []).filter((key) => key.startsWith(prefix));
  }

  /** The first answer counts: stores have been seen that call back twice, or throw instead. */
  private async ask<T>(
    done: 'read' | 'written' | 'listed',
    keys: readonly string[],
    call: (answer: (error: unknown, value: T) => void) => void,
  ): Promise<T> {
    const unsafe = keys.find((key) => !isSafeKey(key));
    if (unsafe !== undefined) throw new TypeError('Node-RED would take a key of the records apart');
    try {
      return await new Promise<T>((resolve, reject) => {
        call((error, value) => (error ? reject(error) : resolve(value)));
      });
    } catch (cause) {
      const store =
        this.storeName === undefined
          ? 'the default context store'
          : `context store "${this.storeName}"`;
      throw new RecordsError(
        'records-unavailable',
        `The records could not be ${done} in ${store}${codeOf(cause)}`,
        { cause },
      );
    }
  }
}

/** Stores hand out, and keep, the very object: neither may ever be changed by the other side. */
const copy = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));

function readableCopy(value: unknown): unknown {
  try {
    return copy(value);
  } catch {
    return NOT_JSON;
  }
}

/** The system's error code, such as ENOSPC. The message itself may quote what is stored. */
function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
}
