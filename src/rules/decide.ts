import { accountBlockedUntil, wasBlockedAt, type AccountState } from './account-state';
import {
  connectedTimes,
  endsAfter,
  hasEndedSince,
  inProgressUntil,
  lastConnected,
  streakAt,
} from './calls';
import { isInside, nextOpening } from './calling-hours';
import type { BlockReason, Usage } from './facts';
import { isDoubtful, permissionAt, type Loss, type Standing } from './permission';
import type { Policy } from './policy';
import type { ContactRecord } from './record';
import {
  countedRequests,
  courtesyUntil,
  isResetDoubtful,
  newestRequest,
  outstandingRequest,
} from './requests';
import { DAY, HOUR, WEEK } from './time';
import { fullUntil, leftInWindow, type Counted } from './usage';

export type VerdictState = 'callable' | 'needs-request' | 'limited' | 'revoked';

/** Why the state is what it is. Stable codes. */
export type Reason =
  | 'temporary-permission'
  | 'permanent-permission'
  | 'never-requested'
  | Loss
  | 'awaiting-reply'
  | 'requests-per-24h'
  | 'requests-per-7d'
  | 'connected-calls-per-24h'
  | 'unanswered-streak'
  | 'call-in-progress'
  | 'outside-calling-hours'
  | 'recipient-uncallable'
  | 'concurrent-calls'
  | 'daily-initiations'
  | 'agents-busy'
  | 'account-restricted'
  | 'account-not-eligible'
  | 'rate-limited'
  | 'opted-out';

/** What may be done with a contact now, why not, and when. Times are epoch milliseconds. */
export interface Verdict {
  state: VerdictState;
  reason: Reason;
  kind: 'temporary' | 'permanent' | 'none';
  /** When a temporary permission runs out; null where none is held. */
  expiresAt: number | null;
  /**
   * The first moment at which, if nothing else happens, the state is no longer "limited", or a contact who
   * revoked may be asked again; null where that is so already, or unknown.
   */
  retryAt: number | null;
  canCall: boolean;
  canRequest: boolean;
  /** Connected calls left now in the rolling 24 hours. */
  callsLeft: number;
  /** Requests left now in the rolling 24 hours and 7 days. */
  requestsLeft: number;
  /** Consecutive unanswered calls. */
  unanswered: number;
}

/** Decides from what is known at `now` (epoch milliseconds). Pure: it asks nobody. */
export function decide(
  record: ContactRecord,
  account: AccountState,
  policy: Policy,
  now: number,
): Verdict {
  const subject: Subject = { record, account, policy };
  const { standing, until, ...assessed } = assess(subject, now);
  const { held } = standing;
  return {
    ...assessed,
    kind: held?.kind ?? 'none',
    expiresAt: held && Number.isFinite(held.until) ? held.until : null,
    retryAt: retryAt(subject, assessed, until),
    callsLeft: leftInWindow(countedCalls(record), callWindow(policy), now),
    requestsLeft: requestsLeft(subject, now),
    unanswered: streakAt(record, now).count,
  };
}

/**
 * Whether the record suffices, or WhatsApp must be asked: it never answered, too long ago, refused something
 * since then, said what we cannot explain, or may have revoked by itself.
 */
export function isKnown(record: ContactRecord, policy: Policy, now: number): boolean {
  const { answer, permission = [], blocks = {} } = record;
  if (!answer || answer.at > now || now - answer.at > policy.trustRecordsFor * HOUR) return false;
  if (answer.status === 'unknown' || isUnexplained(record, policy, now)) return false;
  const refusedSince = [
    ...permission.slice(-1).filter(({ is }) => is === 'found'),
    ...Object.values(blocks).filter(({ until }) => until > now),
  ].some(({ at }) => at > answer.at);
  return !refusedSince && !isDoubtful(record, policy, now) && !isResetDoubtful(record, now);
}

interface Subject {
  record: ContactRecord;
  account: AccountState;
  policy: Policy;
}

interface Assessment {
  state: VerdictState;
  reason: Reason;
  canCall: boolean;
  canRequest: boolean;
  standing: Standing;
  /** Up to when nothing can change for the better, if nothing else happens. Infinity: unknown. */
  until: number;
}

/** Something that stands in the way until a moment (epoch milliseconds; Infinity where no end is known). */
interface Obstacle {
  reason: Reason;
  until: number;
}

