import type { Figures } from './figures';

/** Who has opted out, and of whom that cannot be said since a crash came in between. */
export class OptOuts {
  readonly now = new Set<string>();
  #before: ReadonlySet<string> = new Set();
  /** When somebody opted out, or was restored, for the last time. */
  readonly #changedAt = new Map<string, number>();
  readonly #unsure = new Set<string>();
  #choosing: string | null = null;

  constructor(private readonly figures: Figures) {}

  /** Somebody's choice is about to be stored. */
  choosing(waId: string): void {
    this.#choosing = waId;
  }

  /** Null where a crash came in between. */
  has(waId: string): boolean | null {
    if (this.now.has(waId)) this.#unsure.delete(waId);
    return this.#unsure.has(waId) ? null : this.now.has(waId);
  }

  crashed(): void {
    if (this.#choosing === null) return;
    this.#unsure.add(this.#choosing);
    this.now.delete(this.#choosing);
  }

  /** The store lost what it was given after `time`. */
  lose(time: number): void {
    for (const [waId, at] of this.#changedAt) {
      if (at <= time) continue;
      if (this.now.delete(waId)) this.figures.count('opt-outs that the store may have lost');
      this.#unsure.add(waId);
    }
  }

  audit(now: number): void {
    this.#choosing = null;
    for (const waId of new Set([...this.now, ...this.#before])) {
      if (this.now.has(waId) !== this.#before.has(waId)) this.#changedAt.set(waId, now);
    }
    this.#before = new Set(this.now);
  }
}
