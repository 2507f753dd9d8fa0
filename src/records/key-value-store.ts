/**
 * A place that keeps values under keys: all that a backend of the records has to offer. Both methods reject
 * with a `RecordsError`, code `records-unavailable`, where the place fails.
 *
 * An update `get`s everything that it depends on or replaces before it `set`s, and can be run again: a
 * backend shared by several processes can therefore refuse a `set` whose keys changed in between.
 */
export interface KeyValueStore {
  /** The values of the keys, in their order; undefined or null where there is none. The caller's to keep. */
  get(keys: readonly string[]): Promise<unknown[]>;

  /** Carries one whole change: plain JSON values, undefined removes. The first entry matters most. */
  set(entries: ReadonlyMap<string, unknown>): Promise<void>;
}
