/** What a campaign counted. */
export class Figures {
  readonly #counts = new Map<string, number>();

  count(name: string, by = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  add(other: Figures): void {
    for (const [name, count] of other.#counts) this.count(name, count);
  }

  /** One line a figure, in alphabetical order. */
  report(): string {
    return [...this.#counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => `${String(Math.round(count)).padStart(9)}  ${name}`)
      .join('\n');
  }
}
