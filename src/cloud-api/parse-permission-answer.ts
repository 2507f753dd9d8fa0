import type { PermissionAnswer, Usage } from '../rules/facts';
import { fault } from './errors';
import { isObject, objectsIn, readNumber, readText, type JsonObject } from './json';

/**
 * The guide's words (Meta, user-call-permissions, 2026-06-26), then those of Meta's OpenAPI reference for the same
 * question (mid-2026). Any other word is `unknown`.
 */
const STATUS: Readonly<Record<string, PermissionAnswer['status']>> = {
  no_permission: 'none',
  temporary: 'temporary',
  permanent: 'permanent',
  granted: 'temporary',
  pending: 'none',
  denied: 'none',
  expired: 'none',
};

/**
 * Reads the answer to a permission look-up in every shape that is documented or in use: bare, in `data[0]`, and in
 * the spelling of AWS End User Messaging (camel case).
 * @throws {CloudApiError} `invalid-response` where there is no permission in it
 */
export function parsePermissionAnswer(body: unknown): PermissionAnswer {
  const answer = unwrap(body);
  if (!isObject(answer) || !isObject(answer.permission)) {
    throw fault('invalid-response', 'unknown', { details: 'it says nothing about the permission' });
  }
  const request = actionIn(answer, 'send_call_permission_request');
  const call = actionIn(answer, 'start_call');
  return {
    ...readPermission(answer.permission),
    canRequest: isAllowed(request),
    canCall: isAllowed(call),
    requestsPer24h: usageIn(request, 24),
    requestsPer7d: usageIn(request, 7 * 24),
    connectedCallsPer24h: usageIn(call, 24),
  };
}

function unwrap(body: unknown): unknown {
  return isObject(body) && Array.isArray(body.data) ? (body.data as unknown[])[0] : body;
}

/** The first of some spellings of a field that says anything; null where none does. */
function field(object: JsonObject | undefined, ...names: string[]): unknown {
  const name = names.find((each) => !isBlank(object?.[each]));
  return name === undefined ? null : object?.[name];
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function readPermission(permission: JsonObject): Pick<PermissionAnswer, 'status' | 'expiresAt'> {
  const word = readText(permission.status)?.toLowerCase() ?? '';
  const status = Object.hasOwn(STATUS, word) ? (STATUS[word] ?? 'unknown') : 'unknown';
  if (status !== 'temporary') return { status, expiresAt: null };
  const expiry = field(permission, 'expiration_time', 'expiration', 'expirationTime');
  const expiresAt = readTime(expiry);
  // An end that is given and cannot be read must not turn into a permission without one.
  return expiry !== null && expiresAt === null
    ? { status: 'unknown', expiresAt }
    : { status, expiresAt };
}

/** The year 5138: a time in seconds beyond it was written in milliseconds, and is not believed. */
const LATEST_SECONDS = 100_000_000_000;

/** Seconds as WhatsApp writes them, a number or a string, as epoch milliseconds. */
function readTime(seconds: unknown): number | null {
  const read = readNumber(seconds);
  return read !== null && read > 0 && read < LATEST_SECONDS ? Math.round(read * 1000) : null;
}

function actionIn(answer: JsonObject, name: string): JsonObject | undefined {
  return objectsIn(answer.actions).find(
    (action) => field(action, 'action_name', 'actionName') === name,
  );
}

function isAllowed(action: JsonObject | undefined): boolean {
  const allowed = field(action, 'can_perform_action', 'can_perform', 'canPerformAction');
  return allowed === true || allowed === 'true';
}

function usageIn(action: JsonObject | undefined, hours: number): Usage | null {
  const limit = objectsIn(action?.limits).find(
    (each) => readHours(field(each, 'time_period', 'timePeriod')) === hours,
  );
  const used = readNumber(field(limit, 'current_usage', 'currentUsage'));
  const allowed = readNumber(field(limit, 'max_allowed', 'maxAllowed'));
  if (used === null || allowed === null) return null;
  const resetsAt = readTime(field(limit, 'limit_expiration_time', 'limitExpirationTime'));
  return { used, allowed, resetsAt: used >= allowed ? resetsAt : null };
}

/** The length of a period in hours: `PT24H` and `P1D` of the guide, `24h` of the OpenAPI reference, `7d`. */
function readHours(period: unknown): number | null {
  const match = typeof period === 'string' ? /^P?T?(\d{1,4})([HD])$/i.exec(period) : null;
  if (match === null) return null;
  return Number(match[1]) * (match[2]?.toUpperCase() === 'D' ? 24 : 1);
}
