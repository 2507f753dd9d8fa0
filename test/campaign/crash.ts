import type { KeyValueStore } from '../../src/records';
import type { Chance } from './chance';
import type { Machine, Moment } from './machine';

/** How often a machine is cut at each of its moments: before something is sent and after its answer most of all. */
const ODDS: Readonly<Record<Moment, number>> = {
  read: 0.001,
  write: 0.003,
  written: 0.003,
  send: 0.02,
  answered: 0.02,
};

/** Cuts machines at random moments. */
export class Crashes {
  readonly counts = new Map<Moment, number>();

  constructor(private readonly chance: Chance) {}

  readonly pass = (moment: Moment, machine: Machine): void => {
    if (!this.chance.isLucky(ODDS[moment])) return;
    this.counts.set(moment, (this.counts.get(moment) ?? 0) + 1);
    machine.cut();
  };
}

/** A store whose machine loses what was written since the last flush, as localfilesystem with its cache does. */
export class ForgetfulStore implements KeyValueStore {
  readonly #flushed = new Map<string, string>();
  readonly #written = new Map<string, string | undefined>();

  async get(keys: readonly string[]): Promise<unknown[]> {
    return keys.map((key) => {
      const text = this.#written.has(key) ? this.#written.get(key) : this.#flushed.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    });
  }

  async set(entries: ReadonlyMap<string, unknown>): Promise<void> {
    for (const [key, value] of entries) {
      this.#written.set(key, value === undefined ? undefined : JSON.stringify(value));
    }
  }

  /** When it was written for good for the last time. */
  private flushedAt = -Infinity;

  flush(now: number): void {
    this.flushedAt = now;
    for (const [key, text] of this.#written) {
      if (text === undefined) this.#flushed.delete(key);
      else this.#flushed.set(key, text);
    }
    this.#written.clear();
  }

  /** The crash: what was not flushed is gone. Returns since when. */
  loseTail(): number {
    this.#written.clear();
    return this.flushedAt;
  }
}
