import type { CallEntry, ContactRecord } from './record';
import { HOUR, MINUTE, SECOND, secondOf } from './time';

/** A placed call of which nothing was heard for so long counts as unanswered. */
export const SILENT_CALL_ENDS = 5 * MINUTE;

/**
 * An answered call whose end was not told counts as ended after so long. So does a call of the user: whether somebody
 * took it, with whatever system, is told at its end only (Meta, user-initiated-calls, 2026-06-24).
 */
export const ANSWERED_CALL_ENDS = 4 * HOUR;

export type CallState = 'placed' | 'connecting' | 'ringing' | 'answered' | 'ended';
export type CallOutcome = 'answered' | 'no-answer' | 'rejected' | 'failed' | 'cancelled';

/** When a call is over, or will be if nothing more is heard of it; epoch milliseconds. */
export function endOf(call: CallEntry): number {
  const told = call.endedAt ?? call.rejectedAt ?? call.hungUpAt ?? call.foundOverAt;
  if (told !== undefined) return told;
  if (call.answeredAt !== undefined) return call.answeredAt + ANSWERED_CALL_ENDS;
  if (call.direction === 'user') return lastHeardOf(call) + ANSWERED_CALL_ENDS;
  return lastHeardOf(call) + SILENT_CALL_ENDS;
}

/**
 * When a call whose end WhatsApp does not tell is to be told as over, epoch milliseconds; null where it was told.
 * After we hung up, or found it over, WhatsApp's own word is waited for a little.
 */
export function silentEndOf(call: CallEntry): number | null {
  const { released, endTold, endedAt, rejectedAt, hungUpAt, foundOverAt } = call;
  if (released || endTold || endedAt !== undefined || rejectedAt !== undefined) return null;
  const ourWord = hungUpAt ?? foundOverAt;
  return ourWord === undefined ? endOf(call) : ourWord + SILENT_CALL_ENDS;
}

const lastHeardOf = (call: CallEntry): number =>
  Math.max(call.placedAt ?? 0, call.acceptedAt ?? 0, call.connectingAt ?? 0, call.ringingAt ?? 0);

/** How far a call has come at the moment `time`. */
export function callState(call: CallEntry, time: number): CallState {
  if (time >= endOf(call)) return 'ended';
  if (call.answeredAt !== undefined) return 'answered';
  if (call.ringingAt !== undefined) return 'ringing';
  return call.connectingAt === undefined ? 'placed' : 'connecting';
}

/**
 * How a call ended. "COMPLETED" says nothing: a call was answered where WhatsApp said ACCEPTED or gave times
 * (Meta, business-initiated calls, 2026-06-26).
 */
export function outcomeOf(call: CallEntry): CallOutcome {
  if (call.answeredAt !== undefined) return 'answered';
  if (call.rejectedAt !== undefined) return 'rejected';
  if (call.failed) return 'failed';
  return call.hungUpAt === undefined ? 'no-answer' : 'cancelled';
}

/** Whether a call, once it is over, counts towards the streak: failed or cancelled before it rang, it does not. */
export function isUnanswered(call: CallEntry): boolean {
  if (!isOurs(call)) return false;
  const outcome = outcomeOf(call);
  if (outcome === 'failed' || outcome === 'cancelled') return call.ringingAt !== undefined;
  return outcome !== 'answered';
}

const exists = (call: CallEntry): boolean => !call.released;
const isOurs = (call: CallEntry): boolean => exists(call) && call.direction !== 'user';

/** When the calls that go on at `time` end, if nothing more is heard of them. */
export const endsAfter = (record: ContactRecord, time: number): number[] =>
  (record.calls ?? [])
    .filter(exists)
    .map(endOf)
    .filter((end) => end > time);

/** Until when a call with this contact goes on, seen from `time`; null where none does. */
export function inProgressUntil(record: ContactRecord, time: number): number | null {
  const ends = endsAfter(record, time);
  return ends.length === 0 ? null : Math.max(...ends);
}

/** Whether the end of a call was told that lies at `time` or later. */
export const hasEndedSince = (record: ContactRecord, time: number): boolean =>
  (record.calls ?? []).some(({ endedAt }) => endedAt !== undefined && endedAt >= time);

/** The newest connected call in either direction; -Infinity where there was none. */
export function lastConnected(record: ContactRecord, time = Infinity): number {
  const { connectedAt, calls = [] } = record;
  return [connectedAt, ...calls.map(({ answeredAt }) => answeredAt)].reduce<number>(
    (last, at) => (at !== undefined && at <= time ? Math.max(last, at) : last),
    -Infinity,
  );
}

/** When the calls that we placed were answered. */
export const connectedTimes = (record: ContactRecord): number[] =>
  (record.calls ?? []).filter(isOurs).flatMap(({ answeredAt }) => answeredAt ?? []);

/** Consecutive unanswered calls and when the last of them ended (-Infinity where there is none). */
export interface Streak {
  count: number;
  lastAt: number;
}

/** The streak at the moment `time`: what went unanswered since the last connected call or new grant. */
export function streakAt(record: ContactRecord, time: number): Streak {
  const ends = unansweredEnds(record, streakClearedAt(record, time), time);
  return { count: ends.length, lastAt: Math.max(-Infinity, ...ends) };
}

/** The first moment in `from` to `to` at which the streak stood at `count` or more; null where it never did. */
export function streakReached(
  record: ContactRecord,
  count: number,
  from: number,
  to: number,
): number | null {
  const ends = unansweredEnds(record, from, to).toSorted((a, b) => a - b);
  return ends.find((end) => streakAt(record, end).count >= count) ?? null;
}

/**
 * When the streak was last set back, seen from `time`: by a connected call or a new grant; -Infinity if never. A call
 * that went unanswered in the second of a grant counts: WhatsApp tells no finer which of the two came last.
 */
export function streakClearedAt(record: ContactRecord, time: number): number {
  const grant = record.permission?.findLast((event) => event.is === 'granted' && event.at <= time);
  return Math.max(lastConnected(record, time), grant ? secondOf(grant.at) * SECOND : -Infinity);
}

const unansweredEnds = (record: ContactRecord, from: number, to: number): number[] =>
  (record.calls ?? [])
    .filter(isUnanswered)
    .map(endOf)
    .filter((end) => end >= from && end <= to);
