import type { Clock } from '../clock';
import type { Delays } from './delays';
import type { Faults } from './faults/faults';
import type { Limits } from './limits';
import type { BoundedLog, News, WebhookAttempt } from './log';
import type { Random } from './random';
import type { Users } from './users';
import type { WebhookUrls } from './webhook-url';

/** What a number needs of the world around it. */
export interface World {
  clock: Clock;
  random: Random;
  delays: Delays;
  limits: Limits;
  lookUpsPerSecond: number;
  users: Users;
  urls: WebhookUrls;
  webhookLog: BoundedLog<WebhookAttempt>;
  newsLog: BoundedLog<News>;
  faults: Faults;
  /** While a request is handled whose webhooks come before its answer: nothing takes any time then. */
  isHurried: boolean;
}
