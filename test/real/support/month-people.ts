import { SimulatorError, type Simulator, type VirtualUser } from '../../../src/simulator';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/rules';
import type { Outcome } from './month-flow';

/** A Node-RED that was stopped, and when it runs again. Epoch milliseconds. */
export interface Downtime {
  from: number;
  until: number;
}

/** Somebody whom the flow was to call, and what became of it. */
export interface Visit extends Outcome {
  phone: string;
  at: number;
  memo: string;
}

interface Options {
  simulator: Simulator;
  random: () => number;
  downtimes: Downtime[];
  count: number;
  end: number;
  /** Has the flow call somebody. */
  call: (phone: string, memo: string) => Promise<Outcome>;
}

/** As long after a downtime as webhooks of it may still be on their way: they are repeated hourly. */
const AFTERMATH = 2 * HOUR;

/** Many people, whom the flow is to call now and then, and what they do of their own for a month. */
export class People {
  readonly visits: Visit[] = [];
  readonly #options: Options;
  /** Who has acted in the downtime that is on, by its beginning. */
  readonly #acted = new Set<string>();
  /** What time will bring about for somebody. */
  readonly #dueAt = new Map<string, Set<number>>();

  constructor(options: Options) {
    this.#options = options;
    const { simulator, count } = options;
    const begin = this.#now;
    for (let index = 0; index < count; index += 1) {
      const phone = phoneOf(index);
      simulator.addUser({ waId: phone });
      this.#at(begin + this.#between(MINUTE, 22 * DAY), () => this.#visit(phone));
      this.#at(begin + this.#between(MINUTE, 22 * DAY), () => this.#act(phone));
    }
    for (const { from } of options.downtimes) this.#crowdBefore(from);
  }

  /** Just before a stop some calls ring and some requests are on their way. */
  #crowdBefore(stop: number): void {
    for (let index = 0; index < 8; index += 1) {
      const phone = phoneOf(Math.floor(this.#between(0, this.#options.count)));
      this.#at(stop - Math.floor(this.#between(0, 40 * SECOND)), () => this.#call(phone));
    }
  }

  async #visit(phone: string): Promise<void> {
    await this.#call(phone);
    this.#at(this.#now + this.#between(3 * HOUR, 20 * DAY), () => this.#visit(phone));
  }

  async #call(phone: string): Promise<void> {
    const at = this.#now;
    const down = this.#downtime(0);
    if (down) return this.#at(down.until + this.#between(0, HOUR), () => this.#call(phone));
    const memo = `memo ${this.visits.length}`;
    this.#user(phone).setScript({
      onCall: this.#one(['answer', 'answer', 'reject', 'ignore', 'unreachable']),
      answerAfter: Math.floor(this.#between(1, 20)),
      talkFor: Math.floor(this.#between(3, 300)),
    });
    const outcome = await this.#options.call(phone, memo);
    this.visits.push({ phone, at, memo, ...outcome });
    if (outcome.isLimited) {
      this.#noteDue(phone, outcome.retryAt === null ? at + HOUR : Date.parse(outcome.retryAt));
    }
    if (outcome.request === undefined) return;
    this.#noteDue(phone, at + 7 * DAY);
    if (this.#options.random() < 0.7) this.#answerLater(phone);
  }

  #answerLater(phone: string): void {
    const wait = this.#one([this.#between(5 * SECOND, HOUR), this.#between(HOUR, 6.9 * DAY)]);
    const answers = [
      (user: VirtualUser) => user.accept(),
      (user: VirtualUser) => user.accept(),
      (user: VirtualUser) => user.accept(undefined, 'permanent'),
      (user: VirtualUser) => user.decline(),
    ];
    const time = this.#now + wait;
    this.#at(time, () => this.#does(phone, this.#one(answers)));
    if (this.#options.random() < 0.15) {
      this.#at(time + this.#between(MINUTE, 3 * DAY), () => this.#does(phone, this.#one(answers)));
    }
  }

  /** Something that somebody does unasked. */
  async #act(phone: string): Promise<void> {
    const isHeld = this.#state(phone).permission !== 'none';
    const deeds = [
      (user: VirtualUser) => user.write('Hello'),
      (user: VirtualUser) => user.write('Hello again'),
      (user: VirtualUser) => user.write(this.#options.random() < 0.3 ? 'STOP' : 'Please go on'),
      (user: VirtualUser) => void user.ring(),
      (user: VirtualUser) => (isHeld ? user.revoke() : user.grant()),
      (user: VirtualUser) => (isHeld ? user.revoke() : undefined),
    ];
    this.#does(phone, this.#one(deeds));
    this.#at(this.#now + this.#between(6 * HOUR, 40 * DAY), () => this.#act(phone));
  }

  /** Not where the world itself cannot tell yet what is the case: see {@link #isUnclear}. */
  #does(phone: string, deed: (user: VirtualUser) => void): void {
    if (this.#isUnclear(phone)) return;
    try {
      deed(this.#user(phone));
    } catch (error) {
      if (!(error instanceof SimulatorError)) throw error;
    }
    const { expiresAt } = this.#state(phone);
    if (expiresAt !== null) this.#noteDue(phone, expiresAt);
  }

  /**
   * Node-RED cannot know of what somebody did in a downtime until it is told so, up to an hour later. Where time
   * brings something meanwhile that the deed was to prevent, both are right; so that does not happen here. Nor does
   * anybody act twice in a downtime, since which is told first is chance.
   */
  #isUnclear(phone: string): boolean {
    const down = this.#downtime(AFTERMATH);
    if (!down) return false;
    const dues = [...(this.#dueAt.get(phone) ?? []), this.#state(phone).expiresAt ?? 0];
    if (dues.some((at) => at >= down.from - MINUTE && at <= down.until + AFTERMATH)) return true;
    const act = `${phone} ${down.from}`;
    if (this.#acted.has(act)) return true;
    this.#acted.add(act);
    return false;
  }

  #noteDue(phone: string, at: number): void {
    this.#dueAt.set(phone, (this.#dueAt.get(phone) ?? new Set()).add(at));
  }

  /** The downtime that is on, or was until `after` milliseconds ago; a minute before it counts as well then. */
  #downtime(after: number): Downtime | undefined {
    const before = after > 0 ? MINUTE : 0;
    const now = this.#now;
    return this.#options.downtimes.find(
      ({ from, until }) => now >= from - before && now < until + after,
    );
  }

  get #now(): number {
    return this.#options.simulator.clock.now();
  }

  #at(time: number, task: () => void | Promise<void>): void {
    const { simulator, end } = this.#options;
    if (time < end - HOUR) simulator.clock.schedule(Math.floor(time), task);
  }

  #between(from: number, to: number): number {
    return from + this.#options.random() * (to - from);
  }

  #one<T>(all: readonly T[]): T {
    return all[Math.floor(this.#options.random() * all.length)]!;
  }

  #user(phone: string): VirtualUser {
    return this.#options.simulator.user(phone);
  }

  #state(phone: string) {
    return this.#options.simulator.numbers[0]!.state(phone);
  }
}

/** Invented numbers of a country without spellings of its own. */
const phoneOf = (index: number): string => String(573100000000 + index * 37);
