import { createHmac } from 'node:crypto';
import type { Clock } from '../clock';
import { toAsciiJson } from './json';
import type { BoundedLog, WebhookAttempt } from './log';
import { DAY, HOUR, MINUTE, SECOND } from './times';

/**
 * Takes a webhook within the process instead of over HTTP, and resolves to the HTTP status it answers.
 * `body` holds the raw bytes that the signature in `headers` is about.
 */
export type DeliverWebhook = (delivery: {
  headers: Record<string, string>;
  body: Buffer;
}) => Promise<number>;

/** After a failed attempt: the schedule is not published by Meta; that it goes on for 7 days is. */
const RETRY_AFTER = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE];
const RETRY_EVERY = HOUR;
const RETRY_FOR = 7 * DAY;

/** Signs webhook bodies, delivers them, and tries again for seven days where they were not answered 200. */
export class WebhookSender {
  #deliver: DeliverWebhook | null = null;
  /** A receiver that is gone may come back (a redeploy); where there never was one, nobody waits. */
  #hadReceiver = false;

  constructor(
    private readonly numberId: string,
    private readonly appSecret: string,
    private readonly clock: Clock,
    private readonly log: BoundedLog<WebhookAttempt>,
  ) {}

  /** Where webhooks go; null: nowhere. What was meant for a receiver that is gone is sent again later. */
  deliverTo(receiver: DeliverWebhook | null): void {
    this.#deliver = receiver;
    this.#hadReceiver ||= receiver !== null;
  }

  /**
   * Resolves when the body was answered or laid aside; never rejects.
   * @param news what it tells, where faults changed it
   */
  send(body: object, news: readonly object[] = [body]): Promise<void> {
    const text = toAsciiJson(body);
    const raw = Buffer.from(text, 'latin1');
    const signature = createHmac('sha256', this.appSecret).update(raw).digest('hex');
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'facebookexternalua',
      'x-hub-signature-256': `sha256=${signature}`,
    };
    return this.#attempt({ body, news, raw, headers, bornAt: this.clock.now() }, 1);
  }

  /** Notes that a body was lost on its way: nobody will ever get it. */
  lose(body: object): void {
    const at = this.clock.now();
    const fault = 'webhook-dropped' as const;
    this.log.add({
      at,
      number: this.numberId,
      body,
      news: [body],
      attempt: 0,
      status: null,
      fault,
    });
  }

  async #attempt(delivery: Delivery, attempt: number): Promise<void> {
    const at = this.clock.now();
    const status = await this.#post(delivery);
    const { body, news } = delivery;
    this.log.add({ at, number: this.numberId, body, news, attempt, status, fault: null });
    if (status === 200 || !this.#hadReceiver) return;
    const next = this.clock.now() + (RETRY_AFTER[attempt - 1] ?? RETRY_EVERY);
    if (next > delivery.bornAt + RETRY_FOR) return;
    this.clock.schedule(next, () => this.#attempt(delivery, attempt + 1));
  }

  async #post({ headers, raw }: Delivery): Promise<number | null> {
    try {
      return this.#deliver === null ? null : await this.#deliver({ headers, body: raw });
    } catch {
      return null;
    }
  }
}

interface Delivery {
  body: object;
  news: readonly object[];
  raw: Buffer;
  headers: Record<string, string>;
  /** Epoch milliseconds of the first attempt. */
  bornAt: number;
}
