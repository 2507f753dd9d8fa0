import {
  callState,
  latestMoment,
  permissionAt,
  type CallEntry,
  type ContactNames,
  type ContactRecord,
  type Json,
  type Policy,
  type Refused,
  type Verdict,
} from '../rules';
import type { ContactChange, WebhookChange } from '../webhooks';
import {
  memoOfCall,
  reportCall,
  reportRequest,
  type CallReport,
  type RequestReport,
} from './reports';

export type EventType =
  | 'permission-granted'
  | 'permission-declined'
  | 'permission-revoked'
  | 'permission-expired'
  | 'request-lapsed'
  | 'request-failed'
  | 'call-connecting'
  | 'call-ringing'
  | 'call-answered'
  | 'call-ended'
  | 'try-again'
  | 'user-called'
  | 'user-wrote'
  | 'account-restricted'
  | 'account-released'
  | 'unknown';

/** Something that a flow should hear of. Times are epoch milliseconds. */
export interface CallingEvent {
  type: EventType;
  at: number;
  id: string | null;
  raw: unknown;
  /** Whose; null for events of the account. */
  contact: ContactNames | null;
  verdict?: Verdict;
  call?: CallReport;
  request?: RequestReport;
  memo?: Json | undefined;
  /** Its id in the outbox, to be settled once the flow was told. */
  letter?: string;
  /** Told before, perhaps: nobody knows, since the process ended then. */
  again?: true;
}

/** Something that is not about calling, or that we do not know: passed on as it is. */
export const unknownEvent = (
  { id, at, raw }: WebhookChange,
  contact: ContactNames | null,
): CallingEvent => ({ type: 'unknown', id, at, raw, contact });

/** What a change of one contact amounts to, seen from its record before and after; null where nothing is new. */
export function eventOf(
  change: ContactChange,
  before: ContactRecord,
  after: ContactRecord,
  policy: Policy,
): Omit<CallingEvent, 'contact' | 'verdict'> | null {
  const { fact, id, at, raw } = change;
  const base = { id, at, raw };
  switch (fact.type) {
    case 'granted':
    case 'refused': {
      if (!isNewestWord(fact.id, before, after)) return null;
      const type =
        fact.type === 'granted' ? 'permission-granted' : kindOfRefusal(fact, after, policy);
      return { ...base, type, ...aboutRequest(after, fact.request, policy) };
    }
    case 'request-failed':
      if (isUnchanged(before, after)) return null;
      return { ...base, type: 'request-failed', ...aboutRequest(after, fact.id, policy) };
    case 'number-changed':
      if (before.heard?.some((event) => event.id === fact.id)) return null;
      return { ...base, type: 'unknown', memo: after.memo?.value };
    case 'user-wrote':
      if (before.heard?.some((event) => event.id === fact.id)) return null;
      return { ...base, type: 'user-wrote', memo: after.memo?.value };
    case 'connecting':
    case 'ringing':
    case 'answered':
    case 'rejected':
    case 'ended': {
      const type = callNews(fact.type, fact, before, after);
      return type && { ...base, type, ...aboutCall(after, change) };
    }
    default:
      return null;
  }
}

export const isUnchanged = (before: ContactRecord, after: ContactRecord): boolean =>
  JSON.stringify(before) === JSON.stringify(after);

/** Whether message `id` is the last word on the permission now, and was not so before. */
function isNewestWord(id: string, before: ContactRecord, after: ContactRecord): boolean {
  const lastWord = (record: ContactRecord): string | undefined => {
    const event = record.permission?.findLast(({ is }) => is === 'granted' || is === 'refused');
    return event && 'id' in event ? event.id : undefined;
  };
  return lastWord(after) === id && lastWord(before) !== id;
}

/** As of the refusal: what WhatsApp answered since may hide it. */
function kindOfRefusal(
  fact: Refused,
  record: ContactRecord,
  policy: Policy,
): 'permission-declined' | 'permission-revoked' {
  return permissionAt(record, policy, latestMoment(fact)).lost?.why === 'declined'
    ? 'permission-declined'
    : 'permission-revoked';
}

function aboutRequest(record: ContactRecord, id: string | null, policy: Policy) {
  // Without our key it is not known yet which of our requests it is.
  const entry = record.requests?.find(
    (request) => id !== null && request.id === id && request.key !== undefined,
  );
  const memo = entry ? entry.memo : record.memo?.value;
  return { memo, ...(entry && { request: reportRequest(entry, policy) }) };
}

const callWith = ({ calls }: ContactRecord, { id, key }: CallName): CallEntry | undefined =>
  calls?.find((call) => call.id === id || (key !== undefined && call.key === key));

/** A call by WhatsApp's id, and by our own where WhatsApp brought it back. */
interface CallName {
  id: string;
  key?: string;
}

/** A call's states only go forward, and its end is told once, if only by us: a late `connect` never revives it. */
function callNews(
  happened: 'connecting' | 'ringing' | 'answered' | 'rejected' | 'ended',
  name: CallName,
  before: ContactRecord,
  after: ContactRecord,
): EventType | null {
  const was = callWith(before, name);
  const is = callWith(after, name);
  if (!is || was?.endTold || was?.endedAt !== undefined || was?.rejectedAt !== undefined)
    return null;
  switch (happened) {
    case 'connecting':
      if (was?.connectingAt !== undefined) return null;
      return is.direction === 'user' ? 'user-called' : 'call-connecting';
    case 'ringing':
      return was?.ringingAt === undefined && was?.answeredAt === undefined ? 'call-ringing' : null;
    case 'answered':
      return was?.answeredAt === undefined ? 'call-answered' : null;
    case 'rejected':
    case 'ended':
      return 'call-ended';
  }
}

function aboutCall(record: ContactRecord, { at, call }: ContactChange) {
  const entry = call && callWith(record, { id: call.id });
  if (!entry) return {};
  // As of the event: a call that was silent for long counts as over by now.
  const state = callState(entry, at);
  const isOver = entry.endedAt !== undefined || entry.rejectedAt !== undefined;
  return {
    call: reportCall(entry, { state, isOver }, call.session),
    memo: memoOfCall(entry, record),
  };
}
