import type { Json } from './json';

/** What the flow wanted to be told of a contact, and what it was told. No webhook brings these: they are our own. */
export type FlowFact = ReminderWanted | Reminded | ExpiryTold | LapseTold | CallEndTold;

interface At {
  /** When it happened, epoch milliseconds. */
  at: number;
  /** As with all facts. */
  heard?: number;
}

/** The flow wants to hear of the contact again at `due` (epoch milliseconds). A newer wish replaces an older one. */
export interface ReminderWanted extends At {
  type: 'reminder-wanted';
  due: number;
  memo?: Json;
}

/** The flow was reminded; `wantedAt` is when it had wanted that (epoch milliseconds). */
export interface Reminded extends At {
  type: 'reminded';
  wantedAt: number;
}

/** The flow was told that a permission had run out at `until` (epoch milliseconds). */
export interface ExpiryTold extends At {
  type: 'expiry-told';
  until: number;
}

/** The flow was told that a request had lapsed. Named as it is known. */
export interface LapseTold extends At {
  type: 'lapse-told';
  key?: string;
  id?: string;
}

/** The flow was told that a call was over, after WhatsApp had been silent about it. Named as it is known. */
export interface CallEndTold extends At {
  type: 'call-end-told';
  key?: string;
  id?: string;
}
