import type { Clock } from '../../clock';
import { DAY, MINUTE, SECOND } from '../times';
import { merged, type Body } from './webhook-batch';
import { companionOf } from './unknown-events';
import type { Faults } from './faults';
import { isConnect, isTerminate, callIdIn } from './webhook-parts';
import { reshaped } from './webhook-shapes';

/** Milliseconds by which later webhooks may overtake one, and for which one waits to be batched. */
const OVERTAKEN = [SECOND, 20 * SECOND] as const;
const BATCHED = [SECOND, 20 * SECOND] as const;
const LATE = [MINUTE, 3 * DAY] as const;
/** A second delivery comes within seconds, or after WhatsApp's own patience of 20 s (Meta, calling/faq). */
const AGAIN = [
  [SECOND / 10, 5 * SECOND],
  [20 * SECOND, 10 * MINUTE],
] as const;

/** Sends a body. `news`: what it tells, each as WhatsApp would have told it alone and without faults. */
export type Send = (body: object, news: readonly object[]) => Promise<void>;

/** A webhook that is on its way. */
interface Letter {
  body: Body;
  news: readonly object[];
}

/** The way of webhooks from WhatsApp to the business, and what happens to them on it. */
export class WebhookWays {
  /** What waits for the next webhook, to come in one body with it. */
  #batch: Letter[] = [];
  /** The connects that wait for the terminate of their call. */
  readonly #connects = new Map<string, Letter>();

  constructor(
    private readonly faults: Faults,
    private readonly clock: Clock,
    private readonly send: Send,
    private readonly lose: (body: object) => void,
  ) {}

  /** Resolves when the body was answered or laid aside, or is on a way that takes longer; never rejects. */
  async tell(news: object): Promise<void> {
    const letter = { body: reshaped(news, this.faults), news: [news] };
    const companion = companionOf(news, this.faults);
    if (companion !== null) this.#later(SECOND, { body: companion, news: [] });
    if (this.faults.strikes('webhook-dropped')) return this.lose(news);
    if (isConnect(news) && this.faults.strikes('connect-after-terminate')) {
      this.#connects.set(callIdIn(news), letter);
      return;
    }
    await this.#start(letter);
    if (isTerminate(news)) await this.#releaseConnect(callIdIn(news));
  }

  async #start(letter: Letter): Promise<void> {
    if (this.faults.strikes('webhook-twice')) {
      const again = this.faults.pick('webhook-twice', AGAIN);
      this.#later(this.faults.magnitude('webhook-twice', ...again), letter);
    }
    if (this.faults.strikes('webhook-late')) {
      return this.#later(this.faults.magnitude('webhook-late', ...LATE), letter);
    }
    if (this.faults.strikes('webhook-reordered')) {
      return this.#later(this.faults.magnitude('webhook-reordered', ...OVERTAKEN), letter);
    }
    if (this.faults.strikes('webhook-batched')) return this.#wait(letter);
    return this.#deliver(letter);
  }

  async #releaseConnect(callId: string): Promise<void> {
    const connect = this.#connects.get(callId);
    if (connect === undefined) return;
    this.#connects.delete(callId);
    await this.#start(connect);
  }

  #later(ms: number, letter: Letter): void {
    this.clock.schedule(this.clock.now() + Math.round(ms), () => this.#deliver(letter));
  }

  /** Until another webhook goes out, but not for long. */
  #wait(letter: Letter): void {
    this.#batch.push(letter);
    const ms = this.faults.magnitude('webhook-batched', ...BATCHED);
    this.clock.schedule(this.clock.now() + Math.round(ms), () => {
      if (!this.#batch.includes(letter)) return;
      this.#batch = this.#batch.filter((other) => other !== letter);
      return this.#deliver(letter);
    });
  }

  #deliver(letter: Letter): Promise<void> {
    const letters = [...this.#batch, letter];
    this.#batch = [];
    const body = letters
      .map((each) => each.body)
      .reduce((one, other) => merged(one, other, this.faults));
    return this.send(
      body,
      letters.flatMap(({ news }) => news),
    );
  }
}
