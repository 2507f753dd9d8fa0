import { createHmac, timingSafeEqual } from 'node:crypto';

const SIGNATURE = /^sha256=[0-9a-fA-F]{64}$/;

/** Whether a header has the form of a signature at all: what has not needs no body to be refused. */
export function looksSigned(header: string | string[] | undefined): header is string {
  return typeof header === 'string' && SIGNATURE.test(header);
}

/**
 * Whether a webhook body was signed with one of our app secrets (more than one while a secret is being
 * replaced): `X-Hub-Signature-256: sha256=<hex>` is the HMAC-SHA256 of the raw bytes. Only the untouched
 * bytes will do: WhatsApp escapes non-ASCII letters, so JSON written again never matches. Without a secret
 * nothing is ever valid. (Meta, webhooks/getting-started, 2026-09-11.)
 */
export function verifySignature(
  rawBody: Buffer,
  header: string | string[] | undefined,
  secrets: readonly string[],
): boolean {
  if (!looksSigned(header)) return false;
  const given = Buffer.from(header.slice('sha256='.length), 'hex');
  return secrets.some((secret) => {
    if (secret === '') return false;
    const expected = createHmac('sha256', secret).update(rawBody).digest();
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
}
