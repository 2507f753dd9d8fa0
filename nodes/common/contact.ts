import {
  parsePhoneNumberFromString,
  isSupportedCountry,
  type CountryCode,
} from 'libphonenumber-js';
import { mask } from '../../src/mask';
import type { ContactNames } from '../../src/rules';

export type ContactErrorCode = 'contact-missing' | 'contact-invalid';

/** What a message calls its contact cannot be one. */
export class ContactError extends Error {
  readonly code: ContactErrorCode;

  constructor(code: ContactErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Country code, optionally `ENT` for a parent id, then letters and digits (Meta, business-scoped user ids, 2026-06-29). */
const USER_ID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;

/** Longest number of the international plan (ITU-T E.164). */
const WA_ID = /^\d{6,15}$/;

/**
 * Reads what a message calls its contact: a number as people type it, a WhatsApp user id, or an object with
 * `phone`, `waId` or `userId`. What WhatsApp itself wrote (`waId`) is not checked against numbering plans.
 *
 * @param country ISO 3166-1 alpha-2, for national numbers; empty where only international ones are accepted
 * @throws {ContactError}
 */
export function readContact(value: unknown, country: string): ContactNames {
  if (typeof value === 'number') return readText(String(value), country);
  if (typeof value === 'string') return readText(value.trim(), country);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return readObject(value, country);
  if (value === undefined || value === null) throw missing();
  throw new ContactError(
    'contact-invalid',
    'The contact must be a number, a user id or an object.',
  );
}

function readText(text: string, country: string): ContactNames {
  if (text === '') throw missing();
  if (USER_ID.test(text)) return { waId: null, userId: text, phone: null };
  return { waId: null, userId: null, phone: readPhone(text, country) };
}

function readObject(value: object, country: string): ContactNames {
  const { phone, waId, userId } = value as Record<string, unknown>;
  const isGiven = (part: unknown): boolean => part !== undefined && part !== null && part !== '';
  if (![phone, waId, userId].some(isGiven)) throw missing();
  return {
    phone: isGiven(phone) ? readPhone(String(phone).trim(), country) : null,
    waId: isGiven(waId) ? readWaId(String(waId).trim()) : null,
    userId: isGiven(userId) ? readUserId(String(userId).trim()) : null,
  };
}

function readWaId(text: string): string {
  const digits = text.replace(/^\+/, '');
  if (!WA_ID.test(digits)) throw invalid(text);
  return digits;
}

function readUserId(text: string): string {
  if (!USER_ID.test(text)) throw invalid(text);
  return text;
}

/**
 * Digits of the international number. A number without "+" may be meant as a national or as an international one;
 * where both are valid and are two people's, nobody is called.
 */
function readPhone(text: string, country: string): string {
  const home = homeOf(country);
  const hasPlus = /^\(?\+/.test(text);
  const national = hasPlus ? undefined : home && parsePhoneNumberFromString(text, home);
  const international = parsePhoneNumberFromString(hasPlus ? text : `+${text}`);
  if (national?.isValid()) {
    if (international?.isValid() && international.number !== national.number) throw ambiguous(text);
    return digitsOf(national.number);
  }
  if (international?.isPossible()) return digitsOf(international.number);
  const asWritten = text.replaceAll(/[\s().-]/g, '').replace(/^\+/, '');
  if (isWrittenByWhatsApp(asWritten)) return asWritten;
  throw invalid(text, home === undefined);
}

/** WhatsApp keeps an old mobile prefix in Mexican numbers (521…) that numbering plans no longer know. */
const isWrittenByWhatsApp = (digits: string): boolean => /^521\d{10}$/.test(digits);

const digitsOf = (number: string): string => number.slice(1);

function homeOf(country: string): CountryCode | undefined {
  const code = country.trim().toUpperCase();
  return isSupportedCountry(code) ? code : undefined;
}

const missing = (): ContactError =>
  new ContactError('contact-missing', 'The message names no contact.');

function invalid(text: string, mayBeNational = false): ContactError {
  const hint = mayBeNational ? ' A national number needs the default country of the account.' : '';
  return new ContactError(
    'contact-invalid',
    `"${mask(text)}" is not a phone number or user id.${hint}`,
  );
}

const ambiguous = (text: string): ContactError =>
  new ContactError(
    'contact-invalid',
    `"${mask(text)}" is a number here and another one abroad: write it with "+" and the country code.`,
  );
