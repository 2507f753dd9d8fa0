import type { ContactRecord } from './record';
import { DAY, MINUTE } from './time';

/** How long a message or call of the user lets us write freely (Meta, pricing, 2026-03-30). */
const SERVICE_WINDOW = DAY;

/**
 * How much earlier we take the window to be shut. A message is on its way for a while, WhatsApp's clock and ours
 * differ, and of a missed call we may know no more than its end.
 */
const SAFETY = 5 * MINUTE;

/**
 * Until when a message without a template may be sent (epoch milliseconds, exclusive); null where no window is known
 * to have been opened. The user's messages open it, the user's calls (answered or not), and our calls that the user
 * accepts (Meta, pricing, 2026-03-30). Whether answering a permission request does is not published: here it does
 * not. A window belongs to the pair of numbers: another number of the user starts without one.
 */
export function serviceWindowUntil({ wroteAt, movedAt = -Infinity }: ContactRecord): number | null {
  return wroteAt === undefined || wroteAt <= movedAt ? null : wroteAt + SERVICE_WINDOW - SAFETY;
}
