import type { CallingEvent, CallReport, RequestReport } from '../../src/actions';
import { HOUR, type ContactNames, type Verdict } from '../../src/rules';

/** The last moment that a date can name (ECMAScript, time values). */
const LAST_MOMENT = 8.64e15;

/** ISO 8601, so that people and JSONata can read it; null for what lies beyond all calendars. */
const iso = (time: number | null): string | null =>
  time === null || !(Math.abs(time) <= LAST_MOMENT) ? null : new Date(time).toISOString();

/** The contact as it stands on a wire: `+` and digits, or the user id where there is no number. */
export function payloadOf({ phone, waId, userId }: ContactNames): string | null {
  const digits = phone ?? waId;
  return digits === null ? userId : `+${digits}`;
}

/** `msg.permission` */
export function permissionMessage(
  verdict: Verdict,
  names: ContactNames,
  checked: 'whatsapp' | 'records',
) {
  const {
    state,
    reason,
    kind,
    expiresAt,
    retryAt,
    canCall,
    canRequest,
    callsLeft,
    requestsLeft,
    unanswered,
  } = verdict;
  const { waId, userId, phone } = names;
  return {
    state,
    reason,
    kind,
    expiresAt: iso(expiresAt),
    retryAt: iso(retryAt),
    canCall,
    canRequest,
    callsLeft,
    requestsLeft,
    unanswered,
    checked,
    contact: { waId, userId, phone: phone === null ? null : `+${phone}` },
  };
}

/** The longest wait of the core Delay node: a longer one is over at once, as with any timer of Node.js (2^31 - 1 ms). */
const LONGEST_DELAY = 2_147_483_647;

/** `msg.delay`: milliseconds until it is worth trying again, as the core Delay node reads it. */
export const delayOf = ({ retryAt }: Verdict, now: number): number =>
  retryAt === null ? HOUR : Math.min(Math.max(0, retryAt - now), LONGEST_DELAY);

/** `msg.request` */
export const requestMessage = ({ id, kind, sentAt, expiresAt }: RequestReport) => ({
  id,
  kind,
  sentAt: iso(sentAt),
  expiresAt: iso(expiresAt),
});

/** `msg.call` */
export function callMessage(call: CallReport) {
  return { ...call, startedAt: iso(call.startedAt), endedAt: iso(call.endedAt) };
}

/** A call that WhatsApp has accepted and of which nothing more is known. */
export const placedCall = (id: string): CallReport => ({
  id,
  direction: 'business',
  state: 'placed',
  outcome: null,
  startedAt: null,
  endedAt: null,
  durationSeconds: null,
  error: null,
  session: null,
});

/** The whole message that handle webhook sends for an event. */
export function eventMessage(event: CallingEvent): Record<string, unknown> {
  const { type, at, id, raw, contact, verdict, call, request, memo, again = false } = event;
  return {
    payload: contact && payloadOf(contact),
    event: { type, at: iso(at), id, raw, again },
    ...(contact && verdict && { permission: permissionMessage(verdict, contact, 'records') }),
    ...(call && { call: callMessage(call) }),
    ...(request && { request: requestMessage(request) }),
    ...(memo !== undefined && { memo }),
  };
}
