/**
 * When something happened, for limits over a running time window: "at most `max` in `span`".
 * Meta calls the cap of connected calls a running window; that requests roll too is our assumption.
 * All times epoch milliseconds, spans milliseconds. Times are added in order.
 */
export class RollingWindow {
  #times: number[] = [];

  /** @param longest the longest span that will ever be asked for, milliseconds */
  constructor(private readonly longest: number) {}

  add(time: number): void {
    const old = this.#times.length - this.count(time, this.longest);
    // Cleaned only now and then, so that adding stays cheap.
    if (old > 64 && old > this.#times.length / 2) this.#times = this.#times.slice(old);
    this.#times.push(time);
  }

  clear(): void {
    this.#times = [];
  }

  /** How many lie within the last `span`; one exactly `span` ago does not any more. */
  count(now: number, span: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#times[middle] ?? 0) <= now - span) low = middle + 1;
      else high = middle;
    }
    return this.#times.length - low;
  }

  /** When there is room for one more under `max`; null when there is now. */
  roomAt(now: number, span: number, max: number): number | null {
    if (this.count(now, span) < max) return null;
    const leaving = this.#times[this.#times.length - max];
    return leaving === undefined ? Infinity : leaving + span;
  }
}
