import { HOUR, MINUTE, type Policy } from '../../src/rules';
import { endOf, isUnanswered, type KnownCall, type Sent } from './known-call';
import type { WordNews } from './wire';

const SECOND = 1000;
const DAY = 24 * HOUR;
const secondOf = (time: number): number => Math.floor(time / SECOND);

/** The longest that an action takes effect after it was sent: `slow-action` of the simulator. */
export const LATEST_EFFECT = MINUTE;

/** What was said of the permission at a time. */
interface Told {
  at: number;
  /** Up to when a permission holds: -Infinity where there is none, Infinity for good. */
  until: number;
}

/** What a look-up that reached us said. In some words it does not tell a permission for good from another. */
export interface LookedUp extends Told {
  /** Requests that count in the last seven days. */
  requests: number;
  /** It came as we crashed: it may or may not have been stored. */
  isUnsure: boolean;
}

/** Of one contact what was acknowledged, and what WhatsApp answered: what our records have to know. */
export class Knowledge {
  readonly words: (WordNews & { heardAt: number })[] = [];
  readonly lookUps: LookedUp[] = [];
  readonly requests: Sent[] = [];
  readonly calls: KnownCall[] = [];
  /** When WhatsApp said in a refusal that there is no permission, or one for good. */
  readonly refusals: Told[] = [];

  #trustedSince = -Infinity;

  constructor(private readonly policy: Policy) {}

  /** The store lost what it was given after `time`; WhatsApp has to be asked anew. */
  lose(time: number, now: number): void {
    this.#trustedSince = now;
    keepOnly(this.words, ({ heardAt }) => heardAt <= time);
    keepOnly(this.refusals, ({ at }) => at <= time);
    keepOnly(this.requests, ({ at }) => at <= time);
    keepOnly(this.calls, ({ begunAt, sent }) => Math.min(begunAt, sent?.at ?? Infinity) <= time);
    for (const lookUp of this.lookUps) lookUp.isUnsure ||= lookUp.at > time;
  }

  /** The newest look-up by `time`; null where there was none. */
  lastLookUp(time: number): LookedUp | null {
    return this.lookUps.findLast(({ at }) => at <= time) ?? null;
  }

  isFresh(time: number): boolean {
    const at = this.lastLookUp(time)?.at ?? -Infinity;
    return at >= this.#trustedSince && time - at <= this.policy.trustRecordsFor * HOUR;
  }

