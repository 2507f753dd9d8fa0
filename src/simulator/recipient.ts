import { invalidParameter } from './graph-errors';
import type { VirtualNumber } from './number';
import type { Pair } from './pair';
import { toDigits } from './phone-numbers';

/**
 * The pair that a request is about: a phone number, or a business-scoped user id; the number wins.
 * @throws GraphError 100 where there is neither, or what is no number
 */
export function pairAddressed(
  number: VirtualNumber,
  phone: string | null,
  userId: string | null,
): Pair {
  if (phone !== null) {
    const digits = toDigits(phone);
    if (digits === null) throw invalidParameter('The recipient is not a phone number.');
    return number.pairWithNumber(digits);
  }
  if (userId === null) throw invalidParameter('A recipient is needed.');
  if (!/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(userId)) {
    throw invalidParameter('The recipient is not a business-scoped user id.');
  }
  return number.pairWithUserId(userId);
}
