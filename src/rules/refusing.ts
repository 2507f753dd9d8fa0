import { lastConnected } from './calls';
import type { Usage } from './facts';
import { requestsLeft } from './limits';
import type { Policy } from './policy';
import type { ContactRecord } from './record';

/** WhatsApp said that there is a permission, and that a call may not be placed, and not that a limit is reached. */
export function refusesCalls({ answer }: ContactRecord): boolean {
  if (!answer || answer.canCall || answer.status === 'none' || answer.status === 'unknown')
    return false;
  return !isReached(answer.connectedCallsPer24h, answer.at);
}

/** WhatsApp said that no request may be sent, and neither a limit nor a permanent permission explains it. */
export function refusesRequests(record: ContactRecord, policy: Policy, time: number): boolean {
  const { answer } = record;
  if (!answer || answer.canRequest || answer.status === 'permanent') return false;
  const { requestsPer24h, requestsPer7d, at } = answer;
  if (isReached(requestsPer24h, at) || isReached(requestsPer7d, at)) return false;
  if (lastConnected(record, time) > answer.at) return false;
  return requestsLeft(record, policy, answer.at) > 0;
}

/** Whether WhatsApp told at `at` that a limit is reached; one that was over by then explains nothing. */
const isReached = (usage: Usage | null, at: number): boolean =>
  usage !== null && usage.used >= usage.allowed && (usage.resetsAt ?? Infinity) > at;
