import type { ContactNames } from '../rules/contact';
import type { Granted, Refused, RequestDelivered, RequestFailed, UserWrote } from '../rules/facts';
import type { WebhookChange } from './change';
import { isKnown, namesIn } from './names';
import { readSystemMessage } from './parse-system';
import { isTrueIn, objectIn, textIn, timeIn, wordIn, type JsonObject } from './reading';
import { origin, otherItem, timeOf, type Scope } from './scope';

/**
 * Reads an element of `messages`: an answer to a permission request, or anything else the user wrote, which
 * opens the 24 h service window. A `system` message is WhatsApp speaking, not the user.
 */
export function readMessage(item: JsonObject, scope: Scope): WebhookChange {
  if (wordIn(item, 'type') === 'SYSTEM') return readSystemMessage(item, scope);
  const contact = scope.findNames(namesIn(item, 'from', 'from_user_id', scope.displayNumber));
  const id = textIn(item, 'id');
  if (id === null || !isKnown(contact)) {
    return otherItem(item, scope, isKnown(contact) ? contact : null);
  }
  const told = { id, at: timeOf(item, scope), heard: scope.heard };
  const interactive = objectIn(item, 'interactive');
  const fact =
    wordIn(interactive, 'type') === 'CALL_PERMISSION_REPLY'
      ? replyOf(objectIn(interactive, 'call_permission_reply'), item, told)
      : ({ type: 'user-wrote', ...told } satisfies UserWrote);
  return fact === null ? otherItem(item, scope, contact) : changeOf(item, scope, contact, fact);
}

/**
 * Reads an element of `statuses` that is about a message: whether a permission request was delivered. `read` may
 * come without `delivered`, and `failed` comes without `contacts` (Meta, messages/status, 2026-05-21). Whether the
 * message was a request, the records know.
 */
export function readMessageStatus(item: JsonObject, scope: Scope): WebhookChange {
  const own = namesIn(item, 'recipient_id', 'recipient_user_id', scope.displayNumber);
  const contact = scope.findNames(own);
  const id = textIn(item, 'id');
  const type = DELIVERIES.get(wordIn(item, 'status'));
  if (id === null || type === undefined || !isKnown(contact)) {
    return otherItem(item, scope, isKnown(contact) ? contact : null);
  }
  return changeOf(item, scope, contact, { type, id, at: timeOf(item, scope), heard: scope.heard });
}

const DELIVERIES = new Map<string, 'request-delivered' | 'request-failed'>([
  ['DELIVERED', 'request-delivered'],
  ['READ', 'request-delivered'],
  ['FAILED', 'request-failed'],
]);

/**
 * The user's answer; null for a word that we do not know. `context` is missing where no request was answered (a
 * grant in the business profile, a revocation by WhatsApp or by hand), `is_permanent` in bodies from before
 * 2025-11-03. (Meta, user-call-permissions, 2026-06-26.)
 */
function replyOf(
  reply: JsonObject,
  item: JsonObject,
  told: Pick<Granted, 'id' | 'at' | 'heard'>,
): Granted | Refused | null {
  const request = textIn(objectIn(item, 'context'), 'id');
  switch (wordIn(reply, 'response')) {
    case 'ACCEPT':
      return { type: 'granted', ...told, ...extentOf(reply), request };
    case 'REJECT': {
      const automatic = wordIn(reply, 'response_source') === 'AUTOMATIC';
      return { type: 'refused', ...told, request, automatic };
    }
    default:
      return null;
  }
}

function extentOf(reply: JsonObject): Pick<Granted, 'kind' | 'expiresAt'> {
  return isTrueIn(reply, 'is_permanent')
    ? { kind: 'permanent', expiresAt: null }
    : { kind: 'temporary', expiresAt: timeIn(reply, 'expiration_timestamp') };
}

function changeOf(
  item: JsonObject,
  scope: Scope,
  contact: ContactNames,
  fact: Granted | Refused | UserWrote | RequestDelivered | RequestFailed,
): WebhookChange {
  return {
    kind: 'contact',
    ...origin(item, scope),
    id: fact.id,
    at: fact.at,
    contact,
    fact,
    call: null,
  };
}
