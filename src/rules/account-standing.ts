import type { AccountBlockReason } from './account-facts';
import { accountBlockedUntil, type AccountState } from './account-state';
import { fullUntil } from './call-counts';
import type { Policy } from './policy';

/** What stops a whole number, and until when (epoch milliseconds; Infinity where no end is known). */
export interface Stop {
  reason: AccountBlockReason;
  until: number;
}

/** What stops every action of the number. */
export const STOPS_EVERYTHING = [
  'account-restricted',
  'account-not-eligible',
  'rate-limited',
] as const satisfies readonly AccountBlockReason[];

/** What stops the number's calls only. */
export const STOPS_CALLS = [
  'concurrent-calls',
  'daily-initiations',
] as const satisfies readonly AccountBlockReason[];

/** Until when the number has no room for one more call, by WhatsApp's word and by our own count; the later. */
export function noRoomUntil(
  state: AccountState,
  reason: (typeof STOPS_CALLS)[number],
  policy: Policy,
  time: number,
): number | null {
  const told = accountBlockedUntil(state, reason, time);
  const counted = fullUntil(state, reason, policy, time);
  return told === null || counted === null ? (told ?? counted) : Math.max(told, counted);
}

/** What stops the whole number at `time`, the gravest first; null where nothing does. */
export function stopOf(state: AccountState, policy: Policy, time: number): Stop | null {
  const stops = [
    ...STOPS_EVERYTHING.map((reason) => ({
      reason,
      until: accountBlockedUntil(state, reason, time),
    })),
    ...STOPS_CALLS.toReversed().map((reason) => ({
      reason,
      until: noRoomUntil(state, reason, policy, time),
    })),
  ];
  const [first] = stops.flatMap(({ reason, until }) => (until === null ? [] : { reason, until }));
  return first ?? null;
}
