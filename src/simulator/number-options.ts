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
  /** The templates of the number's business account. */
  templates?: Template[];
  /**
   * Whether a template of a name that is not listed is accepted as an approved call permission request; default: only
   * where `templates` is absent.
   */
  otherTemplates?: boolean;
}

export interface Template {
  name: string;
  language: string;
  /** Whether it asks for the permission to call. */
  callPermissionRequest: boolean;
  /** The text, with placeholders such as `{{1}}` or `{{name}}`; default: one without any. */
  body?: string;
  /** As WhatsApp writes it; only `APPROVED` (the default) can be sent. */
  status?: string;
  /** Default: `UTILITY`. */
  category?: string;
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
