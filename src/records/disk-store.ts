import { createHash } from 'node:crypto';
import {
  inodeIn,
  openFile,
  unavailable,
  type Database,
  type DiskFile,
  type DiskOptions,
} from './disk-file';
import { ChangedMeanwhile, type KeyValueStore, type Values } from './key-value-store';
import { fromText, toText } from './text';

/** A change that waits for being written. */
interface Waiting {
  /** What the change depends on, as it was read. */
  read: ReadonlyMap<string, string | undefined>;
  entries: readonly (readonly [string, string | undefined])[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Keeps the records in one LMDB file, which several processes of one machine may share. A change is acknowledged when
 * it is on the disk; changes that come together go there together.
 */
export class DiskStore implements KeyValueStore {
  #file: Promise<DiskFile> | null = null;
  #inode: number | null = null;
  #waiting: Waiting[] = [];

  constructor(private readonly options: DiskOptions) {}

  async get(keys: readonly string[]): Promise<unknown[]> {
    return (await this.#read(keys)).map(fromText);
  }

  async set(entries: ReadonlyMap<string, unknown>): Promise<void> {
    return this.#write(new Map(), entries);
  }

  begin(): Values {
    const read = new Map<string, string | undefined>();
    return {
      get: async (keys) => {
        const texts = await this.#read(keys);
        keys.forEach((key, i) => read.has(key) || read.set(key, texts[i]));
        return texts.map(fromText);
      },
      set: (entries) => this.#write(read, entries),
    };
  }

  /** All keys that begin with `prefix`. */
  async keys(prefix: string): Promise<string[]> {
    const database = await this.#open();
    return this.#use(() => {
      const range = database.getKeys({ start: prefix, end: `${prefix}\uffff`, snapshot: false });
      return [...range];
    });
  }

  /** Nothing may be asked of the store any more. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.then(
      ({ database }) => database.close(),
      () => undefined,
    );
  }

  async #read(keys: readonly string[]): Promise<(string | undefined)[]> {
    const database = await this.#open();
    return this.#use(() => {
      // What another process wrote since the last turn is to be seen.
      database.resetReadTxn();
      return keys.map((key) => database.get(nameOf(key)));
    });
  }

  #write(read: Waiting['read'], changed: ReadonlyMap<string, unknown>): Promise<void> {
    const entries = [...changed].map(([key, value]) => [nameOf(key), toText(value)] as const);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ read, entries, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => void this.#flush());
    });
  }

  /** Writes all changes that wait: they share one flush of the disk, which is what takes time. */
  async #flush(): Promise<void> {
    try {
      const database = await this.#open();
      const changes = this.#waiting;
      this.#waiting = [];
      this.#commit(database, changes);
    } catch (error) {
      this.#waiting.splice(0).forEach(({ reject }) => reject(error));
    }
  }

  #commit(database: Database, changes: readonly Waiting[]): void {
    try {
      const written = this.#use(() =>
        database.transactionSync(() => changes.map((change) => carryOut(database, change))),
      );
      changes.forEach(({ resolve, reject }, i) =>
        written[i] ? resolve() : reject(new ChangedMeanwhile()),
      );
    } catch (error) {
      changes.forEach(({ reject }) => reject(error));
    }
  }

  /** The file; opened anew where it failed before or another lies in its place. */
  async #open(): Promise<Database> {
    if (this.#file !== null && this.#inode !== null && inodeIn(this.options.folder) !== this.#inode)
      await this.close();
    if (this.#file === null) {
      this.#inode = null;
      const opening = openFile(this.options);
      this.#file = opening;
      opening.then(
        ({ inode }) => (this.#inode = inode),
        () => this.#file === opening && (this.#file = null),
      );
    }
    return (await this.#file).database;
  }

  #use<T>(task: () => T): T {
    try {
      return task();
    } catch (cause) {
      // It is looked through once more before it is used again.
      if (isDamage(cause)) void this.close();
      throw unavailable('could not be read or written on disk', cause);
    }
  }
}

/** Whether the change was written: nothing that it depends on has changed since it was read. */
function carryOut(database: Database, { read, entries }: Waiting): boolean {
  for (const [key, text] of read) if (database.get(nameOf(key)) !== text) return false;
  for (const [name, text] of entries) {
    if (text === undefined) database.removeSync(name);
    else database.putSync(name, text);
  }
  return true;
}

/** LMDB's codes for a file that is not as it should be (lmdb.h: page not found, corrupted, panic, version, invalid). */
const isDamage = (cause: unknown): boolean =>
  cause instanceof Error &&
  'code' in cause &&
  Number(cause.code) <= -30793 &&
  Number(cause.code) >= -30797;

/** The longest key, in characters; LMDB takes 1,978 bytes (mdb_env_get_maxkeysize). */
const LONGEST_KEY = 1024;

const nameOf = (key: string): string =>
  key.length <= LONGEST_KEY
    ? key
    : `${key.slice(0, LONGEST_KEY)}-${createHash('sha256').update(key).digest('hex')}`;
