import type { KeyValueStore } from '../../src/records';

/** Several openings of one place, of which each update takes the next: as if each were at another process. */
export class Alternating implements KeyValueStore {
  #turn = 0;

  constructor(private readonly stores: readonly KeyValueStore[]) {}

  get: KeyValueStore['get'] = (keys) => this.#next.get(keys);
  set: KeyValueStore['set'] = (entries, lifetimes) => this.#next.set(entries, lifetimes);
  begin: NonNullable<KeyValueStore['begin']> = () => this.#next.begin!();

  get #next(): KeyValueStore {
    return this.stores[this.#turn++ % this.stores.length]!;
  }
}
