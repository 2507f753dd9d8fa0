import { createHmac } from 'node:crypto';

/**
 * Proves that whoever holds the access token knows the app secret too, so that a stolen token alone is worth nothing
 * to an app that requires it: the hexadecimal HMAC-SHA256 of the token, sent as `appsecret_proof` with each request.
 * (Meta, graph-api/guides/secure-requests.)
 */
export const appSecretProof = (appSecret: string, accessToken: string): string =>
  createHmac('sha256', appSecret).update(accessToken).digest('hex');