/** The state at one moment. First match wins (DESIGN: "Which state"). */
function assess(subject: Subject, time: number): Assessment {
  const { record, policy } = subject;
  const standing = permissionAt(record, policy, time);
  const nothing = { canCall: false, canRequest: false, standing };
  if (record.choice?.optedOut) {
    return { ...nothing, state: 'revoked', reason: 'opted-out', until: Infinity };
  }
  const whole = accountObstacles(subject, time);
  if (whole[0])
    return { ...nothing, state: 'limited', reason: whole[0].reason, until: endOf(whole) };

  const toAsk = requestObstacles(subject, time);
  const { held, lost } = standing;
  if (held) {
    const canRequest = toAsk.length === 0 && held.kind !== 'permanent';
    const toCall = callObstacles(subject, time);
    if (toCall[0]) {
      // The permission may go before the obstacles do: it runs out, or a call that rings out is one too many.
      const until = Math.min(endOf(toCall), held.until, ...endsAfter(record, time));
      return {
        state: 'limited',
        reason: toCall[0].reason,
        canCall: false,
        canRequest,
        standing,
        until,
      };
    }
    const reason = `${held.kind}-permission` as const;
    return { state: 'callable', reason, canCall: true, canRequest, standing, until: time };
  }
  const asking = { canCall: false, canRequest: toAsk.length === 0, standing, until: endOf(toAsk) };
  if (lost?.why === 'revoked-by-user' || lost?.why === 'revoked-after-unanswered') {
    return { ...asking, state: 'revoked', reason: lost.why };
  }
  if (toAsk[0]) return { ...asking, state: 'limited', reason: toAsk[0].reason };
  return { ...asking, state: 'needs-request', reason: reasonToAsk(subject, standing, time) };
}

const endOf = (obstacles: Obstacle[]): number =>
  obstacles.reduce((end, { until }) => Math.max(end, until), -Infinity);

/** The first moment at which the wait is over, walking from the end of one obstacle to the next. */
function retryAt(
  subject: Subject,
  assessed: Pick<Assessment, 'state' | 'canRequest'>,
  until: number,
): number | null {
  let current = assessed;
  let time = until;
  while (current.state === 'limited' || (current.state === 'revoked' && !current.canRequest)) {
    if (!Number.isFinite(time)) return null;
    const next = assess(subject, time);
    if (current.state === 'limited' && next.state !== 'limited') return time;
    if (current.state === 'revoked' && next.canRequest) return time;
    current = next;
    time = next.until;
  }
  return null;
}

function reasonToAsk({ record, policy }: Subject, { lost }: Standing, time: number): Reason {
  if (outstandingRequest(record, policy, time)) return 'awaiting-reply';
  return lost?.why ?? (newestRequest(record) ? 'expired' : 'never-requested');
}

/** What stops calls and requests to everybody. */
const NUMBER_WIDE = ['account-restricted', 'account-not-eligible', 'rate-limited'] as const;

function accountObstacles({ account }: Subject, time: number): Obstacle[] {
  return NUMBER_WIDE.flatMap((reason) =>
    obstacle(reason, accountBlockedUntil(account, reason, time)),
  );
}

function callObstacles({ record, account, policy }: Subject, time: number): Obstacle[] {
  return [
    ...obstacle('call-in-progress', inProgressUntil(record, time)),
    ...obstacle('call-in-progress', busyUntil(record, time)),
    ...obstacle('unanswered-streak', guardUntil(record, policy, time)),
    ...obstacle(
      'connected-calls-per-24h',
      fullUntil(countedCalls(record), callWindow(policy), time),
    ),
    ...obstacle(
      'connected-calls-per-24h',
      blockUnlessAnswered(record, 'connected-calls-per-24h', time),
    ),
    ...obstacle('recipient-uncallable', blockedUntil(record, 'recipient-uncallable', time)),
    ...unexplained(refusesCalls(record), record, account),
    ...obstacle('rate-limited', blockedUntil(record, 'rate-limited', time)),
    ...obstacle('concurrent-calls', accountBlockedUntil(account, 'concurrent-calls', time)),
    ...obstacle('daily-initiations', accountBlockedUntil(account, 'daily-initiations', time)),
    ...obstacle('outside-calling-hours', outsideUntil(policy, time)),
  ];
}

function requestObstacles({ record, account, policy }: Subject, time: number): Obstacle[] {
  const courtesy = courtesyUntil(record, policy, time);
  const perWeek = fullUntil(
    countedRequests(record, 'requestsPer7d', time),
    weekWindow(policy),
    time,
  );
  const perDay = fullUntil(
    countedRequests(record, 'requestsPer24h', time),
    dayWindow(policy),
    time,
  );
  const isWaiting = outstandingRequest(record, policy, time) !== undefined;
  return [
    ...(courtesy ? [courtesy] : []),
    ...obstacle(isWaiting ? 'awaiting-reply' : 'requests-per-7d', perWeek),
    ...obstacle(isWaiting ? 'awaiting-reply' : 'requests-per-24h', perDay),
    ...obstacle('requests-per-24h', requestBlockUntil(record, time)),
    ...obstacle('recipient-uncallable', blockedUntil(record, 'recipient-uncallable', time)),
    ...unexplained(refusesRequests(record, policy, time), record, account),
    ...obstacle('rate-limited', blockedUntil(record, 'rate-limited', time)),
  ];
}

