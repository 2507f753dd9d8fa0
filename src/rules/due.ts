import { silentEndOf } from './calls';
import { permissionAt } from './permission';
import type { Policy } from './policy';
import type { CallEntry, ContactRecord, Reminder, RequestEntry } from './record';
import { lapseOf, unansweredRequest } from './requests';

/**
 * Something that time alone brings about and that the flow was not told yet: WhatsApp says nothing of it.
 * `at` is the moment at which it happens if nothing else does, epoch milliseconds.
 */
export type Due =
  | { type: 'permission-expired'; at: number }
  | { type: 'request-lapsed'; at: number; request: RequestEntry }
  | { type: 'call-ended'; at: number; call: CallEntry }
  | { type: 'try-again'; at: number; reminder: Reminder };

/** What becomes due for a contact, the earliest first. */
export const duesOf = (record: ContactRecord, policy: Policy): Due[] =>
  [...expiry(record, policy), ...lapse(record, policy), ...silentEnds(record), ...tryAgain(record)]
    // A permanent permission has no end, and limits of a designer's own may lie beyond all numbers.
    .filter(({ at }) => Number.isFinite(at))
    .toSorted((a, b) => a.at - b.at);

/** When something first becomes due for a contact, epoch milliseconds; null where nothing does. */
export const dueAt = (record: ContactRecord, policy: Policy): number | null =>
  duesOf(record, policy)[0]?.at ?? null;

function expiry(record: ContactRecord, policy: Policy): Due[] {
  const { lost } = permissionAt(record, policy, Infinity);
  if (lost?.why !== 'expired' || lost.at <= (record.expiryTold ?? -Infinity)) return [];
  return [{ type: 'permission-expired', at: lost.at }];
}

/** A request lapses unless a permission is held by then: WhatsApp may have told of the answer in a look-up only. */
function lapse(record: ContactRecord, policy: Policy): Due[] {
  const request = unansweredRequest(record, Infinity);
  if (!request || request.lapseTold) return [];
  const at = lapseOf(request, policy);
  return permissionAt(record, policy, at).held ? [] : [{ type: 'request-lapsed', at, request }];
}

const silentEnds = ({ calls = [] }: ContactRecord): Due[] =>
  calls.flatMap((call) => {
    const at = silentEndOf(call);
    return at === null ? [] : [{ type: 'call-ended' as const, at, call }];
  });

const tryAgain = ({ reminder }: ContactRecord): Due[] =>
  reminder ? [{ type: 'try-again', at: reminder.due, reminder }] : [];
