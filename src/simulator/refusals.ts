import { GraphError } from './graph-errors';
import type { NumberSettings } from './number-settings';
import type { Pair, Usage } from './pair';

/** Why WhatsApp would refuse anything about calling from this number; null where it would not. */
export function numberRefusal(settings: NumberSettings, now: number): GraphError | null {
  if (!settings.isCallingOn) return new GraphError(138000);
  if (!settings.isEligible) {
    return new GraphError(138013, `Not available for numbers of ${settings.country}.`);
  }
  if (settings.isRestricted(now)) {
    return new GraphError(138014, `Until ${iso(settings.restrictedUntil)}, for low quality.`);
  }
  return null;
}

/** Why WhatsApp would refuse a permission request to this user; null where it would not. */
export function requestRefusal(pair: Pair, now: number): GraphError | null {
  if (pair.permission(now).kind === 'permanent') return new GraphError(138017);
  const reached = pair.requestUsages(now).filter(isReached);
  if (reached.length === 0) return null;
  return new GraphError(138009, `Next request possible at ${iso(roomAt(reached))}.`);
}

/** Why WhatsApp would refuse a call to this user for permission or limits; null where it would not. */
export function callRefusal(pair: Pair, now: number): GraphError | null {
  if (pair.permission(now).kind === 'none') return new GraphError(138006, null, 2593090);
  const connected = pair.connectedUsage(now);
  if (!isReached(connected)) return null;
  return new GraphError(138012, `Next call possible at ${iso(connected.roomAt)}.`);
}

const isReached = (usage: Usage): boolean => usage.roomAt !== null;

const roomAt = (usages: Usage[]): number =>
  Math.max(...usages.map((usage) => usage.roomAt ?? -Infinity));

const iso = (time: number | null): string =>
  time === null || !Number.isFinite(time) ? 'an unknown time' : new Date(time).toISOString();
