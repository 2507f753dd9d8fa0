import type { AccountFact } from '../rules/account-facts';
import type { ContactNames } from '../rules/contact';
import type { CallDirection, Fact } from '../rules/facts';

/** One change out of a webhook body. A body may hold up to a thousand, for several numbers. */
export type WebhookChange = ContactChange | AccountChange | OtherChange;

interface Change {
  /** Which account it is for. Account webhooks name the display number only. */
  phoneNumberId: string | null;
  /** Digits only. */
  displayNumber: string | null;
  /** The business account (WABA) that the body names; a ban names nothing else. */
  businessAccountId?: string | null;
  /** WhatsApp's id of the event (message id, call id); null where it has none. */
  id: string | null;
  /** When it happened, epoch milliseconds. */
  at: number;
  /** The part of the body it came from; null where that is nested too deeply to be handled safely. */
  raw: unknown;
}

/** Something happened between the number and one contact. */
export interface ContactChange extends Change {
  kind: 'contact';
  /** On call changes all names may be null: the call is then found by its id or key. */
  contact: ContactNames;
  /** What the contact went by until then; on a change of number only. */
  former?: ContactNames;
  fact: Fact;
  /** What the call brought along; on call changes only. */
  call: WebhookCall | null;
}

export interface WebhookCall {
  id: string;
  direction: CallDirection;
  /** The SDP that came with `connect`. */
  session: { sdp_type: string; sdp: string } | null;
  /** Our own key (`biz_opaque_callback_data`), where WhatsApp brought it back. */
  key: string | null;
}

/** Something happened to the whole number. */
export interface AccountChange extends Change {
  kind: 'account';
  fact: AccountFact;
}

/** Anything that is not about calling, or that we do not know. */
export interface OtherChange extends Change {
  kind: 'other';
  contact: ContactNames | null;
}
