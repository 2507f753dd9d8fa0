import type { Loss } from './permission';

export type VerdictState = 'callable' | 'needs-request' | 'limited' | 'revoked';

/** Why the state is what it is. Stable codes. */
export type Reason =
  | 'temporary-permission'
  | 'permanent-permission'
  | 'never-requested'
  | Loss
  | 'awaiting-reply'
  | 'requests-per-24h'
  | 'requests-per-7d'
  | 'connected-calls-per-24h'
  | 'unanswered-streak'
  | 'call-in-progress'
  | 'outside-calling-hours'
  | 'recipient-uncallable'
  | 'concurrent-calls'
  | 'daily-initiations'
  | 'agents-busy'
  | 'account-restricted'
  | 'account-not-eligible'
  | 'rate-limited'
  | 'opted-out';

/** What may be done with a contact now, why not, and when. Times are epoch milliseconds. */
export interface Verdict {
  state: VerdictState;
  reason: Reason;
  kind: 'temporary' | 'permanent' | 'none';
  /** When a temporary permission runs out; null where none is held. */
  expiresAt: number | null;
  /**
   * The first moment at which, if nothing else happens, the state is no longer "limited", or a contact who
   * revoked may be asked again; null where that is so already, or unknown.
   */
  retryAt: number | null;
  canCall: boolean;
  canRequest: boolean;
  /** Connected calls left now in the rolling 24 hours. */
  callsLeft: number;
  /** Requests left now in the rolling 24 hours and 7 days. */
  requestsLeft: number;
  /** Consecutive unanswered calls. */
  unanswered: number;
}
