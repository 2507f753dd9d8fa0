import { readCallingHours, type CallingHours } from './calling-hours';

/**
 * The limits as data. A designer picks a preset and may change single numbers; the rules read nothing else.
 * All durations are hours.
 */
export interface Policy extends PolicyNumbers {
  name: PolicyName;
  /** Where the preset's numbers come from. */
  source: string;
  /** Date of that source, ISO 8601. */
  date: string;
  /** Our own: when calls may be placed; null where at any time. */
  callingHours: CallingHours | null;
}

export type PresetName = 'cautious' | 'meta' | 'meta-test-number';
export type PolicyName = PresetName | 'custom';

export interface PolicyNumbers {
  /** How long a temporary permission lasts where WhatsApp gives no expiry. */
  permissionLasts: number;
  /** Permission requests in any 24 hours. */
  requestsPer24h: number;
  /** Permission requests in any 7 days. */
  requestsPer7d: number;
  /** Connected calls that we placed, in any 24 hours. */
  connectedCallsPer24h: number;
  /** Calls that the whole number begins, in any 24 hours, whatever becomes of them. */
  initiationsPer24h: number;
  /** Calls that the whole number has at the same time, in either direction. */
  concurrentCalls: number;
  /** Consecutive unanswered calls after which WhatsApp asks the user to reconsider. */
  reconsiderAfter: number;
  /** Consecutive unanswered calls after which WhatsApp revokes the permission. */
  revokeAfter: number;
  /** When an unanswered request lapses. */
  requestLapsesAfter: number;
  /** Our courtesy: how long to wait for an answer before asking again. */
  askAgainAfterNoAnswer: number;
  /** Our courtesy: how long to wait after a "no" before asking again. */
  askAgainAfterDecline: number;
  /** Our guard: pause of calls once WhatsApp has asked the user to reconsider. */
  pauseAfterReconsider: number;
  /** Our guard: pause of calls one unanswered call short of revocation. */
  pauseBeforeRevocation: number;
  /** How long a record is trusted without asking WhatsApp. */
  trustRecordsFor: number;
}

/** Those of the number: Meta, business-initiated-calls (2026-06-26) and calling troubleshooting (2026-06-24). */
const LIMITS_OF_THE_NUMBER = { initiationsPer24h: 10_000, concurrentCalls: 1000 };

const LIMITS_OF_WHATSAPP = {
  ...LIMITS_OF_THE_NUMBER,
  permissionLasts: 168,
  requestsPer24h: 1,
  requestsPer7d: 2,
  connectedCallsPer24h: 100,
  reconsiderAfter: 2,
  revokeAfter: 4,
  requestLapsesAfter: 168,
};

const AT_ANY_TIME = { callingHours: null };
const OUR_GUARD = { pauseAfterReconsider: 24, pauseBeforeRevocation: 72 };

/** The presets, each with the source and date of its numbers. */
export const PRESETS: Readonly<Record<PresetName, Policy>> = {
  cautious: {
    name: 'cautious',
    source: 'wolkvox, FAQ on WhatsApp outbound calls',
    date: '2026-02-20',
    ...LIMITS_OF_WHATSAPP,
    connectedCallsPer24h: 10,
    askAgainAfterNoAnswer: 72,
    askAgainAfterDecline: 168,
    ...OUR_GUARD,
    ...AT_ANY_TIME,
    trustRecordsFor: 1,
  },
  meta: {
    name: 'meta',
    source: 'Meta, WhatsApp Business Calling API: user call permissions',
    date: '2026-06-26',
    ...LIMITS_OF_WHATSAPP,
    askAgainAfterNoAnswer: 0,
    askAgainAfterDecline: 0,
    ...OUR_GUARD,
    ...AT_ANY_TIME,
    trustRecordsFor: 24,
  },
  'meta-test-number': {
    name: 'meta-test-number',
    source: 'Meta, WhatsApp Business Calling API: public test numbers and sandbox accounts',
    date: '2026-06-26',
    ...LIMITS_OF_WHATSAPP,
    requestsPer24h: 25,
    requestsPer7d: 100,
    reconsiderAfter: 5,
    revokeAfter: 10,
    askAgainAfterNoAnswer: 0,
    askAgainAfterDecline: 0,
    ...OUR_GUARD,
    ...AT_ANY_TIME,
    trustRecordsFor: 24,
  },
};

