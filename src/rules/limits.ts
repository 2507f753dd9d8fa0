import { connectedTimes } from './calls';
import type { Policy } from './policy';
import type { ContactRecord } from './record';
import { countedRequests } from './requests';
import { DAY, WEEK } from './time';
import { leftInWindow, type Counted } from './usage';

export const callWindow = (policy: Policy) => ({
  allowed: policy.connectedCallsPer24h,
  length: DAY,
});
export const dayWindow = (policy: Policy) => ({ allowed: policy.requestsPer24h, length: DAY });
export const weekWindow = (policy: Policy) => ({ allowed: policy.requestsPer7d, length: WEEK });

/** Requests left at `time` in the rolling 24 hours and 7 days. */
export function requestsLeft(record: ContactRecord, policy: Policy, time: number): number {
  return Math.min(
    leftInWindow(countedRequests(record, 'requestsPer24h', time), dayWindow(policy), time),
    leftInWindow(countedRequests(record, 'requestsPer7d', time), weekWindow(policy), time),
  );
}

/** The connected calls that count towards the limit. */
export function countedCalls(record: ContactRecord): Counted {
  const { answer } = record;
  const usage = answer?.connectedCallsPer24h;
  return {
    times: connectedTimes(record),
    told: answer && usage ? { ...usage, at: answer.at } : null,
  };
}
