import type { FlowFact } from './flow-facts';
import type { Json } from './json';

export type { Json } from './json';

/**
 * Facts: what happened between one business number and one WhatsApp user, each with its time.
 *
 * A record is built from facts and from nothing else. `at` is the moment the fact happened, in epoch
 * milliseconds. WhatsApp tells its times in whole seconds; where a fact came from WhatsApp, `heard` is the
 * millisecond at which we learnt it, which orders it against our own actions within that second.
 */
export type Fact =
  | Requested
  | RequestAccepted
  | RequestReleased
  | RequestDelivered
  | RequestFailed
  | Granted
  | Refused
  | OptedOut
  | Restored
  | Placed
  | CallAccepted
  | CallReleased
  | CallEvent
  | CallEnded
  | HungUp
  | UserWrote
  | NumberChanged
  | WhatsAppAnswered
  | WhatsAppTold
  | Blocked
  | FlowFact;

export type FactType = Fact['type'];

interface At {
  /** When it happened, epoch milliseconds. */
  at: number;
  /** When WhatsApp told us, epoch milliseconds; absent for what we did ourselves. */
  heard?: number;
}

/** A permission request is about to be sent: counted before it goes out. `key` is ours, unique. */
export interface Requested extends At {
  type: 'requested';
  key: string;
  kind: 'free-form' | 'template';
  memo?: Json;
}

/** WhatsApp accepted the request (HTTP 200) and gave it an id (wamid). Not delivered yet. */
export interface RequestAccepted extends At {
  type: 'request-accepted';
  key: string;
  id: string;
}

/** WhatsApp definitely refused the request: it is not counted any more. */
export interface RequestReleased extends At {
  type: 'request-released';
  key: string;
}

/** The request reached the user's phone; its seven days to be answered begin. */
export interface RequestDelivered extends At {
  type: 'request-delivered';
  id: string;
}

/** WhatsApp accepted the request, then could not deliver it (status `failed`). It stays counted. */
export interface RequestFailed extends At {
  type: 'request-failed';
  id: string;
}

/** The user allowed calls: by answering a request, in the business profile, or by calling us. */
export interface Granted extends At {
  type: 'granted';
  /** Id of the message that said so. */
  id: string;
  kind: 'temporary' | 'permanent';
  /** Epoch milliseconds; null for a permanent permission, or where WhatsApp gave none. */
  expiresAt: number | null;
  /** Id of the request that was answered; null where there was none. */
  request: string | null;
}

/** The user, or WhatsApp after unanswered calls, said no. What it amounts to depends on what was held. */
export interface Refused extends At {
  type: 'refused';
  id: string;
  /** Id of the request that was answered; null where the webhook had no context. */
  request: string | null;
  /** True where WhatsApp revoked by itself after unanswered calls (`response_source: automatic`). */
  automatic: boolean;
}

/** The user told us, on any channel, not to call. */
export interface OptedOut extends At {
  type: 'opted-out';
}

/** The user allowed us again what an opt-out had forbidden. */
export interface Restored extends At {
  type: 'restored';
}

/** A call is about to be placed: counted before it goes out. `key` is ours, unique. */
export interface Placed extends At {
  type: 'placed';
  key: string;
  memo?: Json;
}

/** WhatsApp accepted the call and gave it an id (wacid). Nothing rings yet. */
export interface CallAccepted extends At {
  type: 'call-accepted';
  key: string;
  id: string;
}

/** WhatsApp definitely refused the call: it never existed. */
export interface CallReleased extends At {
  type: 'call-released';
  key: string;
}

/** Who began a call. */
export type CallDirection = 'business' | 'user';

/** A call went on: the relay answered (`connecting`), the phone rings, the user picked up or rejected. */
export interface CallEvent extends At {
  type: 'connecting' | 'ringing' | 'answered' | 'rejected';
  id: string;
  /** Our own key, where WhatsApp brought it back (`biz_opaque_callback_data`). */
  key?: string;
  direction: CallDirection;
}

/** A call is over. Only `startedAt` says that it was answered; WhatsApp's "COMPLETED" does not. */
export interface CallEnded extends At {
  type: 'ended';
  id: string;
  key?: string;
  direction: CallDirection;
  /** Pick-up, epoch milliseconds; null where nobody picked up. */
  startedAt: number | null;
  /** Length of the conversation in seconds; null where nobody picked up. */
  durationSeconds: number | null;
  /** True where WhatsApp reports the call as failed (`FAILED`). */
  failed: boolean;
  error?: { code: number; message: string };
}

/** We hung up and WhatsApp confirmed it, or said that the call was over already. */
export interface HungUp extends At {
  type: 'hung-up';
  id: string;
  /** True where it was not us who ended it: how it ended is not known then. */
  already?: true;
}

/** The user sent a message: it opens the service window. */
export interface UserWrote extends At {
  type: 'user-wrote';
  id: string;
}

/**
 * The user goes by another number or user id from now on. A permission and a service window belong to the pair of
 * numbers: whether they went along, WhatsApp alone knows.
 */
export interface NumberChanged extends At {
  type: 'number-changed';
  id: string;
}

/** How much of one limit is used, as WhatsApp tells it. */
export interface Usage {
  used: number;
  allowed: number;
  /** Epoch milliseconds from which one more is allowed; null unless the limit is reached. */
  resetsAt: number | null;
}

/** What a look-up of `call_permissions` said. */
export interface PermissionAnswer {
  /** `unknown` where WhatsApp used a word that we do not know: never a permission. */
  status: 'none' | 'temporary' | 'permanent' | 'unknown';
  /** Epoch milliseconds; null for anything but a temporary permission, or where WhatsApp gave none. */
  expiresAt: number | null;
  /** Whether WhatsApp would accept a request now; false where it did not say. */
  canRequest: boolean;
  /** Whether WhatsApp would accept a call now; false where it did not say. */
  canCall: boolean;
  requestsPer24h: Usage | null;
  requestsPer7d: Usage | null;
  connectedCallsPer24h: Usage | null;
}

/** WhatsApp answered a look-up. `at` is the moment the look-up was *sent*: the answer is as old as that. */
export interface WhatsAppAnswered extends At {
  type: 'whatsapp-answered';
  answer: PermissionAnswer;
}

/** WhatsApp refused an action in a way that tells the permission: none (138006), or permanent (138017). */
export interface WhatsAppTold extends At {
  type: 'whatsapp-told';
  status: 'none' | 'permanent';
}

/** What WhatsApp refused to do for this contact. */
export type BlockReason =
  | 'requests-per-24h'
  | 'connected-calls-per-24h'
  | 'recipient-uncallable'
  | 'call-in-progress'
  | 'rate-limited';

/** WhatsApp refused an action for a reason that passes: it holds until `until` (epoch milliseconds). */
export interface Blocked extends At {
  type: 'blocked';
  reason: BlockReason;
  until: number;
}
