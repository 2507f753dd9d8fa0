/** Values under keys. Both methods reject with a `RecordsError`, code `records-unavailable`, where the place fails. */
export interface Values {
  /** The values of the keys, in their order; undefined or null where there is none. The caller's to keep. */
  get(keys: readonly string[]): Promise<unknown[]>;

  /**
   * Carries one whole change: plain JSON values, undefined removes. The first entry matters most. A place that can
   * let go of keys by itself does so by `lifetimes`.
   */
  set(entries: ReadonlyMap<string, unknown>, lifetimes?: Lifetimes): Promise<void>;
}

/** Until when keys matter, epoch milliseconds; null: for ever. Keys that are not named stay as they were. */
export type Lifetimes = ReadonlyMap<string, number | null>;

/**
 * A place that keeps values under keys: all that a backend of the records has to offer.
 *
 * An update `get`s everything that it depends on or replaces before it `set`s, and can be run again.
 */
export interface KeyValueStore extends Values {
  /**
   * The values as one update sees them: its `set` rejects with {@link ChangedMeanwhile}, and writes nothing, where
   * anything that it had read has changed since. Only a place that several processes write has to offer it.
   */
  begin?(): Values;
}

/** Another process changed what an update had read. Nothing was written: the update has to be run again. */
export class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';
}
