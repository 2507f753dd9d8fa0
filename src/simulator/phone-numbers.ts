/** Digits only: "+57 300 123 4567" and "573001234567" are one number. Null where anything else is in it. */
export function toDigits(number: string): string | null {
  const digits = number.replaceAll(/[\s+().-]/g, '');
  return /^\d{5,20}$/.test(digits) ? digits : null;
}

/** Ways to write the mobile numbers of a country that lead to one subscriber: the long one, and the short one. */
const SPELLINGS: readonly [long: RegExp, short: string, isShort: RegExp, long: string][] = [
  // Brazil: with and without the ninth digit
  [/^55(\d\d)9(\d{8})$/, '55$1$2', /^55(\d\d)(\d{8})$/, '55$19$2'],
  // Mexico: 52 1 … and 52 …
  [/^521(\d{10})$/, '52$1', /^52(\d{10})$/, '521$1'],
  // Argentina: 54 9 … and 54 …
  [/^549(\d{10})$/, '54$1', /^54(\d{10})$/, '549$1'],
];

/**
 * One key for all spellings of a number (digits): what was dialled may differ from the `wa_id` in Brazil,
 * Mexico and Argentina (chatwoot #14315, evolution-api #447, waha #2120).
 */
export function subscriberKey(digits: string): string {
  const spelling = SPELLINGS.find(([pattern]) => pattern.test(digits));
  return spelling ? digits.replace(spelling[0], spelling[1]) : digits;
}

/** The number (digits) as others write it; null where there is one way only. */
export function otherSpelling(digits: string): string | null {
  const key = subscriberKey(digits);
  if (key !== digits) return key;
  const spelling = SPELLINGS.find(([, , isShort]) => isShort.test(digits));
  return spelling ? digits.replace(spelling[2], spelling[3]) : null;
}
