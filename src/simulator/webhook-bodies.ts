import type { Call, Session } from './call';
import type { GraphError } from './graph-errors';
import type { JsonObject } from './json';
import type { Line } from './line';
import type { Pair, Permission } from './pair';
import { unixSeconds } from './times';

/** Envelopes and values as in Meta's webhook reference of 2026-06-26; times are strings of unix seconds. */
const time = (epochMs: number): string => String(unixSeconds(epochMs));

function envelope(entryId: string, field: string, value: object): object {
  return {
    object: 'whatsapp_business_account',
    entry: [{ id: entryId, changes: [{ field, value }] }],
  };
}

function lineEnvelope(line: Line, field: 'calls' | 'messages', value: object): object {
  return envelope(line.businessAccountId, field, {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: line.displayNumber, phone_number_id: line.id },
    ...value,
  });
}

const contacts = ({ waId, user }: Pair): object[] => [
  {
    ...(user?.name === undefined ? {} : { profile: { name: user.name } }),
    wa_id: waId,
    ...(user === null ? {} : { user_id: user.userId }),
  },
];

const opaque = (call: Call): object =>
  call.opaque === null ? {} : { biz_opaque_callback_data: call.opaque };

function callEntry(line: Line, call: Call, event: 'connect' | 'terminate', at: number): JsonObject {
  const parties =
    call.direction === 'BUSINESS_INITIATED'
      ? { from: line.displayNumber, to: call.pair.waId, to_user_id: call.user.userId }
      : { from: call.pair.waId, to: line.displayNumber, from_user_id: call.user.userId };
  return {
    id: call.id,
    event,
    direction: call.direction,
    timestamp: time(at),
    ...parties,
    ...opaque(call),
  };
}

/** The relay is ready (it does not mean that anybody picked up), or a user calls. */
export function callConnect(line: Line, call: Call, session: Session): object {
  const entry = { ...callEntry(line, call, 'connect', line.clock.now()), session };
  return lineEnvelope(line, 'calls', { contacts: contacts(call.pair), calls: [entry] });
}

/** What the user's phone does. `at`: epoch milliseconds. */
export function callStatus(
  line: Line,
  call: Call,
  status: 'RINGING' | 'ACCEPTED' | 'REJECTED',
  at: number,
): object {
  const entry = {
    id: call.id,
    type: 'call',
    status,
    timestamp: time(at),
    recipient_id: call.pair.waId,
    recipient_user_id: call.user.userId,
    ...opaque(call),
  };
  return lineEnvelope(line, 'calls', { statuses: [entry], contacts: contacts(call.pair) });
}

/** Of a call that failed (Meta, troubleshooting, 2026-06-24); they stand beside `calls`, not in it. */
const CALL_ERRORS: readonly object[] = [
  {
    code: 138021,
    message: 'Media receive timeout',
    href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
    error_data: { details: 'No media was received.' },
  },
];

/** The end of any call. COMPLETED also where nobody picked up; times only where somebody did. */
export function callTerminate(line: Line, call: Call): object {
  const now = line.clock.now();
  const times =
    call.connectedAt === null
      ? {}
      : {
          start_time: time(call.connectedAt),
          end_time: time(now),
          duration: unixSeconds(now) - unixSeconds(call.connectedAt),
        };
  const status = call.hasFailed ? 'FAILED' : 'COMPLETED';
  return lineEnvelope(line, 'calls', {
    contacts: contacts(call.pair),
    calls: [{ ...callEntry(line, call, 'terminate', now), status, ...times }],
    ...(call.hasFailed ? { errors: CALL_ERRORS } : {}),
  });
}

function inbound(line: Line, pair: Pair, content: JsonObject): object {
  const message = {
    from: pair.waId,
    ...(pair.user === null ? {} : { from_user_id: pair.user.userId }),
    id: line.newId('wamid'),
    timestamp: time(line.clock.now()),
    ...content,
  };
  return lineEnvelope(line, 'messages', { contacts: contacts(pair), messages: [message] });
}

export const userText = (line: Line, pair: Pair, text: string): object =>
  inbound(line, pair, { type: 'text', text: { body: text } });

/** How a permission came about or went. */
export interface Decision {
  /** null: the permission was refused or revoked. */
  granted: Permission | null;
  source: 'user_action' | 'automatic';
  /** Id of the request (wamid) or of the user's call (wacid) it goes back to; null where there is none. */
  about: string | null;
}

/** Permission news; it comes on the field `messages`, not `calls`. */
export function permissionReply(line: Line, pair: Pair, decision: Decision): object {
  const { granted, source, about } = decision;
  const reply = {
    response: granted === null ? 'reject' : 'accept',
    ...(granted === null ? {} : { is_permanent: granted.kind === 'permanent' }),
    ...(typeof granted?.expiresAt === 'number'
      ? { expiration_timestamp: time(granted.expiresAt) }
      : {}),
    response_source: source,
  };
  return inbound(line, pair, {
    type: 'interactive',
    ...(about === null ? {} : { context: { from: line.displayNumber, id: about } }),
    interactive: { type: 'call_permission_reply', call_permission_reply: reply },
  });
}

/** What became of a message that the business sent. On `failed` the contacts are left out. */
export function messageStatus(
  line: Line,
  pair: Pair,
  id: string,
  status: 'sent' | 'delivered' | 'read' | GraphError,
): object {
  const failed = typeof status === 'object';
  const entry = {
    id,
    status: failed ? 'failed' : status,
    timestamp: time(line.clock.now()),
    recipient_id: pair.waId,
    ...(pair.user === null || failed ? {} : { recipient_user_id: pair.user.userId }),
    ...(failed ? { errors: [status.toStatusError()] } : {}),
  };
  return lineEnvelope(line, 'messages', {
    ...(failed ? {} : { contacts: contacts(pair) }),
    statuses: [entry],
  });
}

/**
 * The number may not call or request until `until` (epoch milliseconds); null: it may again. Meta documents
 * no webhook for an early release: an empty `restriction_info` is our assumption.
 */
export function accountRestriction(line: Line, until: number | null): object {
  const restriction = until === null ? [] : [businessCallingRestriction(until)];
  return accountUpdate(line, 'ACCOUNT_RESTRICTION', { restriction_info: restriction });
}

/** The early warning that precedes a restriction. */
export const accountWarning = (line: Line): object =>
  accountUpdate(line, 'ACCOUNT_VIOLATION', {
    violation_info: { violation_type: 'LOW_BUSINESS_INITIATED_CALLING_QUALITY' },
  });

const businessCallingRestriction = (until: number): object => ({
  restriction_type: 'RESTRICTED_BUSINESS_INITIATED_CALLING',
  expiration: unixSeconds(until),
});

/** These carry no phone number id, "0" as the entry's id, and a time (Meta, call-settings, 2026-06-26). */
function accountUpdate(line: Line, event: string, details: object): object {
  const value = { phone_number: line.displayNumber, event, ...details };
  const changes = [{ field: 'account_update', value }];
  const entry = { id: '0', time: unixSeconds(line.clock.now()), changes };
  return { object: 'whatsapp_business_account', entry: [entry] };
}

/** The number's calling settings were changed, by whomever. */
export function settingsUpdate(line: Line): object {
  const now = line.clock.now();
  return envelope(line.businessAccountId, 'account_settings_update', {
    messaging_product: 'whatsapp',
    timestamp: time(now),
    type: 'phone_number_settings',
    phone_number_settings: { phone_number_id: line.id, calling: line.settings.toJson(now) },
  });
}
