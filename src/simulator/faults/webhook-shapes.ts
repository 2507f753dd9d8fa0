import { isObject, objectAt, textAt, type JsonObject } from '../json';
import { otherSpelling } from '../phone-numbers';
import { drifted } from './drift';
import type { Faults } from './faults';
import { changeIn, listAt } from './webhook-parts';

/** The words for the direction of a call in older documents of partners. */
const OLD_DIRECTIONS: Readonly<Record<string, readonly string[]>> = {
  BUSINESS_INITIATED: ['outgoing', 'OUTBOUND', 'business'],
  USER_INITIATED: ['incoming', 'INBOUND', 'user'],
};

/** Fields that hold the number of a user. Of a call they may hold our own as well. */
const NUMBER_FIELDS = ['to', 'from', 'recipient_id', 'wa_id'];
const USER_ID_FIELDS = ['to_user_id', 'from_user_id', 'recipient_user_id', 'user_id'];

/** A webhook as it might come: with what senders leave out, spell otherwise or write in other types. */
export function reshaped(news: object, faults: Faults): JsonObject {
  const body = structuredClone(news) as JsonObject;
  const { field, value } = changeIn(body);
  if (field !== 'calls' && field !== 'messages') return drift(body, faults);
  const own = textAt(objectAt(value, 'metadata'), 'display_phone_number') ?? '';
  const items = ['calls', 'statuses', 'messages'].flatMap((key) => listAt(value, key));
  for (const item of items) reshapeItem(item, faults);
  hideNames([...items, ...listAt(value, 'contacts')], own, field, faults);
  if (faults.strikes('contacts-missing')) delete value['contacts'];
  return drift(body, faults);
}

const drift = (body: JsonObject, faults: Faults): JsonObject =>
  faults.strikes('types-drift') ? drifted(body) : body;

function reshapeItem(item: JsonObject, faults: Faults): void {
  if ('context' in item && faults.strikes('context-missing')) delete item['context'];
  if (item['status'] === 'delivered' && faults.strikes('read-without-delivered')) {
    item['status'] = 'read';
  }
  const words = OLD_DIRECTIONS[textAt(item, 'direction') ?? ''];
  if (words !== undefined && faults.strikes('old-directions')) {
    item['direction'] = faults.pick('old-directions', words);
  }
  const reply = objectAt(objectAt(item, 'interactive'), 'call_permission_reply');
  if (reply['is_permanent'] === false && faults.strikes('is-permanent-missing')) {
    delete reply['is_permanent'];
  }
}

/** Some name of the user always stays in what the business may have to tell it by. */
function hideNames(parts: JsonObject[], own: string, field: string, faults: Faults): void {
  const waId = NUMBER_FIELDS.flatMap((key) => parts.map((part) => textAt(part, key))).find(
    (number) => number !== null && number !== own,
  );
  const hasUserId = parts.some((part) => USER_ID_FIELDS.some((key) => key in part));
  if (waId === undefined || waId === null) return;
  const isUsers = (part: JsonObject, key: string): boolean => textAt(part, key) === waId;
  const hideNumber = (from: JsonObject[]): void => {
    for (const part of from)
      for (const key of NUMBER_FIELDS) if (isUsers(part, key)) delete part[key];
  };
  if (hasUserId && faults.marks('number-hidden', waId)) return hideNumber(parts);
  if (hasUserId && field === 'calls' && faults.strikes('to-missing')) {
    return hideNumber(parts.filter((part) => 'id' in part));
  }
  if (faults.strikes('user-id-missing')) {
    for (const part of parts) for (const key of USER_ID_FIELDS) delete part[key];
  }
  const other = otherSpelling(waId);
  if (other === null || !faults.strikes('number-respelled')) return;
  for (const part of parts.filter(isObject)) {
    for (const key of NUMBER_FIELDS) if (isUsers(part, key)) part[key] = other;
  }
}
