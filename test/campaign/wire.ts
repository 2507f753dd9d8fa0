/** What webhook bodies of the simulator say, read here anew and not with the parser that is being tested. */

/** One thing that a webhook told. Times are epoch milliseconds, whole seconds as WhatsApp writes them. */
export type News =
  | WordNews
  | { type: 'call begun'; waId: string; at: number; id: string; isOurs: boolean }
  | { type: 'ringing' | 'picked up' | 'rejected'; waId: string; at: number; id: string }
  | CallEndNews
  | { type: 'number'; waId: null; at: number }
  | { type: 'other'; waId: string | null; at: number; id: string };

/** The user, or WhatsApp after unanswered calls, allowed calls or forbade them. */
export interface WordNews {
  type: 'word';
  waId: string;
  at: number;
  id: string;
  isGrant: boolean;
  /** Up to when a grant holds; Infinity for good. */
  until: number;
  isAutomatic: boolean;
  /** The request that it answers; null where it names none. */
  about: string | null;
}

export interface CallEndNews {
  type: 'call ended';
  waId: string;
  at: number;
  id: string;
  isOurs: boolean;
  pickedUpAt: number | null;
}

// The bodies are looked at field by field; a missing one must fail an assertion, not compile.
// oxlint-disable-next-line typescript/no-explicit-any
type Wire = any;

const time = (seconds: unknown): number => Number(seconds) * 1000;

/** Everything that one body tells. */
export function newsIn(body: Wire): News[] {
  const { field, value } = body.entry[0].changes[0];
  if (field === 'account_update' || field === 'account_settings_update') {
    return [{ type: 'number', waId: null, at: time(body.entry[0].time ?? value.timestamp) }];
  }
  return [
    ...(value.calls ?? []).map(callNews),
    ...(value.statuses ?? []).map(statusNews),
    ...(value.messages ?? []).map(messageNews),
  ];
}

function callNews(call: Wire): News {
  const isOurs = call.direction === 'BUSINESS_INITIATED';
  const about = {
    waId: isOurs ? call.to : call.from,
    at: time(call.timestamp),
    id: call.id,
    isOurs,
  };
  if (call.event === 'connect') return { type: 'call begun', ...about };
  const pickedUpAt = call.start_time === undefined ? null : time(call.start_time);
  return { type: 'call ended', ...about, pickedUpAt };
}

const CALL_STATUSES = { RINGING: 'ringing', ACCEPTED: 'picked up', REJECTED: 'rejected' } as const;

function statusNews(status: Wire): News {
  const about = { waId: status.recipient_id, at: time(status.timestamp) };
  if (status.type !== 'call') return { type: 'other', ...about, id: status.id };
  const type = CALL_STATUSES[status.status as keyof typeof CALL_STATUSES];
  return { type, ...about, id: status.id };
}

function messageNews(message: Wire): News {
  const about = { waId: message.from, at: time(message.timestamp) };
  const reply = message.interactive?.call_permission_reply;
  if (reply === undefined) return { type: 'other', ...about, id: message.id };
  return {
    type: 'word',
    ...about,
    id: message.id,
    isGrant: reply.response === 'accept',
    until: reply.is_permanent === true ? Infinity : time(reply.expiration_timestamp),
    isAutomatic: reply.response_source === 'automatic',
    about: message.context?.id ?? null,
  };
}
