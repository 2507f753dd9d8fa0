import { isDoubtful } from './permission';
import type { Policy } from './policy';
import type { ContactRecord } from './record';
import { refusesCalls, refusesRequests } from './refusing';
import { isResetDoubtful } from './requests';
import { HOUR } from './time';

/**
 * Whether the record suffices, or WhatsApp must be asked: it never answered, too long ago, refused something
 * since then, said what we cannot explain, or may have revoked by itself, or the user took another number.
 */
export function isKnown(record: ContactRecord, policy: Policy, now: number): boolean {
  const { answer, permission = [], blocks = {} } = record;
  if (!answer || answer.at > now || now - answer.at > policy.trustRecordsFor * HOUR) return false;
  if (answer.status === 'unknown' || isUnexplained(record, policy, now)) return false;
  const last = permission.at(-1);
  if (last?.is === 'moved' && last.at >= answer.at) return false;
  const refusedSince = [
    ...(last?.is === 'found' ? [last] : []),
    ...Object.values(blocks).filter(({ until }) => until > now),
  ].some(({ at }) => at > answer.at);
  return !refusedSince && !isDoubtful(record, policy, now) && !isResetDoubtful(record, now);
}

const isUnexplained = (record: ContactRecord, policy: Policy, time: number): boolean =>
  refusesCalls(record) || refusesRequests(record, policy, time);
