import { pause, throwIfClosed, type Pausing } from './pause';

export interface LookUpQueueOptions extends Pausing {
  perSecond: number;
  /** Epoch milliseconds. */
  now: () => number;
}

/**
 * Spaces look-ups evenly. WhatsApp allows 5 a second by its calling reference and 100 by its permission guide (both
 * 2026-06-26); whoever waits here is never told "limited" for it.
 */
export class LookUpQueue {
  readonly #options: LookUpQueueOptions;
  /** Milliseconds between two turns. */
  readonly #interval: number;
  #lastTurn = Number.NEGATIVE_INFINITY;
  #line: Promise<void> = Promise.resolve();

  constructor(options: LookUpQueueOptions) {
    this.#options = options;
    this.#interval = 1000 / options.perSecond;
  }

  /**
   * Resolves when the caller may send, in the order of asking.
   * @throws {CloudApiError} `closed` where the client was closed while it waited.
   */
  turn(): Promise<void> {
    const turn = this.#line.then(() => this.#takeTurn());
    this.#line = turn.catch(() => {});
    return turn;
  }

  async #takeTurn(): Promise<void> {
    const { now, closed } = this.#options;
    throwIfClosed(closed);
    const wait = this.#lastTurn + this.#interval - now();
    // A clock that was set back must not hold the line up for longer than one interval.
    if (wait > 0) await pause(Math.min(wait, this.#interval), this.#options);
    this.#lastTurn = now();
  }
}
