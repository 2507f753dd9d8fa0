import type { Context } from '../../../src/records/context-store';

/**
 * A context as third parties make them: it answers after a random number of turns of the event loop, so in
 * any order, keeps text, and knows the callback form only.
 */
export class WaywardContext implements Context {
  private readonly texts = new Map<string, string>();

  constructor(private readonly random: () => number) {}

  get(keys: string[], _: unknown, callback: (error?: unknown, ...values: unknown[]) => void): void {
    this.later(callback, () => {
      const texts = keys.map((key) => this.texts.get(key));
      callback(null, ...texts.map((text) => (text === undefined ? null : JSON.parse(text))));
    });
  }

  set(keys: string[], values: unknown[], _: unknown, callback: (error?: unknown) => void): void {
    const texts = values.map((value) => JSON.stringify(value) as string | undefined);
    this.later(callback, () => {
      keys.forEach((key, i) => {
        const text = texts[i];
        if (text === undefined) this.texts.delete(key);
        else this.texts.set(key, text);
      });
      callback(null);
    });
  }

  /** What is stored, as plain JSON. */
  get content(): Record<string, unknown> {
    return Object.fromEntries([...this.texts].map(([key, text]) => [key, JSON.parse(text)]));
  }

  private later(callback: unknown, task: () => void): void {
    if (typeof callback !== 'function') throw new Error('This store has no synchronous access');
    const hop = (left: number): void => void setImmediate(left === 0 ? task : () => hop(left - 1));
    hop(Math.floor(this.random() * 8));
  }
}

/** A small repeatable generator of numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
