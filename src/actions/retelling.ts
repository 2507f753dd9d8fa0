import type { Cancel } from '../clock';
import type { Letter } from '../records';
import { MINUTE, decide } from '../rules';
import type { Account } from './account';
import type { CallingEvent } from './events';

export interface RetellingOptions {
  account: Account;
  /** Hears what may not have been told. */
  tell: (events: CallingEvent[]) => void;
  /** Hears why it cannot be found out; it is tried again. */
  report: (problem: string) => void;
}

/**
 * What is stored is told within a moment; what still waits after so long was left behind by a process that ended in
 * between.
 */
const LEFT_BEHIND = MINUTE;

/**
 * Tells what was stored and perhaps not told, with `again`. It looks when it is asked to, and once more where something
 * was too young then, or may be.
 */
export class Retelling {
  readonly #options: RetellingOptions;
  #armed: { at: number; cancel: Cancel } | null = null;
  #work: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: RetellingOptions) {
    this.#options = options;
  }

  /** Resolves when it has looked, or has reported why it cannot. */
  look(): Promise<void> {
    this.#disarm();
    this.#work = this.#work.then(() => this.#retell());
    return this.#work;
  }

  /** Something could not be stored, or was and nobody learnt of it: then it is known when it comes again, and not told. */
  lookLater(): void {
    this.#lookAt(this.#options.account.clock.now() + LEFT_BEHIND);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#disarm();
    await this.#work;
  }

  async #retell(): Promise<void> {
    if (this.#isClosed) return;
    const { account, tell, report } = this.#options;
    const now = account.clock.now();
    try {
      const { letters, next } = await account.records.claim(now - LEFT_BEHIND, now);
      if (letters.length > 0) tell(await eventsIn(account, letters.toSorted(inOrder)));
      if (next !== null) this.#lookAt(next + LEFT_BEHIND);
    } catch (error) {
      report(error instanceof Error ? error.message : String(error));
      this.#lookAt(now + LEFT_BEHIND);
    }
  }

  #lookAt(time: number): void {
    if (this.#isClosed || (this.#armed && this.#armed.at <= time)) return;
    this.#disarm();
    const cancel = this.#options.account.clock.schedule(time, () => this.look());
    this.#armed = { at: time, cancel };
  }

  #disarm(): void {
    this.#armed?.cancel();
    this.#armed = null;
  }
}

/** As they were stored; what was stored, or claimed, at once goes by when it happened. */
const inOrder = (a: Letter, b: Letter): number =>
  a.at - b.at || (a.event as CallingEvent).at - (b.event as CallingEvent).at;

/** How each contact stands is told as it is now. */
async function eventsIn(account: Account, letters: Letter[]): Promise<CallingEvent[]> {
  const { records, policy, clock } = account;
  const state = await records.readAccount();
  return Promise.all(
    letters.map(async ({ id, event }) => {
      const told: CallingEvent = { ...(event as CallingEvent), letter: id, again: true };
      if (told.contact === null) return told;
      const { record } = await records.read(told.contact);
      return { ...told, verdict: decide(record, state, policy, clock.now()) };
    }),
  );
}
