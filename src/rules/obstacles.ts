import { STOPS_EVERYTHING, noRoomUntil } from './account-standing';
import { accountBlockedUntil, wasBlockedAt, type AccountState } from './account-state';
import { hasEndedSince, inProgressUntil, lastConnected, streakAt } from './calls';
import { isInside, nextOpening } from './calling-hours';
import type { BlockReason } from './facts';
import { callWindow, countedCalls, dayWindow, weekWindow } from './limits';
import type { Policy } from './policy';
import type { ContactRecord } from './record';
import { refusesCalls, refusesRequests } from './refusing';
import { countedRequests, courtesyUntil, outstandingRequest } from './requests';
import { HOUR } from './time';
import { fullUntil } from './usage';
import type { Reason } from './verdict';

/** What a decision is about. */
export interface Subject {
  record: ContactRecord;
  account: AccountState;
  policy: Policy;
}

/** Something that stands in the way until a moment (epoch milliseconds; Infinity where no end is known). */
export interface Obstacle {
  reason: Reason;
  until: number;
}

/** When the last of some obstacles is over; -Infinity where there is none. */
export const lastEnd = (obstacles: Obstacle[]): number =>
  obstacles.reduce((end, { until }) => Math.max(end, until), -Infinity);

/** What stands in the way of everything, whoever the contact is. */
export function accountObstacles({ account }: Subject, time: number): Obstacle[] {
  return STOPS_EVERYTHING.flatMap((reason) =>
    obstacle(reason, accountBlockedUntil(account, reason, time)),
  );
}

/** What stands in the way of a call, given the permission. The first names the reason. */
export function callObstacles({ record, account, policy }: Subject, time: number): Obstacle[] {
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
    ...obstacle('concurrent-calls', noRoomUntil(account, 'concurrent-calls', policy, time)),
    ...obstacle('daily-initiations', noRoomUntil(account, 'daily-initiations', policy, time)),
    ...obstacle('outside-calling-hours', outsideUntil(policy, time)),
  ];
}

/** What stands in the way of a permission request. The first names the reason. */
export function requestObstacles({ record, account, policy }: Subject, time: number): Obstacle[] {
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
    answer !== undefined &&
    STOPS_EVERYTHING.some((reason) => wasBlockedAt(account, reason, answer.at));
  return obstacle('recipient-uncallable', refuses && !isExplained ? Infinity : null);
}
