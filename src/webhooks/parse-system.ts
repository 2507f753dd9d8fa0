import type { ContactNames } from '../rules/contact';
import type { WebhookChange } from './change';
import { isKnown, namesIn } from './names';
import { digitsIn, objectIn, textIn, userIdIn, wordIn, type JsonObject } from './reading';
import { origin, otherItem, timeOf, type Scope } from './scope';

/** `customer_…` and `new_wa_id` are of older versions of the API. (Meta, messages/system, 2026-08-11.) */
const CHANGES = new Set(['USER_CHANGED_NUMBER', 'CUSTOMER_CHANGED_NUMBER', 'USER_CHANGED_USER_ID']);

/**
 * Reads a message in which not the user speaks but WhatsApp: that the user has another number, and with it another
 * user id, or another user id alone, where the number must not be told. Such a message has no `contacts`. What does
 * not name the user both as before and as now is passed on as it is.
 */
export function readSystemMessage(item: JsonObject, scope: Scope): WebhookChange {
  const system = objectIn(item, 'system');
  const sender = namesIn(item, 'from', 'from_user_id', scope.displayNumber);
  const present = presentNames(system, scope.displayNumber);
  const former = formerNames(sender, system, present);
  const id = textIn(item, 'id');
  const isChange = CHANGES.has(wordIn(system, 'type')) && isKnown(present) && isKnown(former);
  if (!isChange || id === null) return otherItem(item, scope, isKnown(sender) ? sender : null);
  const at = timeOf(item, scope);
  return {
    kind: 'contact',
    ...origin(item, scope),
    id,
    at,
    contact: present,
    former,
    fact: { type: 'number-changed', id, at, heard: scope.heard },
    call: null,
  };
}

function presentNames(system: JsonObject, ownNumber: string | null): ContactNames {
  const number = digitsIn(system, 'wa_id') ?? digitsIn(system, 'new_wa_id');
  const waId = number === ownNumber ? null : number;
  return { waId, userId: userIdIn(system, 'user_id'), phone: null };
}

/** The sender's names and those that are called the previous ones, but for what holds still. */
function formerNames(
  sender: ContactNames,
  system: JsonObject,
  present: ContactNames,
): ContactNames {
  const previous = namesIn(system, 'customer', 'previous_user_id', present.waId);
  const [waId = null, phone = null] = [...new Set([sender.waId, previous.waId])].filter(
    (number) => number !== null && number !== present.waId,
  );
  const userIds = [previous.userId, sender.userId];
  const userId = userIds.find((each) => each !== null && each !== present.userId) ?? null;
  return { waId, userId, phone };
}