/** WhatsApp's own numbers: ours may be stricter, never laxer. A request lapses no earlier than WhatsApp says. */
const AT_MOST = [
  'permissionLasts',
  'requestsPer24h',
  'requestsPer7d',
  'connectedCallsPer24h',
  'initiationsPer24h',
  'concurrentCalls',
  'reconsiderAfter',
  'revokeAfter',
] as const satisfies readonly (keyof PolicyNumbers)[];
const COUNTS = [
  'requestsPer24h',
  'requestsPer7d',
  'connectedCallsPer24h',
  'initiationsPer24h',
  'concurrentCalls',
  'reconsiderAfter',
  'revokeAfter',
] as const satisfies readonly (keyof PolicyNumbers)[];
const AT_LEAST = ['requestLapsesAfter'] as const satisfies readonly (keyof PolicyNumbers)[];

/** A policy that cannot be used: unknown name or key, not a (whole) number, laxer than WhatsApp, or no calling hours. */
export class PolicyError extends Error {
  readonly code = 'invalid-policy';
}

/**
 * The policy for a preset name and what a designer changed: single numbers, and `callingHours` as
 * {@link readCallingHours} reads them. `custom` starts from `cautious`.
 *
 * @throws {PolicyError} on an unknown name or key, a value that is not a number >= 0, a count that is
 * not whole, a number laxer than WhatsApp's own, or calling hours that cannot be read
 */
export function policyFrom(name: string, overrides: unknown = {}): Policy {
  const preset = presetFor(name);
  const policy = { ...preset, ...readOverrides(overrides, preset), name: name as PolicyName };
  const own = PRESETS[name === 'meta-test-number' ? 'meta-test-number' : 'meta'];
  for (const key of AT_MOST) {
    if (policy[key] > own[key]) throw laxer(key, policy[key], own[key], 'at most');
  }
  for (const key of AT_LEAST) {
    if (policy[key] < own[key]) throw laxer(key, policy[key], own[key], 'at least');
  }
  return policy;
}

function presetFor(name: string): Policy {
  if (name === 'custom') return PRESETS.cautious;
  if (!Object.hasOwn(PRESETS, name)) throw new PolicyError(`There is no policy "${name}".`);
  return PRESETS[name as PresetName];
}

function readOverrides(overrides: unknown, preset: Policy): Partial<Policy> {
  if (typeof overrides !== 'object' || overrides === null || Array.isArray(overrides)) {
    throw new PolicyError(
      'The changed limits must be a JSON object such as {"connectedCallsPer24h": 5}.',
    );
  }
  const { callingHours, ...numbers } = overrides as Partial<Record<string, unknown>>;
  checkNumbers(numbers, preset);
  return callingHours === undefined
    ? numbers
    : { ...numbers, callingHours: readHours(callingHours) };
}

function readHours(value: unknown): CallingHours | null {
  const hours = value === null ? null : readCallingHours(value);
  if (typeof hours === 'string') throw new PolicyError(hours);
  return hours;
}

function checkNumbers(numbers: Partial<Record<string, unknown>>, preset: Policy): void {
  for (const [key, value] of Object.entries(numbers)) {
    if (!Object.hasOwn(preset, key) || typeof preset[key as keyof Policy] !== 'number') {
      throw new PolicyError(`There is no limit "${key}".`);
    }
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      throw new PolicyError(`The limit "${key}" must be a number, zero or more.`);
    }
    if ((COUNTS as readonly string[]).includes(key) && !Number.isInteger(value)) {
      throw new PolicyError(`The limit "${key}" counts something: it must be a whole number.`);
    }
  }
}

const laxer = (key: string, value: number, own: number, bound: string): PolicyError =>
  new PolicyError(`The limit "${key}" is ${value}; WhatsApp allows ${bound} ${own}.`);
