import type { CloudApiError, CloudApiErrorCode } from './errors';

/** How often a question is asked again before its error goes out. */
export const MOST_RETRIES = 3;

/** The longest wait that a message is held for, in milliseconds. Where WhatsApp asks for more, the error goes out. */
const LONGEST_WAIT = 30_000;

/** A time-out is not among them: the flow has already waited for as long as it was meant to. */
const PASSING = new Set<CloudApiErrorCode>([
  'network-down',
  'connection-cut',
  'server-error',
  'rate-limited',
  'look-up-rate-limited',
  'contact-rate-limited',
  'whatsapp-unavailable',
]);

/** Whether the same question may be answered in a moment. Never to be asked of a POST. */
export function isPassing(error: CloudApiError): boolean {
  const passes = PASSING.has(error.code) || (error.status !== null && error.status >= 500);
  return passes && (error.retryAfter ?? 0) <= LONGEST_WAIT;
}

/**
 * Exponential back-off with full jitter: anything from 0 to 1, 2, 4 seconds.
 * @returns milliseconds to wait before attempt `attempt`, counted from 1
 */
export function exponentialDelay(attempt: number): number {
  return Math.random() * 500 * 2 ** attempt;
}
