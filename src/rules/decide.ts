import type { AccountState } from './account-state';
import { endsAfter, streakAt } from './calls';
import { callWindow, countedCalls, requestsLeft } from './limits';
import {
  accountObstacles,
  callObstacles,
  lastEnd,
  requestObstacles,
  type Subject,
} from './obstacles';
import { permissionAt, type Standing } from './permission';
import type { Policy } from './policy';
import type { ContactRecord } from './record';
import { newestRequest, outstandingRequest } from './requests';
import { leftInWindow } from './usage';
import type { Reason, Verdict, VerdictState } from './verdict';

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
    requestsLeft: requestsLeft(record, policy, now),
    unanswered: streakAt(record, now).count,
  };
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
    return { ...nothing, state: 'limited', reason: whole[0].reason, until: lastEnd(whole) };

  const toAsk = requestObstacles(subject, time);
  const { held, lost } = standing;
  if (held) {
    const canRequest = toAsk.length === 0 && held.kind !== 'permanent';
    const toCall = callObstacles(subject, time);
    if (toCall[0]) {
      // The permission may go before the obstacles do: it runs out, or a call that rings out is one too many.
      const until = Math.min(lastEnd(toCall), held.until, ...endsAfter(record, time));
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
  const asking = {
    canCall: false,
    canRequest: toAsk.length === 0,
    standing,
    until: lastEnd(toAsk),
  };
  if (lost?.why === 'revoked-by-user' || lost?.why === 'revoked-after-unanswered') {
    return { ...asking, state: 'revoked', reason: lost.why };
  }
  if (toAsk[0]) return { ...asking, state: 'limited', reason: toAsk[0].reason };
  return { ...asking, state: 'needs-request', reason: reasonToAsk(subject, standing, time) };
}

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
