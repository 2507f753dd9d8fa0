import { setTimeout } from 'node:timers/promises';
import { ChangedMeanwhile, type KeyValueStore, type Values } from './key-value-store';
import type { Locks, NeedsKeys } from './lock';
import { RecordsError } from './records-error';

/** Works while it holds its keys, on the values as they are then. It may be run again at any time. */
export type Update<T> = (held: ReadonlySet<string>, values: Values) => Promise<T | NeedsKeys>;

/** How often an update gives way to other processes before it gives up. */
const MOST_ATTEMPTS = 200;

/** The longest pause before an update is run again, milliseconds. */
const LONGEST_PAUSE = 25;

/**
 * Keeps updates apart: within this process by locks, in their order; from those of other processes by running an
 * update again when they were faster. While it is run again it keeps its place in this process.
 */
export class Updates {
  constructor(
    private readonly store: KeyValueStore,
    private readonly locks: Locks,
    private readonly pause: (attempt: number) => Promise<void> = pauseAtRandom,
  ) {}

  /** Rejects with what the update throws; `records-unavailable` where other processes were always faster. */
  run<T>(keys: Iterable<string>, update: Update<T>): Promise<T> {
    return this.locks.exclusive<T>(keys, (held) => this.attempt(held, update));
  }

  private async attempt<T>(held: ReadonlySet<string>, update: Update<T>): Promise<T | NeedsKeys> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      try {
        return await update(held, this.store.begin?.() ?? this.store);
      } catch (error) {
        if (!(error instanceof ChangedMeanwhile)) throw error;
      }
      await this.pause(attempt);
    }
    throw new RecordsError(
      'records-unavailable',
      'The records could not be written: other processes kept changing the same ones',
    );
  }
}

/** Whoever has waited for long comes again sooner than who has just begun, so that everybody gets its turn. */
const pauseAtRandom = (attempt: number): Promise<void> =>
  setTimeout((Math.random() * LONGEST_PAUSE) / attempt);
