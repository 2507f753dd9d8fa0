import { SimulatorError } from './errors';

/** WhatsApp's numbers, per pair of business number and user unless it says otherwise. */
export interface Limits {
  requestsPer24h: number;
  requestsPer7d: number;
  connectedCallsPer24h: number;
  /** Consecutive unanswered calls at which WhatsApp asks the user to reconsider. */
  reconsiderAfter: number;
  /** Consecutive unanswered calls at which WhatsApp revokes the permission. */
  revokeAfter: number;
  /** How long a temporary permission lasts, hours from the approval. */
  permissionHours: number;
  /** How long a request can be answered, hours from its delivery, or from its last answer. */
  requestHours: number;
  /** How long free-form messages may be sent after the user's last sign of life, hours. */
  serviceWindowHours: number;
  /** Seconds a phone rings. Not published by Meta; ours. */
  ringSeconds: number;
  /** Per business number. */
  initiationsPer24h: number;
  /** Per business number. */
  concurrentCalls: number;
}

export type LimitsPreset = 'meta' | 'meta-test-number';

/** Meta, user-call-permissions 2026-06-26, business-initiated-calls 2026-06-26, troubleshooting 2026-06-24. */
const meta: Limits = {
  requestsPer24h: 1,
  requestsPer7d: 2,
  connectedCallsPer24h: 100,
  reconsiderAfter: 2,
  revokeAfter: 4,
  permissionHours: 168,
  requestHours: 168,
  serviceWindowHours: 24,
  ringSeconds: 45,
  initiationsPer24h: 10_000,
  concurrentCalls: 1000,
};

/** Meta, calling overview 2026-06-26: sandbox and public test numbers. */
const metaTestNumber: Limits = {
  ...meta,
  requestsPer24h: 25,
  requestsPer7d: 100,
  reconsiderAfter: 5,
  revokeAfter: 10,
};

export const LIMITS: Readonly<Record<LimitsPreset, Readonly<Limits>>> = {
  meta,
  'meta-test-number': metaTestNumber,
};

/** @throws SimulatorError `bad-input` for a name that is no preset */
export function toPreset(name: string): LimitsPreset {
  if (name === 'meta' || name === 'meta-test-number') return name;
  throw new SimulatorError('bad-input', `Unknown limits "${name}": meta or meta-test-number.`);
}

/**
 * A preset, or `base` with single numbers changed.
 * @throws SimulatorError `bad-input` for an unknown preset, key or a value that is not a positive number
 */
export function toLimits(
  wanted: LimitsPreset | Partial<Limits> | undefined,
  base: Readonly<Limits> = meta,
): Limits {
  if (wanted === undefined) return { ...base };
  if (typeof wanted === 'string') return { ...LIMITS[toPreset(wanted)] };
  for (const [key, value] of Object.entries(wanted)) {
    if (!Object.hasOwn(base, key)) throw new SimulatorError('bad-input', `Unknown limit "${key}".`);
    if (typeof value !== 'number' || !(value > 0)) {
      throw new SimulatorError('bad-input', `The limit "${key}" must be a positive number.`);
    }
  }
  return { ...base, ...wanted };
}
