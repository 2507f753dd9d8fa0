import type { ContactNames } from '../rules/contact';
import { digitsIn, objectsIn, userIdIn, type JsonObject } from './reading';

/** Completes the names that an item (a call, a status, a message) gives with those in `contacts`. */
export type NameFinder = (own: ContactNames) => ContactNames;

export const NO_NAMES: ContactNames = { waId: null, userId: null, phone: null };

/** Whether at least one name is known. */
export function isKnown(names: ContactNames): boolean {
  return names.waId !== null || names.userId !== null || names.phone !== null;
}

/**
 * The names in two fields of an item: a number and a user id. Some senders put the user id where the number
 * belongs; our own number is never a contact (Meta's samples swap `from` and `to`).
 */
export function namesIn(
  item: JsonObject,
  numberField: string,
  userIdField: string,
  ownNumber: string | null,
): ContactNames {
  const digits = digitsIn(item, numberField);
  return {
    waId: digits === ownNumber ? null : digits,
    userId: userIdIn(item, userIdField) ?? userIdIn(item, numberField),
    phone: null,
  };
}

/**
 * Finds an item's entry in `contacts`. The entry's `wa_id` is how WhatsApp writes the number, which in Brazil,
 * Mexico and Argentina differs from the number that was dialled: both are kept. A lone contact beside a lone
 * item is that item's; among several only an equal number or user id decides. `contacts` may be absent, and
 * leaves out the number of users who go by a user name (Meta, business-scoped-user-ids, 2026-06-29).
 */
export function nameFinder(value: JsonObject, items: number, ownNumber: string | null): NameFinder {
  const contacts = objectsIn(value, 'contacts')
    .map((contact) => namesIn(contact, 'wa_id', 'user_id', ownNumber))
    .filter(isKnown);
  const lone = contacts.length === 1 && items === 1 ? contacts[0] : undefined;
  const byName = new Map<string, ContactNames>();
  for (const contact of contacts) {
    for (const name of [contact.waId, contact.userId]) {
      if (name !== null && !byName.has(name)) byName.set(name, contact);
    }
  }
  return (own) => {
    const contact = lone ?? byName.get(own.userId ?? '') ?? byName.get(own.waId ?? '');
    return contact === undefined || areTwoUsers(own, contact) ? own : united(own, contact);
  };
}

function areTwoUsers(one: ContactNames, another: ContactNames): boolean {
  return one.userId !== null && another.userId !== null && one.userId !== another.userId;
}

function united(own: ContactNames, contact: ContactNames): ContactNames {
  const waId = contact.waId ?? own.waId;
  return {
    waId,
    userId: contact.userId ?? own.userId,
    phone: own.waId === waId ? null : own.waId,
  };
}
