import type { KeyValueStore } from '../../src/records';

/** A backend in memory that keeps nothing but the values. */
export class MemoryStore implements KeyValueStore {
  readonly #values = new Map<string, unknown>();

  async get(keys: readonly string[]): Promise<unknown[]> {
    return keys.map((key) => structuredClone(this.#values.get(key)));
  }

  async set(entries: ReadonlyMap<string, unknown>): Promise<void> {
    for (const [key, value] of entries) {
      if (value === undefined) this.#values.delete(key);
      else this.#values.set(key, structuredClone(value));
    }
  }
}
