import type { JsonObject } from './json';
import type { Limits, LimitsPreset } from './limits';
import type { Permission } from './pair';
import type { DeliverWebhook } from './webhook-sender';

export interface NumberOptions {
  /** Phone number id. */
  id: string;
  /** The number itself; "+" and spaces are taken off. */
  displayNumber: string;
  businessAccountId: string;
  accessToken: string;
  appSecret: string;
  verifyToken?: string;
  /** Default: the simulator's. */
  limits?: LimitsPreset | Partial<Limits>;
  /** ISO 3166 code of the number's country; from some of them calls cannot be placed. */
  country?: string;
  /** Calling settings that differ from "all on"; keys as in GET settings. */
  calling?: JsonObject;
  /** Where webhooks go: a URL, or a function within the process. */
  webhook?: string | DeliverWebhook;
  /** The approved templates; absent: any name is, as a call permission request. */
  templates?: Template[];
}

export interface Template {
  name: string;
  language: string;
  /** Whether it asks for the permission to call. */
  callPermissionRequest: boolean;
}

/** What WhatsApp truly holds of one user, for tests to compare with. Times in epoch milliseconds. */
export interface PairState {
  permission: Permission['kind'];
  expiresAt: number | null;
  /** Whether POST calls would be accepted now. */
  canCall: boolean;
  /** Whether a permission request would be accepted now. */
  canRequest: boolean;
  /** Consecutive unanswered or rejected calls. */
  unanswered: number;
  connectedLast24h: number;
  requestsLast24h: number;
  requestsLast7d: number;
  callInProgress: boolean;
}
