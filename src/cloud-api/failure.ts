import { isAxiosError, type AxiosError, type AxiosResponse } from 'axios';
import { CloudApiError, fault } from './errors';
import { nameGraphError } from './graph-errors';
import { isObject, parseJson, readNumber, readText, type JsonObject } from './json';

/** What is needed to read a failure. */
export interface FailureContext {
  /** Epoch milliseconds; `Retry-After` may be a date. */
  now: () => number;
  /** Aborted where it was us who closed the connection. */
  closed: AbortSignal;
  /** Takes secrets and phone numbers out of a text that came from outside. */
  redact: (text: string) => string;
}

/**
 * Turns whatever a request threw into a {@link CloudApiError}. The axios error is dropped whole: its `config` holds
 * the access token.
 */
export function describeFailure(thrown: unknown, context: FailureContext): CloudApiError {
  if (thrown instanceof CloudApiError) return thrown;
  if (!isAxiosError(thrown)) return fault('connection-cut', 'unknown');
  const { response } = thrown;
  return typeof response?.data === 'string'
    ? describeResponse(response, context)
    : describeConnection(thrown, context.closed);
}

/** What an answer means that is no success, or that holds an error all the same. */
export function describeResponse(
  response: Pick<AxiosResponse<string>, 'status' | 'headers' | 'data'>,
  context: FailureContext,
): CloudApiError {
  const { status } = response;
  const body = parseJson(response.data);
  const retryAfter = readRetryAfter(response.headers['retry-after'], context.now());
  if (isObject(body) && isObject(body.error)) {
    return describeGraphError(body.error, { status, retryAfter }, context);
  }
  const details = `HTTP ${status}`;
  if (status === 429) return fault('rate-limited', 'refused', { status, retryAfter, details });
  const code = status >= 500 ? 'server-error' : 'invalid-response';
  return fault(code, 'unknown', { status, retryAfter, details });
}

function describeGraphError(
  error: JsonObject,
  { status, retryAfter }: { status: number; retryAfter: number | null },
  { redact }: FailureContext,
): CloudApiError {
  const number = readNumber(error.code);
  if (isAboutProof(error)) return fault('app-secret-proof', 'refused', { number, status });
  const { code, meaning } = nameGraphError(number, readNumber(error.error_subcode));
  const details = readDetails(error);
  return new CloudApiError(code, {
    meaning,
    number,
    status,
    retryAfter,
    details: details === null ? null : redact(details),
    outcome: status >= 400 && status < 500 ? 'refused' : 'unknown',
  });
}

/**
 * A wrong proof of the app secret, or a missing one where the app requires it, has the number of any invalid parameter
 * (100) and is told by its words only: "Invalid appsecret_proof provided in the API argument".
 */
function isAboutProof({ message }: JsonObject): boolean {
  return readText(message)?.includes('appsecret_proof') === true;
}

/** `error_data` may be absent, a string or an object (Meta, error codes, 2026-05-15; clients in use). */
function readDetails(error: JsonObject): string | null {
  const data = error.error_data;
  return (
    readText(isObject(data) ? data.details : data) ??
    readText(error.error_user_msg) ??
    readText(error.message)
  );
}

/** @returns milliseconds from `now`; null where the header is missing or makes no sense */
function readRetryAfter(header: unknown, now: number): number | null {
  if (typeof header !== 'string') return null;
  const seconds = readNumber(header);
  const wait = seconds === null ? Date.parse(header) - now : seconds * 1000;
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}

/**
 * Connecting failed, so nothing of the request has left: there is no host, or no TLS with it. A certificate is looked at
 * before anything is sent, and `EPROTO` is a write that TLS never took on.
 */
const NEVER_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EPROTO|EAI_\w+|CERT_\w+|UNABLE_TO_\w+|(DEPTH_ZERO_)?SELF_SIGNED_\w+|ERR_TLS_\w+|ERR_SSL_\w*(VERSION|PROTOCOL|HANDSHAKE)\w*|ERR_INVALID_\w+)$/;

function describeConnection(error: AxiosError, closed: AbortSignal): CloudApiError {
  const reason = error.code ?? '';
  const details = reason === '' ? null : reason;
  if (reason === 'ERR_CANCELED') return fault(closed.aborted ? 'closed' : 'timeout', 'unknown');
  if (reason.startsWith('HPE_')) return fault('invalid-response', 'unknown', { details });
  if (error.message.startsWith('maxContentLength')) {
    return fault('invalid-response', 'unknown', { details: 'it is too long' });
  }
  if (failedToConnect(error)) return fault('network-down', 'not-sent', { details });
  return fault('connection-cut', 'unknown', { details });
}

function failedToConnect({ code, cause }: AxiosError): boolean {
  // Node.js tries the addresses of a host side by side and throws all their failures together.
  if (cause instanceof AggregateError) return true;
  const syscall = isObject(cause) ? cause.syscall : undefined;
  return syscall === 'connect' || syscall === 'getaddrinfo' || NEVER_CONNECTED.test(code ?? '');
}
