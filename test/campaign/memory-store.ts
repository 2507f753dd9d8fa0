import type { KeyValueStore } from '../../src/records';

/** A backend in memory that keeps nothing but the values, as JSON. */
export class MemoryStore implements KeyValueStore {
  readonly #values = new Map<string, string>();

  async get(keys: readonly string[]): Promise<unknown[]> {
    return keys.map((key) => {
      const text = this.#values.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    });
  }

  async set(entries: ReadonlyMap<string, unknown>): Promise<void> {
    for (const [key, value] of entries) {
      if (value === undefined) this.#values.delete(key);
      else this.#values.set(key, JSON.stringify(value));
    }
  }
}
