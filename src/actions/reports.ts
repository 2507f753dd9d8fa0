import {
  SECOND,
  endOf,
  lapseOf,
  outcomeOf,
  secondOf,
  type CallDirection,
  type CallEntry,
  type CallOutcome,
  type CallState,
  type ContactRecord,
  type Json,
  type Policy,
  type RequestEntry,
} from '../rules';

/** A call as a flow sees it. Times are epoch milliseconds. */
export interface CallReport {
  /** Null where WhatsApp never told one. */
  id: string | null;
  direction: CallDirection;
  state: CallState;
  outcome: CallOutcome | null;
  startedAt: number | null;
  endedAt: number | null;
  durationSeconds: number | null;
  error: { code: number; message: string } | null;
  session: { sdp_type: string; sdp: string } | null;
}

/** A request as a flow sees it. Times are epoch milliseconds. */
export interface RequestReport {
  /** Null where WhatsApp never told one. */
  id: string | null;
  kind: 'free-form' | 'template';
  sentAt: number;
  expiresAt: number;
}

export function reportRequest(entry: RequestEntry, policy: Policy): RequestReport {
  const { id = null, kind = 'free-form', at = 0, acceptedAt } = entry;
  return { id, kind, sentAt: acceptedAt ?? at, expiresAt: lapseOf(entry, policy) };
}

/** A call that goes on in some state, or that is over: then it has an end and an outcome. */
export function reportCall(
  entry: CallEntry,
  { state, isOver }: { state: CallState; isOver: boolean },
  session: CallReport['session'] = null,
): CallReport {
  return {
    id: entry.id ?? null,
    direction: entry.direction ?? 'business',
    state: isOver ? 'ended' : state,
    outcome: isOver ? outcomeOf(entry) : null,
    startedAt: wholeSecond(entry.answeredAt),
    endedAt: isOver ? wholeSecond(endOf(entry)) : null,
    durationSeconds: entry.durationSeconds ?? null,
    error: entry.error ?? null,
    session,
  };
}

/** What the flow kept with a call; with the contact, where the call is not known to be ours. */
export const memoOfCall = (entry: CallEntry, record: ContactRecord): Json | undefined =>
  entry.memo ?? (entry.key === undefined ? record.memo?.value : undefined);

/** WhatsApp tells whole seconds; the record keeps the latest moment that fits. */
const wholeSecond = (time: number | undefined): number | null =>
  time === undefined ? null : secondOf(time) * SECOND;
