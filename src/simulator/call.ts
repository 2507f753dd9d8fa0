import type { Cancel } from '../clock';
import type { Pair } from './pair';
import type { VirtualUser } from './user';

/** As WhatsApp writes who began a call. */
export type CallDirection = 'BUSINESS_INITIATED' | 'USER_INITIATED';

/** SDP and what it is, as WhatsApp writes it. */
export interface Session {
  sdp_type: 'offer' | 'answer';
  sdp: string;
}

/** A call in progress. Times in epoch milliseconds. */
export interface Call {
  /** wacid */
  readonly id: string;
  readonly pair: Pair;
  readonly user: VirtualUser;
  readonly direction: CallDirection;
  /** `biz_opaque_callback_data`, echoed on every webhook of the call. */
  readonly opaque: string | null;
  state: 'dialling' | 'ringing' | 'connected' | 'ended';
  /** Whether it came to nothing for a technical reason. */
  hasFailed: boolean;
  /** The pick-up, a whole second; null until then. */
  connectedAt: number | null;
  /** Takes back everything that would still happen in this call. */
  readonly plans: Set<Cancel>;
}
