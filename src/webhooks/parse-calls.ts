import type { ContactNames } from '../rules/contact';
import type { CallDirection, CallEnded, CallEvent } from '../rules/facts';
import type { WebhookCall, WebhookChange } from './change';
import { isKnown, namesIn } from './names';
import {
  digitsIn,
  durationIn,
  objectIn,
  objectsIn,
  pastTimeIn,
  textIn,
  userIdIn,
  wholeNumberIn,
  wordIn,
  type JsonObject,
} from './reading';
import { origin, otherItem, timeOf, type Scope } from './scope';

const LONGEST_SDP = 100_000;
const LONGEST_MESSAGE = 1_000;

/** Today's words, and those of older partner documents. */
const DIRECTIONS = new Map<string, CallDirection>([
  ['BUSINESS_INITIATED', 'business'],
  ['BUSINESS', 'business'],
  ['OUTGOING', 'business'],
  ['OUTBOUND', 'business'],
  ['USER_INITIATED', 'user'],
  ['USER', 'user'],
  ['INCOMING', 'user'],
  ['INBOUND', 'user'],
]);

const STATUSES = new Map<string, CallEvent['type']>([
  ['RINGING', 'ringing'],
  ['ACCEPTED', 'answered'],
  ['REJECTED', 'rejected'],
]);

/**
 * Reads an element of `calls`. `connect` is WhatsApp's relay answering, not the user; a `terminate` says by its
 * times that the call was answered, never by its status: calls nobody picked up are COMPLETED too. Other events
 * (recordings, SIP's `call_created`) are passed on. (Meta, business-initiated-calls, 2026-06-26.)
 */
export function readCall(item: JsonObject, scope: Scope): WebhookChange {
  const call = callOf(item, directionOf(item, scope), scope);
  if (call === null) return otherItem(item, scope);
  switch (wordIn(item, 'event')) {
    case 'CONNECT':
      return changeOf(item, scope, call, {
        type: 'connecting',
        ...shared(item, scope, call.about),
      });
    case 'TERMINATE':
      return changeOf(item, scope, call, endOf(item, scope, call.about));
    default:
      return otherItem(item, scope, call.contact);
  }
}

/**
 * Reads a call's element of `statuses`: it rings, was accepted (picked up) or rejected. They come for calls
 * that the business began only. (Meta, business-initiated-calls, 2026-06-26.)
 */
export function readCallStatus(item: JsonObject, scope: Scope): WebhookChange {
  const direction = DIRECTIONS.get(wordIn(item, 'direction')) ?? 'business';
  const call = callOf(item, direction, scope);
  const type = STATUSES.get(wordIn(item, 'status'));
  if (call === null || type === undefined) return otherItem(item, scope, call?.contact);
  return changeOf(item, scope, call, { type, ...shared(item, scope, call.about) });
}

interface Call {
  about: WebhookCall;
  contact: ContactNames;
}

function callOf(item: JsonObject, direction: CallDirection, scope: Scope): Call | null {
  const id = textIn(item, 'id');
  if (id === null) return null;
  const about = { id, direction, session: sessionIn(item), key: keyIn(item) };
  return { about, contact: scope.findNames(userOf(item, direction, scope.displayNumber)) };
}

function changeOf(
  item: JsonObject,
  scope: Scope,
  { about, contact }: Call,
  fact: CallEvent | CallEnded,
): WebhookChange {
  return {
    kind: 'contact',
    ...origin(item, scope),
    id: about.id,
    at: fact.at,
    contact,
    fact,
    call: about,
  };
}

function shared(item: JsonObject, scope: Scope, call: WebhookCall): Omit<CallEvent, 'type'> {
  const { id, direction, key } = call;
  const times = { at: timeOf(item, scope), heard: scope.heard };
  return { ...times, id, direction, ...(key === null ? {} : { key }) };
}

function endOf(item: JsonObject, scope: Scope, call: WebhookCall): CallEnded {
  const about = shared(item, scope, call);
  const error = errorOf(item, scope);
  return {
    type: 'ended',
    ...about,
    ...conversationIn(item, about.at),
    failed: wordIn(item, 'status') === 'FAILED' || error !== null,
    ...(error === null ? {} : { error }),
  };
}

/** Start (epoch milliseconds) and length (seconds) of the conversation; null where nobody picked up. */
function conversationIn(
  item: JsonObject,
  at: number,
): Pick<CallEnded, 'startedAt' | 'durationSeconds'> {
  const start = pastTimeIn(item, 'start_time', at);
  const duration = durationIn(item, 'duration');
  const end = pastTimeIn(item, 'end_time', at) ?? at;
  if (start !== null) {
    return { startedAt: start, durationSeconds: duration ?? Math.max(0, (end - start) / 1000) };
  }
  return duration !== null && duration > 0
    ? { startedAt: Math.max(0, end - duration * 1000), durationSeconds: duration }
    : { startedAt: null, durationSeconds: null };
}

/** `errors` stands beside `calls`: among several calls it is about those that failed. */
function errorOf(item: JsonObject, scope: Scope): CallEnded['error'] | null {
  const isConcerned = wordIn(item, 'status') === 'FAILED' || scope.calls.length === 1;
  const error = objectsIn(item, 'errors')[0] ?? (isConcerned ? scope.errors[0] : undefined);
  if (error === undefined) return null;
  const message = textIn(error, 'message', LONGEST_MESSAGE) ?? textIn(error, 'title');
  return { code: wholeNumberIn(error, 'code') ?? 0, message: message ?? '' };
}

function directionOf(item: JsonObject, scope: Scope): CallDirection {
  const told = DIRECTIONS.get(wordIn(item, 'direction'));
  if (told !== undefined) return told;
  if (keyIn(item) !== null) return 'business';
  const from = digitsIn(item, 'from');
  if (from !== null) return from === scope.displayNumber ? 'business' : 'user';
  return userIdIn(item, 'from_user_id') === null ? 'business' : 'user';
}

function userOf(
  item: JsonObject,
  direction: CallDirection,
  ownNumber: string | null,
): ContactNames {
  const to = namesIn(item, 'to', 'to_user_id', ownNumber);
  const from = namesIn(item, 'from', 'from_user_id', ownNumber);
  const recipient = namesIn(item, 'recipient_id', 'recipient_user_id', ownNumber);
  const inOrder = direction === 'business' ? [to, recipient, from] : [from, to, recipient];
  return inOrder.find(isKnown) ?? to;
}

function keyIn(item: JsonObject): string | null {
  return textIn(item, 'biz_opaque_callback_data');
}

function sessionIn(item: JsonObject): WebhookCall['session'] {
  const session = objectIn(item, 'session');
  const sdp_type = textIn(session, 'sdp_type');
  const sdp = textIn(session, 'sdp', LONGEST_SDP);
  return sdp_type === null || sdp === null ? null : { sdp_type, sdp };
}
