import type { Cancel } from '../clock';
import type { Slot } from '../records';
import { maskNumbers } from '../mask';
import { HOUR, MINUTE, SECOND } from '../rules';
import type { Account } from './account';
import type { CallingEvent } from './events';
import { postpone, wake } from './wake';

export interface TimersOptions {
  account: Account;
  /** Hears what has become due, once it is stored as told. */
  tell: (events: CallingEvent[]) => void;
  /** Hears what went wrong, at most once a minute and of the same once an hour. It is tried again. */
  report: (problem: string) => void;
}

/** The most contacts that are woken in a second: after a long downtime many are due at once. */
const PACE = 20;

/** How long somebody waits to be woken again, and when that was decided (milliseconds). */
interface Patience {
  wait: number;
  since: number;
}

/**
 * Wakes contacts when something becomes due for them, by the account's clock. One timer is armed, for the next
 * moment in the agenda; none where nothing will be due.
 */
export class Timers {
  readonly #options: TimersOptions;
  #armed: { at: number; cancel: Cancel } | null = null;
  /** The next that is known of while the timer is armed for something earlier. */
  #next = Infinity;
  #work: Promise<void> = Promise.resolve();
  #isStarted = false;
  #isClosed = false;
  #reported = { problem: '', at: -Infinity };
  /** How long those wait of whom WhatsApp could not be asked, by contact key. */
  readonly #patience = new Map<string, Patience>();

  constructor(options: TimersOptions) {
    this.#options = options;
  }

  /** Reads the agenda. Until it is called for the first time nothing happens. */
  look(): void {
    this.#isStarted = true;
    this.#arm(this.#now);
  }

  /** Reads the agenda again where it has been read before: another process may have written it. */
  lookAgain(): void {
    if (this.#isStarted) this.#arm(this.#now);
  }

  /** Somebody will be due at `at` (epoch milliseconds). */
  scheduled(at: number): void {
    if (this.#isStarted) this.#arm(at);
  }

  /** Stops. Whoever is being woken is finished with, and told. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#armed?.cancel();
    this.#armed = null;
    await this.#work;
  }

  get #now(): number {
    return this.#options.account.clock.now();
  }

  #arm(at: number): void {
    if (this.#isClosed) return;
    if (this.#armed) {
      this.#next = Math.min(this.#next, Math.max(at, this.#armed.at));
      if (this.#armed.at <= at) return;
      this.#armed.cancel();
    }
    const cancel = this.#options.account.clock.schedule(at, () => {
      this.#armed = null;
      this.#armForNext();
      this.#work = this.#work.then(() => this.#ring());
      return this.#work;
    });
    this.#armed = { at, cancel };
  }

  /** At once and not only when the agenda has been read: a clock that is moved does not wait for that. */
  #armForNext(): void {
    const next = this.#next;
    this.#next = Infinity;
    if (next !== Infinity) this.#arm(next);
  }

  /** Wakes those that are due, and arms for the next. */
  async #ring(): Promise<void> {
    if (this.#isClosed) return;
    const { records } = this.#options.account;
    const begun = this.#now;
    this.#forgetTheGone(begun);
    try {
      const due = await records.due(begun, PACE);
      const woken = await Promise.allSettled(due.map((slot) => this.#wake(slot)));
      const failed = woken.find((each) => each.status === 'rejected');
      if (failed) throw failed.reason;
      if (due.length === PACE) return this.#arm(begun + SECOND);
      const [next] = await records.due(Infinity, 1);
      // Whoever is still due was not to be woken: it must not keep us busy.
      if (next) this.#arm(next.at > begun ? next.at : begun + SECOND);
    } catch (error) {
      this.#report(error);
      this.#arm(this.#now + MINUTE);
    }
  }

  /** Whoever waits is woken within the hour. Who was not is due no longer, or erased: nothing of it stays in memory. */
  #forgetTheGone(now: number): void {
    for (const [key, { since }] of this.#patience) {
      if (since < now - 2 * HOUR) this.#patience.delete(key);
    }
  }

  /** Rejects where the contact can neither be woken nor put off. */
  async #wake(slot: Slot): Promise<void> {
    const { account, tell } = this.#options;
    const patience = this.#patience.get(slot.key)?.wait ?? MINUTE;
    try {
      const { events, failure } = await wake(account, slot, patience);
      this.#learn(slot, patience, failure);
      if (events.length > 0) tell(events);
    } catch (error) {
      this.#learn(slot, patience, error);
      await postpone(account, slot, this.#now + patience);
    }
  }

  #learn({ key }: Slot, patience: number, failure: unknown): void {
    if (failure === null) return void this.#patience.delete(key);
    this.#patience.set(key, { wait: Math.min(2 * patience, HOUR), since: this.#now });
    this.#report(failure);
  }

  #report(error: unknown): void {
    const problem = maskNumbers(error instanceof Error ? error.message : String(error));
    const { problem: last, at } = this.#reported;
    if (this.#now < at + (problem === last ? HOUR : MINUTE)) return;
    this.#reported = { problem, at: this.#now };
    this.#options.report(problem);
  }
}
