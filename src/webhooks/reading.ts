/**
 * Reading what WhatsApp sends without trusting its types: a field that is not what it should be reads as
 * null (or an empty list), and nothing here throws. The names read are always ours, never the sender's.
 */

/** An object out of JSON. */
export type JsonObject = { readonly [field: string]: unknown };

const LONGEST_ID = 512;
/** The year 5138: a time in seconds beyond it was written in milliseconds, and is not believed. */
const LATEST_SECONDS = 100_000_000_000;
/** A call of a year: beyond it a duration is not believed. */
const LONGEST_DURATION = 31_536_000;
const BUSINESS_SCOPED_ID = /^[A-Z]{2}\.[A-Za-z0-9.]{1,140}$/;
const PHONE_NUMBER = /^\+?[\d\s().-]{3,40}$/;

const EMPTY: JsonObject = {};

/** The value as an object; an empty one where it is none. */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : EMPTY;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object in a field; an empty one where there is none. */
export function objectIn(object: JsonObject, name: string): JsonObject {
  return asObject(object[name]);
}

/** The objects of a list in a field; what is no object is passed over, a lone object is a list of one. */
export function objectsIn(object: JsonObject, name: string): readonly JsonObject[] {
  const value = object[name];
  if (Array.isArray(value)) return value.filter(isObject);
  return isObject(value) ? [value] : [];
}

/** A text in a field, or a whole number as text (WhatsApp's samples disagree); null where there is none. */
export function textIn(object: JsonObject, name: string, longest = LONGEST_ID): string | null {
  const value = object[name];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value !== '' && value.length <= longest ? value : null;
}

/** A word of a vocabulary in a field, in capitals (samples disagree on case); '' where there is none. */
export function wordIn(object: JsonObject, name: string): string {
  return (textIn(object, name, 100) ?? '').trim().toUpperCase();
}

/** True for `true` and "true" only. */
export function isTrueIn(object: JsonObject, name: string): boolean {
  return wordIn(object, name) === 'TRUE' || object[name] === true;
}

/** A time in a field, written in unix seconds as text or number, as epoch milliseconds; null if unreadable. */
export function timeIn(object: JsonObject, name: string): number | null {
  const seconds = wholeNumberIn(object, name);
  return seconds !== null && seconds > 0 && seconds < LATEST_SECONDS ? seconds * 1000 : null;
}

/** A time in a field that cannot lie ahead (epoch milliseconds): what does counts as `now`. */
export function pastTimeIn(object: JsonObject, name: string, now: number): number | null {
  const time = timeIn(object, name);
  return time === null ? null : Math.min(time, now);
}

/** A length of time in a field, in seconds; null if unreadable. */
export function durationIn(object: JsonObject, name: string): number | null {
  const seconds = wholeNumberIn(object, name);
  return seconds !== null && seconds <= LONGEST_DURATION ? seconds : null;
}

/** A whole number from 0 in a field, as text or number; null where there is none. */
export function wholeNumberIn(object: JsonObject, name: string): number | null {
  const text = textIn(object, name, 16);
  if (text === null || !/^\d+$/.test(text)) return null;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : null;
}

/** A phone number in a field as digits. Never from a user id: its digits would make a phantom phone. */
export function digitsIn(object: JsonObject, name: string): string | null {
  const text = textIn(object, name);
  if (text === null || !PHONE_NUMBER.test(text)) return null;
  const digits = text.replace(/\D/g, '');
  return digits.length >= 3 && digits.length <= 20 ? digits : null;
}

/** A business-scoped user id (`ES.7700112233`) in a field; null where there is none. */
export function userIdIn(object: JsonObject, name: string): string | null {
  const text = textIn(object, name);
  return text !== null && BUSINESS_SCOPED_ID.test(text) ? text : null;
}
