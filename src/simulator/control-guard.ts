import type { ReadRequest } from './answer';

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[?::1\]?)$/i;

/** Whether a host name means this machine, and nothing else can reach it. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/**
 * Keeps web pages away from the control API, which has no password: a page from elsewhere carries its own
 * `Origin`, and one that had its name pointed at this machine (DNS rebinding) carries its own `Host`.
 */
export function isOwnRequest(headers: ReadRequest['headers']): boolean {
  const { host, origin } = headers;
  if (typeof host !== 'string' || !isLoopback(host.replace(/:\d+$/, ''))) return false;
  return origin === undefined || origin === `http://${host}`;
}