  /** What must be known of the permission: `open` where what was told leaves it open, or nothing was told. */
  permission(time: number): 'none' | 'held' | 'permanent' | 'open' {
    const sure = this.#permission(
      time,
      this.lookUps.filter(({ isUnsure }) => !isUnsure),
    );
    return sure === this.#permission(time, this.lookUps) ? sure : 'open';
  }

  #permission(time: number, lookUps: LookedUp[]): 'none' | 'held' | 'permanent' | 'open' {
    // What was refused in this millisecond was refused at once with what is being judged.
    const refusals = this.refusals.filter(({ at }) => at < time);
    const told = [...lookUps.map(orForGood), ...refusals, ...this.words.map(toTold)];
    const last = Math.max(-Infinity, ...told.map(({ at }) => secondOf(at)));
    const ends = told.filter(({ at }) => secondOf(at) === last).map(({ until }) => until);
    const kinds = new Set(ends.map((until) => kindAt(until, time)));
    if (kinds.size !== 1) return 'open';
    const [kind = 'open'] = kinds;
    return kind !== 'none' && this.#isRevokedBySilence(last * SECOND) ? 'none' : kind;
  }

  /** The call that must be known to be on; null where none is. */
  callOn(time: number): KnownCall | null {
    return this.calls.find((call) => endOf(call) > time + SECOND) ?? null;
  }

  /** Calls in a row that are known to have gone unanswered, and when the last of them ended. */
  streak(): { count: number; lastAt: number } {
    const reset = Math.max(
      -Infinity,
      ...this.calls.map(({ pickedUpAt }) => pickedUpAt ?? -Infinity),
      ...this.words.filter(({ isGrant }) => isGrant).map(({ at }) => at),
    );
    const ends = this.calls.filter(isUnanswered).map(({ overAt }) => overAt);
    const since = ends.filter((end) => secondOf(end) > secondOf(reset));
    return { count: since.length, lastAt: Math.max(-Infinity, ...since) };
  }

  /** Until when our guard pauses after unanswered calls, epoch milliseconds. */
  pausedUntil(): number {
    const { count, lastAt } = this.streak();
    const { reconsiderAfter, revokeAfter, pauseAfterReconsider, pauseBeforeRevocation } =
      this.policy;
    if (count >= revokeAfter - 1) return lastAt + pauseBeforeRevocation * HOUR;
    return count >= reconsiderAfter ? lastAt + pauseAfterReconsider * HOUR : -Infinity;
  }

  /** Requests of the last `length` milliseconds before `time` that must be counted. */
  requestsWithin(length: number, time: number): number {
    return this.requests.filter((request) => request.at > time - length && this.#counts(request))
      .length;
  }

  /** Calls of ours in the last 24 hours before `time` that are known to have been answered. */
  connectedWithinDay(time: number): number {
    const isWithin = (at: number | null): boolean => at !== null && at > time - DAY && at <= time;
    return this.calls.filter(({ isOurs, pickedUpAt }) => isOurs && isWithin(pickedUpAt)).length;
  }

  /** Forgets what lies before `time` and matters no more. */
  forgetBefore(time: number): void {
    keepLast(this.words, ({ at }) => at > time);
    keepLast(this.lookUps, ({ at }) => at > time);
    keepLast(this.refusals, ({ at }) => at > time);
    keepLast(this.requests, ({ at }) => at > time);
    keepLast(this.calls, (call) => !call.isEndTold || call.overAt > time);
  }

  /** A request counts unless it was refused, WhatsApp did not count it when it was asked, or a call took it away. */
  #counts({ at, isAccepted, isAnswered }: Sent): boolean {
    if (isAccepted === false && isAnswered) return false;
    const connected = this.calls.flatMap(({ pickedUpAt }) => pickedUpAt ?? []);
    if (connected.some((pickUp) => secondOf(pickUp) >= secondOf(at))) return false;
    const settledAt = isAnswered ? at : at + LATEST_EFFECT;
    const since = this.lookUps.filter((lookUp) => lookUp.at > settledAt);
    return isAccepted === true
      ? !since.some((lookUp) => this.#isWithout(lookUp, at))
      : since.length === 0;
  }

  /** Whether WhatsApp, when it was asked, did not count an accepted request any more. */
  #isWithout({ at, requests }: LookedUp, sentAt: number): boolean {
    const since = this.requests.filter(
      (request) => request.isAccepted === true && request.at >= sentAt && request.at <= at,
    );
    return since.length > requests;
  }

  /** Whether enough calls went unanswered for WhatsApp to revoke, and nothing was told since. */
  #isRevokedBySilence(lastTold: number): boolean {
    const { count, lastAt } = this.streak();
    return count >= this.policy.revokeAfter && lastAt >= lastTold + SECOND;
  }
}

const orForGood = ({ at, until }: LookedUp): Told => ({
  at,
  until: until === Infinity ? Number.MAX_VALUE : until,
});

const toTold = ({ at, isGrant, until }: WordNews): Told => ({
  at,
  until: isGrant ? until : -Infinity,
});

function kindAt(until: number, time: number): 'none' | 'held' | 'permanent' {
  if (until <= time) return 'none';
  return until === Infinity ? 'permanent' : 'held';
}

/** Keeps the newest in any case. */
function keepLast<T>(list: T[], isNeeded: (item: T) => boolean): void {
  const last = list.at(-1);
  keepOnly(list, (item) => isNeeded(item) || item === last);
}

function keepOnly<T>(list: T[], isKept: (item: T) => boolean): void {
  list.splice(0, list.length, ...list.filter(isKept));
}
