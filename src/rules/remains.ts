import {
  connectedTimes,
  endOf,
  inProgressUntil,
  lastConnected,
  streakAt,
  streakClearedAt,
} from './calls';
import { compact } from './join';
import { permissionAt } from './permission';
import type { Policy } from './policy';
import type { Block, CallEntry, ContactRecord, PermissionEvent, RequestEntry } from './record';
import {
  countedAt,
  countedRequests,
  courtesyUntil,
  mayYetTakeEffect,
  newestRequest,
} from './requests';
import { DAY, HOUR, WEEK } from './time';
import { fullUntil, type Counted, type Window } from './usage';

/**
 * What may stay of an erased person, so that forgetting never makes anybody callable again: an opt-out, and the
 * times that still count towards a limit, the guard or our courtesy at `now` (epoch milliseconds). Nothing of
 * it tells who it was or what was said; the permission is unknown, and nothing becomes due. In time nothing is left but the opt-out.
 */
export function remains(record: ContactRecord, now: number, policy: Policy): ContactRecord {
  const requests = remainingRequests(record, now, policy);
  const calls = remainingCalls(record, now, policy);
  return compact({
    choice: record.choice?.optedOut ? { at: record.choice.at, optedOut: true } : undefined,
    requests: requests.length > 0 ? requests : undefined,
    calls: calls.length > 0 ? calls : undefined,
    permission: remainingDecline(record, now, policy),
    blocks: remainingBlocks(record, now, policy),
  });
}

/** The requests that still count, and the one after which our courtesy waits. */
function remainingRequests(record: ContactRecord, now: number, policy: Policy): RequestEntry[] {
  const waitsFor =
    courtesyUntil(record, policy, now)?.reason === 'awaiting-reply' ? newestRequest(record) : null;
  const counts = (request: RequestEntry): boolean =>
    countedRequests({ ...record, requests: [request] }, 'requestsPer7d', now).times.some(
      (at) => at > now - WEEK,
    );
  const kept = (record.requests ?? []).filter((request) => request === waitsFor || counts(request));
  return withKeys(kept, countedAt).map(({ key, entry }) => {
    const { at, acceptedAt, deliveredAt, failedAt } = entry;
    return compact({
      key,
      // With an id of its own it is not taken for one that WhatsApp has yet to confirm.
      id: mayYetTakeEffect(entry, now) ? undefined : key,
      at,
      acceptedAt,
      deliveredAt,
      failedAt,
      lapseTold: true as const,
    });
  });
}

/** The calls that go on, were connected in the last 24 hours, or belong to a streak that still matters. */
function remainingCalls(record: ContactRecord, now: number, policy: Policy): CallEntry[] {
  const streakCounts = streakAt(record, Infinity).lastAt > now - streakMattersFor(policy);
  const connectedAt = streakClearedAt(record, Infinity);
  const matters = (call: CallEntry): boolean => {
    const alone = { connectedAt, calls: [call] };
    return (
      inProgressUntil(alone, now) !== null ||
      connectedTimes(alone).some((at) => at > now - DAY) ||
      (streakCounts && streakAt(alone, Infinity).count > 0)
    );
  };
  return withKeys((record.calls ?? []).filter(matters), endOf).map(({ key, entry }) => {
    const { direction, answeredAt, endedAt } = entry;
    // An end that WhatsApp did not tell must not be taken for one that it told: that would lift a block.
    const end = endedAt === undefined ? { rejectedAt: endOf(entry) } : { endedAt };
    return compact({ key, direction, answeredAt, ...end });
  });
}

/**
 * How long after its last call a streak matters, in milliseconds: as long as our guard pauses, and a week, after
 * which no temporary permission is left that WhatsApp could revoke (a new grant sets the streak back).
 */
const streakMattersFor = ({ pauseAfterReconsider, pauseBeforeRevocation }: Policy): number =>
  Math.max(WEEK, pauseAfterReconsider * HOUR, pauseBeforeRevocation * HOUR);

/** A "no" after which our courtesy waits: its time, and nothing else. */
function remainingDecline(
  record: ContactRecord,
  now: number,
  policy: Policy,
): PermissionEvent[] | undefined {
  const { lost } = permissionAt(record, policy, now);
  if (lost?.why !== 'declined' || lost.at < lastConnected(record, now)) return undefined;
  if (lost.at + policy.askAgainAfterDecline * HOUR <= now) return undefined;
  const { at } = lost;
  return [{ at, is: 'refused', id: `kept-${at}`, request: `kept-${at}`, automatic: false }];
}

/**
 * The blocks that have not run out. What WhatsApp counted by its last answer becomes one of them where a limit
 * was reached: like the answer itself, it holds until the next one.
 */
function remainingBlocks(
  record: ContactRecord,
  now: number,
  policy: Policy,
): ContactRecord['blocks'] {
  const blocks: NonNullable<ContactRecord['blocks']> = {};
  const keep = (reason: keyof typeof blocks, { at, until }: Block): void => {
    const known = blocks[reason] ?? { at, until };
    blocks[reason] = { at: Math.max(at, known.at), until: Math.max(until, known.until) };
  };
  for (const reason of Object.keys(record.blocks ?? {}) as (keyof typeof blocks)[]) {
    const block = record.blocks?.[reason];
    const isReset = reason === 'requests-per-24h' && lastConnected(record, now) > (block?.at ?? 0);
    if (block && block.until > now && !isReset) keep(reason, block);
  }
  for (const { reason, counted, window } of limits(record, now, policy)) {
    const until = counted.told && fullUntil(counted, window, now);
    if (counted.told && until !== null && Number.isFinite(until))
      keep(reason, { at: counted.told.at, until });
  }
  return Object.keys(blocks).length > 0 ? blocks : undefined;
}

interface Limit {
  reason: 'requests-per-24h' | 'connected-calls-per-24h';
  counted: Counted;
  window: Window;
}

function limits(record: ContactRecord, now: number, policy: Policy): Limit[] {
  const { answer } = record;
  const connected = answer?.connectedCallsPer24h;
  return [
    {
      reason: 'requests-per-24h',
      counted: countedRequests(record, 'requestsPer24h', now),
      window: { allowed: policy.requestsPer24h, length: DAY },
    },
    {
      reason: 'requests-per-24h',
      counted: countedRequests(record, 'requestsPer7d', now),
      window: { allowed: policy.requestsPer7d, length: WEEK },
    },
    {
      reason: 'connected-calls-per-24h',
      counted: {
        times: connectedTimes(record),
        told: answer && connected ? { ...connected, at: answer.at } : null,
      },
      window: { allowed: policy.connectedCallsPer24h, length: DAY },
    },
  ];
}

/** Keys that tell nothing but a time: an entry that is kept twice still joins with itself. */
function withKeys<T>(entries: T[], timeOf: (entry: T) => number): { key: string; entry: T }[] {
  const seen = new Map<number, number>();
  return entries.map((entry) => {
    const time = timeOf(entry);
    const count = seen.get(time) ?? 0;
    seen.set(time, count + 1);
    return { key: `kept-${time}-${count}`, entry };
  });
}
