import type { AccountState, CountedReason, Full } from './account-state';
import { SILENT_CALL_ENDS, endOf } from './calls';
import type { Policy } from './policy';
import type { CallEntry, ContactRecord } from './record';
import { DAY, MINUTE } from './time';

/**
 * How many calls a number has begun lately and how many go on, as plain JSON. Counted by stretches of time, so that it
 * stays small however many there are: what is in a stretch counts until all of it is over.
 */
export interface CallCounts {
  /** Calls that we began, by the ten minutes in which we did. */
  initiations?: Counts;
  /** Calls that go on, by the minute in which each is over if nothing more is heard of it. */
  inProgress?: Counts;
}

/** Counts by the number of the stretch, from the epoch. */
type Counts = Readonly<Record<string, number>>;

/** Calls that go on no longer, and calls that do from now on: each by the moment at which it would end by itself. */
export interface CallShift {
  over: readonly number[];
  begun: readonly number[];
}

export const NO_SHIFT: CallShift = { over: [], begun: [] };

/** How long the stretches are, and how long what lies in one counts once it is over; milliseconds. */
const INITIATIONS = { length: 10 * MINUTE, lasts: DAY };
const IN_PROGRESS = { length: MINUTE, lasts: 0 };

type Kind = typeof INITIATIONS;

export const emptyCallCounts = (): CallCounts => ({});

export const isEmptyCallCounts = (counts: CallCounts): boolean => Object.keys(counts).length === 0;

/**
 * What two places counted, together: of each stretch the higher count, so that it does not matter how often they are
 * put together.
 */
export const uniteCallCounts = (a: CallCounts, b: CallCounts): CallCounts =>
  compact({
    initiations: highest(a.initiations, b.initiations),
    inProgress: highest(a.inProgress, b.inProgress),
  });

function highest(a: Counts | undefined, b: Counts | undefined): Counts | undefined {
  if (!a || !b) return a ?? b;
  const stretches = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries(
    [...stretches].map((each) => [each, Math.max(a[each] ?? 0, b[each] ?? 0)]),
  );
}

/** The counts with one more call begun at `at` (epoch milliseconds). What counts no more by then is dropped. */
export const withInitiation = (counts: CallCounts, at: number): CallCounts =>
  compact({ ...counts, initiations: changed(counts.initiations, INITIATIONS, [[at, 1]], at) });

/** The counts without a call that was begun at `at` after all; seen from `now`. */
export const withoutInitiation = (counts: CallCounts, at: number, now: number): CallCounts =>
  compact({ ...counts, initiations: changed(counts.initiations, INITIATIONS, [[at, -1]], now) });

/** The counts after a change of the calls that go on; seen from `now`. */
export function shifted(counts: CallCounts, { over, begun }: CallShift, now: number): CallCounts {
  const steps = [...over.map((end): Step => [end, -1]), ...begun.map((end): Step => [end, 1])];
  return compact({ ...counts, inProgress: changed(counts.inProgress, IN_PROGRESS, steps, now) });
}

/** What a change of a contact's record means for the calls that go on. */
export function shiftBetween(before: ContactRecord, after: ContactRecord): CallShift {
  const was = expectedEnds(before);
  const is = expectedEnds(after);
  return { over: less(was, is), begun: less(is, was) };
}

/** A shift of which `done` was carried out already. */
export const remaining = ({ over, begun }: CallShift, done: CallShift): CallShift => ({
  over: less([...over, ...done.begun], [...begun, ...done.over]),
  begun: less([...begun, ...done.over], [...over, ...done.begun]),
});

export const isNoShift = ({ over, begun }: CallShift): boolean =>
  over.length === 0 && begun.length === 0;

