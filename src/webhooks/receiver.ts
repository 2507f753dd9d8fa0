import type { WebhookChange } from './change';

/** An account that webhooks are for. Several may share one path. */
export interface WebhookReceiver {
  phoneNumberId: string;
  /** Digits only; where it is null it is learnt from the webhooks of the number. */
  displayNumber: string | null;
  /** The WABA, where it is known: a ban names nothing else. */
  businessAccountId?: string | null;
  /** What WhatsApp says when it checks the address; null where it is to be refused. */
  verifyToken: string | null;
  /** More than one while a secret is being replaced; without any, every body is refused. */
  appSecrets: readonly string[];
  /** Epoch milliseconds of the account's own clock, where that is another than the endpoint's. */
  now?: () => number;
  /** Stores the facts; resolves only when they are stored; rejects where they cannot be. */
  store(changes: WebhookChange[]): Promise<void>;
  log(level: 'warn' | 'error', message: string): void;
}
