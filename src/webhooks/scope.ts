import type { ContactNames } from '../rules/contact';
import type { WebhookChange } from './change';
import { nameFinder, type NameFinder } from './names';
import { presentable } from './raw';
import { digitsIn, objectIn, objectsIn, pastTimeIn, textIn, type JsonObject } from './reading';

/** One element of `changes[]`, and what all its items share. */
export interface Scope {
  /** The whole element, `{field, value}`. */
  element: JsonObject;
  /** The webhook field: `calls`, `messages`, `account_update` … */
  field: string;
  value: JsonObject;
  calls: readonly JsonObject[];
  statuses: readonly JsonObject[];
  messages: readonly JsonObject[];
  /** They stand beside the items, not inside. */
  errors: readonly JsonObject[];
  phoneNumberId: string | null;
  /** Digits only. */
  displayNumber: string | null;
  businessAccountId: string | null;
  /** When the body arrived, epoch milliseconds. */
  heard: number;
  /** When WhatsApp sent it, epoch milliseconds; the arrival where it does not say. */
  sent: number;
  findNames: NameFinder;
}

export function scopeOf(entry: JsonObject, element: JsonObject, heard: number): Scope {
  const value = objectIn(element, 'value');
  const calls = objectsIn(value, 'calls');
  const statuses = objectsIn(value, 'statuses');
  const messages = objectsIn(value, 'messages');
  const numbers = numbersIn(value);
  const items = calls.length + statuses.length + messages.length;
  return {
    element,
    field: textIn(element, 'field') ?? '',
    value,
    calls,
    statuses,
    messages,
    errors: objectsIn(value, 'errors'),
    ...numbers,
    businessAccountId: businessAccountIdIn(entry),
    heard,
    sent: pastTimeIn(value, 'timestamp', heard) ?? pastTimeIn(entry, 'time', heard) ?? heard,
    findNames: nameFinder(value, items, numbers.displayNumber),
  };
}

/** Account webhooks name the number without `metadata`, each in its own way. */
function numbersIn(value: JsonObject): Pick<Scope, 'phoneNumberId' | 'displayNumber'> {
  const metadata = objectIn(value, 'metadata');
  const settings = objectIn(value, 'phone_number_settings');
  return {
    phoneNumberId: textIn(metadata, 'phone_number_id') ?? textIn(settings, 'phone_number_id'),
    displayNumber:
      digitsIn(metadata, 'display_phone_number') ??
      digitsIn(value, 'display_phone_number') ??
      digitsIn(value, 'phone_number'),
  };
}

/** Where an account webhook names one number, the entry's id is "0" (Meta, call-settings, 2026-06-26). */
function businessAccountIdIn(entry: JsonObject): string | null {
  const id = textIn(entry, 'id');
  return id === '0' ? null : id;
}

/** WhatsApp's time of an item, epoch milliseconds; the arrival where it is missing, unreadable or ahead. */
export function timeOf(item: JsonObject, scope: Scope): number {
  return pastTimeIn(item, 'timestamp', scope.heard) ?? scope.heard;
}

/** What every change says about where it came from. */
export function origin(
  part: JsonObject,
  scope: Scope,
): Pick<WebhookChange, 'phoneNumberId' | 'displayNumber' | 'businessAccountId' | 'raw'> {
  const { phoneNumberId, displayNumber, businessAccountId } = scope;
  return { phoneNumberId, displayNumber, businessAccountId, raw: presentable(part) };
}

/** An item that is not about calling, or that cannot be read: passed on as it is. */
export function otherItem(
  item: JsonObject,
  scope: Scope,
  contact: ContactNames | null = null,
): WebhookChange {
  const id = textIn(item, 'id');
  return { kind: 'other', ...origin(item, scope), id, at: timeOf(item, scope), contact };
}

/** A whole element without items that we know: passed on with its field's name. */
export function otherElement(scope: Scope): WebhookChange {
  const from = origin(scope.element, scope);
  return { kind: 'other', ...from, id: null, at: scope.sent, contact: null };
}
