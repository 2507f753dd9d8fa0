import {
  PRESETS,
  apply,
  decide,
  emptyAccountState,
  emptyRecord,
  type AccountState,
  type ContactRecord,
  type Fact,
  type PermissionAnswer,
  type Policy,
  type Verdict,
} from '../../../src/rules';

/** A Monday morning; a whole second. */
export const START = Date.UTC(2026, 2, 2, 9);

export const recordOf = (...facts: Fact[]): ContactRecord => facts.reduce(apply, emptyRecord());

/** What may be done at `now` with a contact of whom these facts are known. */
export function verdictOf(
  facts: Fact[],
  now: number,
  policy: Policy = PRESETS.cautious,
  account: AccountState = emptyAccountState(),
): Verdict {
  return decide(recordOf(...facts), account, policy, now);
}

/** State, reason and retryAt of a verdict. */
export const about = ({ state, reason, retryAt }: Verdict) => [state, reason, retryAt];

export const requested = (at: number, key = 'r1'): Fact => ({
  type: 'requested',
  at,
  key,
  kind: 'free-form',
});

export const requestAccepted = (at: number, key = 'r1'): Fact => ({
  type: 'request-accepted',
  at,
  key,
  id: `wamid.${key}`,
});

/** The user allows calls for a while; WhatsApp gives the end unless it is left out. */
export const granted = (
  at: number,
  expiresAt: number | null = at + 168 * 3_600_000,
  request: string | null = null,
): Fact => ({
  type: 'granted',
  at,
  id: `wamid.granted.${at}`,
  kind: 'temporary',
  expiresAt,
  request,
});

export const grantedForGood = (at: number): Fact => ({
  type: 'granted',
  at,
  id: `wamid.granted.${at}`,
  kind: 'permanent',
  expiresAt: null,
  request: null,
});

/** The user answers a request with "no". */
export const declined = (at: number, request = 'wamid.r1'): Fact => ({
  type: 'refused',
  at,
  id: `wamid.refused.${at}`,
  request,
  automatic: false,
});

/** The user says no without being asked: WhatsApp's webhook has no context. */
export const withdrawn = (at: number): Fact => ({
  type: 'refused',
  at,
  id: `wamid.refused.${at}`,
  request: null,
  automatic: false,
});

export const revokedByWhatsApp = (at: number): Fact => ({
  type: 'refused',
  at,
  id: `wamid.refused.${at}`,
  request: null,
  automatic: true,
});

export const placed = (at: number, key = 'c1'): Fact => ({ type: 'placed', at, key });

/** WhatsApp accepted the call that we placed. */
export const callAccepted = (at: number, key = 'c1'): Fact => ({
  type: 'call-accepted',
  at,
  key,
  id: `wacid.${key}`,
});

export const hungUp = (at: number, key = 'c1'): Fact => ({
  type: 'hung-up',
  at,
  id: `wacid.${key}`,
});

type CallStep = 'connecting' | 'ringing' | 'answered' | 'rejected';

export const callStep = (
  type: CallStep,
  at: number,
  key = 'c1',
  direction: 'business' | 'user' = 'business',
): Fact => ({ type, at, id: `wacid.${key}`, key, direction });

export const ended = (
  at: number,
  key = 'c1',
  how: { startedAt?: number; failed?: boolean; direction?: 'business' | 'user' } = {},
): Fact => ({
  type: 'ended',
  at,
  id: `wacid.${key}`,
  key,
  direction: how.direction ?? 'business',
  startedAt: how.startedAt ?? null,
  durationSeconds: how.startedAt === undefined ? null : (at - how.startedAt) / 1000,
  failed: how.failed ?? false,
});

/** A call that rang from `at` on and that nobody picked up; it is over 45 s later. */
export const unanswered = (at: number, key: string): Fact[] => [
  placed(at, key),
  callStep('ringing', at + 1000, key),
  ended(at + 45_000, key),
];

/** A call that was picked up at `at` and lasted a minute. */
export const connected = (
  at: number,
  key: string,
  direction: 'business' | 'user' = 'business',
): Fact[] => [
  ...(direction === 'business' ? [placed(at, key)] : []),
  callStep('answered', at, key, direction),
  ended(at + 60_000, key, { startedAt: at, direction }),
];

/** WhatsApp's answer to a look-up sent at `at`: no permission, everything else allowed, no counts told. */
export const answered = (at: number, answer: Partial<PermissionAnswer> = {}): Fact => ({
  type: 'whatsapp-answered',
  at,
  answer: {
    status: 'none',
    expiresAt: null,
    canRequest: true,
    canCall: true,
    requestsPer24h: null,
    requestsPer7d: null,
    connectedCallsPer24h: null,
    ...answer,
  },
});
