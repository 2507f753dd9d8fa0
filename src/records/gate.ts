import type { KeyValueStore, Lifetimes, Values } from './key-value-store';

/** Lets nobody at a place before it is ready. Where it cannot be made ready that is tried again with the next who comes. */
export class Gate implements KeyValueStore {
  #opening: Promise<void> | null = null;

  constructor(
    private readonly store: KeyValueStore,
    private readonly makeReady: () => Promise<void>,
  ) {}

  async get(keys: readonly string[]): Promise<unknown[]> {
    await this.#opened();
    return this.store.get(keys);
  }

  async set(entries: ReadonlyMap<string, unknown>, lifetimes?: Lifetimes): Promise<void> {
    await this.#opened();
    return this.store.set(entries, lifetimes);
  }

  begin(): Values {
    const values = this.store.begin?.() ?? this.store;
    return {
      get: async (keys) => {
        await this.#opened();
        return values.get(keys);
      },
      set: (entries, lifetimes) => values.set(entries, lifetimes),
    };
  }

  #opened(): Promise<void> {
    this.#opening ??= this.makeReady().catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }
}
