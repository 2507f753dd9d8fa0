interface NumberingPlan {
  /** A spelling that is not the canonical one. */
  spelling: RegExp;
  canonical: string;
}

/**
 * Spellings of mobile numbers that reach the same WhatsApp user, although WhatsApp gives only one of them as
 * `wa_id` (chatwoot #14315, evolution-api #447, waha #2120). They are limited to numbers where both spellings
 * can be the same line.
 */
const PLANS: readonly NumberingPlan[] = [
  // Brazil put a 9 before its eight-digit mobile numbers, which began with 6 to 9 (Anatel, done by 2016).
  // Landlines begin with 2 to 5, and "9" before those digits is another line.
  { spelling: /^(55[1-9][1-9])([6-9]\d{7})$/, canonical: '$19$2' },
  // Mexico dropped the 1 after the country code on 2019-08-03 (IFT); no number of its plan begins with 1.
  { spelling: /^521([2-9]\d{9})$/, canonical: '52$1' },
  // Argentina writes a 9 before the area code (1…, 2…, 3…) of a mobile number that is called from abroad.
  { spelling: /^549([1-3]\d{9})$/, canonical: '54$1' },
];

/**
 * The one form of all spellings of a number, for finding a record, never for dialling. Takes and returns
 * digits without "+"; what is no such number comes back as it is.
 */
export function canonicalNumber(digits: string): string {
  const plan = PLANS.find(({ spelling }) => spelling.test(digits));
  return plan === undefined ? digits : digits.replace(plan.spelling, plan.canonical);
}
