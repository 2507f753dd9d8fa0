import type { BlockReason, CallDirection, Json, PermissionAnswer } from './facts';

/**
 * What we know of one contact, as plain JSON. It keeps times, not counters, and joining two records is
 * commutative, associative and idempotent: the same facts give the same record in any order, or told twice.
 * Absent means that nothing of the kind is known. All times are epoch milliseconds.
 */
export interface ContactRecord {
  /** The history of the permission, oldest first; {@link tidy} keeps it from the latest grant on. */
  permission?: PermissionEvent[];
  /** The newest answer to a look-up. `at` is when the look-up was sent. */
  answer?: PermissionAnswer & { at: number };
  /** What WhatsApp refused for a while. */
  blocks?: Partial<Record<BlockReason, Block>>;
  requests?: RequestEntry[];
  calls?: CallEntry[];
  /** The newest connected call that `calls` no longer holds. */
  connectedAt?: number;
  /** The user's last word to us on whether we may call at all. */
  choice?: { at: number; optedOut: boolean };
  /** The last message or call of the user: the 24 h service window opens there. */
  wroteAt?: number;
  /** When the user last took another number. */
  movedAt?: number;
  /** Events that are not otherwise in the record, so that a second delivery is recognised. */
  heard?: { id: string; at: number }[];
  /** What the flow kept last, for events about the contact as a whole. */
  memo?: { at: number; value: Json };
  /** When the flow wants to hear of the contact again. `at` is when it wanted that. */
  reminder?: Reminder;
  /** When the flow had wanted the newest reminder that it got. */
  reminded?: number;
  /** The newest end of a permission that the flow was told of. */
  expiryTold?: number;
}

export interface Reminder {
  at: number;
  due: number;
  memo?: Json;
}

/** Something that changed the permission, or what WhatsApp said it is. */
export type PermissionEvent =
  | {
      at: number;
      is: 'granted';
      id: string;
      kind: 'temporary' | 'permanent';
      expiresAt: number | null;
      request: string | null;
    }
  | { at: number; is: 'refused'; id: string; request: string | null; automatic: boolean }
  | { at: number; is: 'moved'; id: string }
  | { at: number; is: 'found'; status: PermissionAnswer['status']; expiresAt: number | null };

export interface Block {
  at: number;
  until: number;
}

/** One permission request. `key` is ours and known first, `id` is WhatsApp's. */
export interface RequestEntry {
  key?: string;
  id?: string;
  at?: number;
  kind?: 'free-form' | 'template';
  memo?: Json;
  /** When WhatsApp had accepted it. */
  acceptedAt?: number;
  deliveredAt?: number;
  failedAt?: number;
  /** Definitely refused: not counted. */
  released?: true;
  /** The flow was told that it lapsed. */
  lapseTold?: true;
}

/** One call. `key` is ours and known first, `id` is WhatsApp's. */
export interface CallEntry {
  key?: string;
  id?: string;
  direction?: CallDirection;
  memo?: Json;
  placedAt?: number;
  acceptedAt?: number;
  connectingAt?: number;
  ringingAt?: number;
  answeredAt?: number;
  rejectedAt?: number;
  hungUpAt?: number;
  /** When WhatsApp said that it was over before we hung up. */
  foundOverAt?: number;
  endedAt?: number;
  durationSeconds?: number;
  failed?: true;
  error?: { code: number; message: string };
  /** Definitely refused: it never existed. */
  released?: true;
  /** The flow was told that it is over, though WhatsApp was silent. */
  endTold?: true;
}

export const emptyRecord = (): ContactRecord => ({});

export const isEmptyRecord = (record: ContactRecord): boolean => Object.keys(record).length === 0;