const obstacle = (reason: Reason, until: number | null): Obstacle[] =>
  until === null ? [] : [{ reason, until }];

const callWindow = (policy: Policy) => ({ allowed: policy.connectedCallsPer24h, length: DAY });
const dayWindow = (policy: Policy) => ({ allowed: policy.requestsPer24h, length: DAY });
const weekWindow = (policy: Policy) => ({ allowed: policy.requestsPer7d, length: WEEK });

function requestsLeft({ record, policy }: Subject, time: number): number {
  return Math.min(
    leftInWindow(countedRequests(record, 'requestsPer24h', time), dayWindow(policy), time),
    leftInWindow(countedRequests(record, 'requestsPer7d', time), weekWindow(policy), time),
  );
}

function countedCalls(record: ContactRecord): Counted {
  const { answer } = record;
  const usage = answer?.connectedCallsPer24h;
  return {
    times: connectedTimes(record),
    told: answer && usage ? { ...usage, at: answer.at } : null,
  };
}

/** Our guard: a pause once WhatsApp has asked the user to reconsider, a longer one just before it revokes. */
function guardUntil(record: ContactRecord, policy: Policy, time: number): number | null {
  const { count, lastAt } = streakAt(record, time);
  if (count < policy.reconsiderAfter && count < policy.revokeAfter - 1) return null;
  if (count === 0) return null;
  const pause =
    count >= policy.revokeAfter - 1 ? policy.pauseBeforeRevocation : policy.pauseAfterReconsider;
  const until = lastAt + pause * HOUR;
  return until > time ? until : null;
}

/** Only calls keep to the hours: a request waits in the chat until the user reads it. */
const outsideUntil = ({ callingHours: hours }: Policy, time: number): number | null =>
  hours === null || isInside(hours, time) ? null : nextOpening(hours, time);

/** WhatsApp refused a call because another one was on. Once a call has ended since, that one is over. */
function busyUntil(record: ContactRecord, time: number): number | null {
  const block = record.blocks?.['call-in-progress'];
  if (block && hasEndedSince(record, block.at)) return null;
  return blockedUntil(record, 'call-in-progress', time);
}

function blockedUntil(record: ContactRecord, reason: BlockReason, time: number): number | null {
  const block = record.blocks?.[reason];
  return block && block.at <= time && block.until > time ? block.until : null;
}

/** A block that WhatsApp's next answer replaces. */
function blockUnlessAnswered(
  record: ContactRecord,
  reason: BlockReason,
  time: number,
): number | null {
  const block = record.blocks?.[reason];
  return block && (record.answer?.at ?? -Infinity) <= block.at
    ? blockedUntil(record, reason, time)
    : null;
}

function requestBlockUntil(record: ContactRecord, time: number): number | null {
  const block = record.blocks?.['requests-per-24h'];
  if (!block || lastConnected(record, time) > block.at) return null;
  return blockUnlessAnswered(record, 'requests-per-24h', time);
}

/** WhatsApp said "no" for a reason that nothing we know explains, not even the state of the whole number then. */
function unexplained(
  refuses: boolean,
  { answer }: ContactRecord,
  account: AccountState,
): Obstacle[] {
  const isExplained =
    answer !== undefined && NUMBER_WIDE.some((reason) => wasBlockedAt(account, reason, answer.at));
  return obstacle('recipient-uncallable', refuses && !isExplained ? Infinity : null);
}

/** WhatsApp said that there is a permission, and that a call may not be placed, and not that a limit is reached. */
function refusesCalls({ answer }: ContactRecord): boolean {
  if (!answer || answer.canCall || answer.status === 'none' || answer.status === 'unknown')
    return false;
  return !isReached(answer.connectedCallsPer24h, answer.at);
}

/** WhatsApp said that no request may be sent, and neither a limit nor a permanent permission explains it. */
function refusesRequests(record: ContactRecord, policy: Policy, time: number): boolean {
  const { answer } = record;
  if (!answer || answer.canRequest || answer.status === 'permanent') return false;
  const { requestsPer24h, requestsPer7d, at } = answer;
  if (isReached(requestsPer24h, at) || isReached(requestsPer7d, at)) return false;
  if (lastConnected(record, time) > answer.at) return false;
  return requestsLeft({ record, policy, account: {} }, answer.at) > 0;
}

/** Whether WhatsApp told at `at` that a limit is reached; one that was over by then explains nothing. */
const isReached = (usage: Usage | null, at: number): boolean =>
  usage !== null && usage.used >= usage.allowed && (usage.resetsAt ?? Infinity) > at;

const isUnexplained = (record: ContactRecord, policy: Policy, time: number): boolean =>
  refusesCalls(record) || refusesRequests(record, policy, time);
