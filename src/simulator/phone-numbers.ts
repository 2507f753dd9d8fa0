/** Digits only: "+57 300 123 4567" and "573001234567" are one number. Null where anything else is in it. */
export function toDigits(number: string): string | null {
  const digits = number.replaceAll(/[\s+().-]/g, '');
  return /^\d{5,20}$/.test(digits) ? digits : null;
}

/** Ways to write the mobile numbers of a country that lead to one subscriber. */
const SPELLINGS: readonly [pattern: RegExp, one: string][] = [
  [/^55(\d\d)9(\d{8})$/, '55$1$2'], // Brazil: with and without the ninth digit
  [/^521(\d{10})$/, '52$1'], // Mexico: 52 1 … and 52 …
  [/^549(\d{10})$/, '54$1'], // Argentina: 54 9 … and 54 …
];

/**
 * One key for all spellings of a number (digits): what was dialled may differ from the `wa_id` in Brazil,
 * Mexico and Argentina (chatwoot #14315, evolution-api #447, waha #2120).
 */
export function subscriberKey(digits: string): string {
  const spelling = SPELLINGS.find(([pattern]) => pattern.test(digits));
  return spelling ? digits.replace(spelling[0], spelling[1]) : digits;
}
