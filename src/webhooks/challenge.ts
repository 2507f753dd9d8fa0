import { createHash, timingSafeEqual } from 'node:crypto';

/** Letters and digits only, so that what is sent back can never be markup. */
const SAFE_CHALLENGE = /^[\w-]{1,256}$/;

/**
 * Answers WhatsApp's check of the address: the challenge to send back, or null where the check is refused.
 * (`GET ?hub.mode=subscribe&hub.verify_token=…&hub.challenge=…`; Meta, webhooks/getting-started, 2026-09-11.)
 *
 * @param url Path and query, as the request has it.
 */
export function answerChallenge(url: string, verifyTokens: readonly string[]): string | null {
  const query = new URLSearchParams(url.slice(url.indexOf('?') + 1));
  const token = query.get('hub.verify_token') ?? '';
  const challenge = query.get('hub.challenge') ?? '';
  const isAllowed =
    query.get('hub.mode') === 'subscribe' &&
    SAFE_CHALLENGE.test(challenge) &&
    token !== '' &&
    verifyTokens.some((expected) => isSame(expected, token));
  return isAllowed ? challenge : null;
}

/** Compares digests: in constant time, and without telling the length. */
function isSame(one: string, another: string): boolean {
  return timingSafeEqual(digest(one), digest(another));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
