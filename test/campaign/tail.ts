/** Reads a list that grows at its end and loses its beginning, each entry once. */
export class Tail<T> {
  #newest: T | undefined;

  /** What was added since it was asked for the last time. */
  of(list: readonly T[]): readonly T[] {
    const seen = this.#newest === undefined ? -1 : list.lastIndexOf(this.#newest);
    this.#newest = list.at(-1) ?? this.#newest;
    return list.slice(seen + 1);
  }
}
