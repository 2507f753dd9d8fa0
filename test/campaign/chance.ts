import { Random } from '../../src/simulator/random';

/** Something that may be chosen, and how often compared with the others. */
export type Weighted<T> = readonly [weight: number, value: T];

/** Seeded choices: the same seed takes the same way through a campaign. */
export class Chance {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  isLucky(probability: number): boolean {
    return this.#random.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random.next() * list.length)]!;
  }

  /** A whole number whose order of magnitude is random: as often 1 to 10 as 100 to 1000. */
  magnitude(lowest: number, highest: number): number {
    return Math.round(Math.exp(this.#random.between(Math.log(lowest), Math.log(highest))));
  }

  weighted<T>(options: readonly Weighted<T>[]): T {
    let left = this.#random.next() * options.reduce((sum, [weight]) => sum + weight, 0);
    const found = options.find(([weight]) => (left -= weight) < 0);
    return (found ?? options[options.length - 1]!)[1];
  }
}