/** Which limits of the number are used up at `now`; undefined where none is. */
export function fullness(
  counts: CallCounts,
  policy: Policy,
  now: number,
): AccountState['full'] | undefined {
  const full: Partial<Record<CountedReason, Full>> = {};
  const limits: [CountedReason, Counts | undefined, Kind, number][] = [
    ['concurrent-calls', counts.inProgress, IN_PROGRESS, policy.concurrentCalls],
    ['daily-initiations', counts.initiations, INITIATIONS, policy.initiationsPer24h],
  ];
  for (const [reason, counted, kind, allowed] of limits) {
    const until = roomFrom(counted ?? {}, kind, allowed, now);
    if (until !== null) full[reason] = { until, allowed };
  }
  return Object.keys(full).length > 0 ? full : undefined;
}

/** Until when a limit of the number is used up, seen from `time`: null where there is room, Infinity for ever. */
export function fullUntil(
  { full }: AccountState,
  reason: CountedReason,
  policy: Policy,
  time: number,
): number | null {
  const allowed = reason === 'concurrent-calls' ? policy.concurrentCalls : policy.initiationsPer24h;
  if (allowed === 0) return Infinity;
  const known = full?.[reason];
  return known && known.allowed >= allowed && known.until > time ? known.until : null;
}

/** When the calls with a contact that go on would end by themselves; told ends and released calls left out. */
const expectedEnds = ({ calls = [] }: ContactRecord): number[] =>
  calls.filter(isUntold).map((call) => minuteOf(expectedEnd(call)));

const isUntold = ({ released, endedAt, rejectedAt, hungUpAt, foundOverAt }: CallEntry): boolean =>
  !released && (endedAt ?? rejectedAt ?? hungUpAt ?? foundOverAt) === undefined;

/** With a minute for WhatsApp's answer and the first webhooks, so that none of them has to be counted anew. */
const expectedEnd = (call: CallEntry): number =>
  Math.max(endOf(call), (call.placedAt ?? -Infinity) + SILENT_CALL_ENDS + MINUTE);

/** The end of the minute in which a moment lies. */
const minuteOf = (time: number): number => (Math.floor(time / MINUTE) + 1) * MINUTE - 1;

/** A moment, and what its stretch counts more or less. */
type Step = readonly [at: number, by: number];

function changed(
  counts: Counts = {},
  kind: Kind,
  steps: readonly Step[],
  now: number,
): Counts | undefined {
  const after = new Map(Object.entries(counts));
  for (const [at, by] of steps) {
    const stretch = String(Math.floor(at / kind.length));
    after.set(stretch, Math.max(0, (after.get(stretch) ?? 0) + by));
  }
  const kept = [...after].filter(
    ([stretch, count]) => count > 0 && endOfCount(stretch, kind) > now,
  );
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** From when what lies in a stretch counts no more. */
const endOfCount = (stretch: string, { length, lasts }: Kind): number =>
  (Number(stretch) + 1) * length + lasts;

/** From when there is room for one more; null where there is at `now`. Nobody waits for room where none is allowed. */
function roomFrom(counts: Counts, kind: Kind, allowed: number, now: number): number | null {
  const counting = Object.entries(counts)
    .map(([stretch, count]) => ({ until: endOfCount(stretch, kind), count }))
    .filter(({ until }) => until > now)
    .toSorted((a, b) => a.until - b.until);
  let left = counting.reduce((sum, { count }) => sum + count, 0);
  if (allowed === 0 || left < allowed) return null;
  for (const { until, count } of counting) {
    left -= count;
    if (left < allowed) return until;
  }
  return null;
}

/** What is left of some numbers when others are taken away, each as often as it is there. */
function less(from: readonly number[], taken: readonly number[]): number[] {
  const rest = [...from];
  for (const one of taken) {
    const index = rest.indexOf(one);
    if (index >= 0) rest.splice(index, 1);
  }
  return rest;
}

const compact = ({
  initiations,
  inProgress,
}: {
  initiations?: Counts | undefined;
  inProgress?: Counts | undefined;
}): CallCounts => ({
  ...(initiations && { initiations }),
  ...(inProgress && { inProgress }),
});
