import { createHmac } from 'node:crypto';
import type { Clock } from '../clock';
import { CallDesk } from './call-desk';
import type { Delays } from './delays';
import { SimulatorError } from './errors';
import type { Faults } from './faults/faults';
import { WebhookWays } from './faults/webhook-ways';
import type { JsonObject } from './json';
import { toLimits } from './limits';
import type { Limits } from './limits';
import type { Line } from './line';
import { MessageDesk } from './message-desk';
import type { NumberOptions, PairState } from './number-options';
import { NumberSettings } from './number-settings';
import { Pair } from './pair';
import { PermissionDesk } from './permission-desk';
import { subscriberKey, toDigits } from './phone-numbers';
import type { Random } from './random';
import { numberRefusal, requestRefusal } from './refusals';
import { RollingWindow } from './rolling-window';
import { Templates } from './templates';
import { DAY, HOUR, SECOND, unixSecondsAfter } from './times';
import type { VirtualUser } from './user';
import type { Trouble } from './trouble';
import { accountRestriction, accountWarning, settingsUpdate } from './webhook-bodies';
import { WebhookSender } from './webhook-sender';
import type { DeliverWebhook } from './webhook-sender';
import { isWebUrl } from './webhook-url';
import type { World } from './world';

/** A business phone number on the virtual WhatsApp. */
export class VirtualNumber implements Line {
  readonly id: string;
  readonly displayNumber: string;
  readonly businessAccountId: string;
  readonly accessToken: string;
  readonly appSecret: string;
  /** What a request may prove with that it knows the app secret: HMAC-SHA256 of the token, hexadecimal. */
  readonly appSecretProof: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: Limits;
  readonly settings: NumberSettings;
  readonly faults: Faults;
  readonly templates: Templates;
  readonly permissions: PermissionDesk;
  readonly messages: MessageDesk;
  readonly calls: CallDesk;
  /** What is broken between this number and the business; null: nothing. */
  trouble: Trouble | null = null;
  readonly #world: World;
  readonly #verifyToken: string;
  readonly #sender: WebhookSender;
  readonly #ways: WebhookWays;
  readonly #pairs = new Map<string, Pair>();
  readonly #lookUps = new RollingWindow(SECOND);
  #webhookUrl: string | null = null;
  #ids = 0;

  /** @throws SimulatorError `bad-input` */
  constructor(options: NumberOptions, world: World) {
    const displayNumber = toDigits(options.displayNumber);
    if (displayNumber === null || !options.id || !options.accessToken || !options.appSecret) {
      throw new SimulatorError(
        'bad-input',
        'A number needs id, displayNumber, accessToken and appSecret.',
      );
    }
    this.id = options.id;
    this.displayNumber = displayNumber;
    this.businessAccountId = options.businessAccountId;
    this.accessToken = options.accessToken;
    this.appSecret = options.appSecret;
    this.appSecretProof = createHmac('sha256', options.appSecret)
      .update(options.accessToken)
      .digest('hex');
    this.clock = world.clock;
    this.random = world.random;
    this.limits = toLimits(options.limits, world.limits);
    this.settings = new NumberSettings(options.country, options.calling);
    this.templates = new Templates(options.templates, options.otherTemplates);
    this.#world = world;
    this.#verifyToken = options.verifyToken ?? '';
    this.faults = world.faults;
    this.#sender = new WebhookSender(this.id, options.appSecret, world.clock, world.webhookLog);
    this.#ways = new WebhookWays(
      world.faults,
      world.clock,
      (body, news) => this.#sender.send(body, news),
      (body) => this.#sender.lose(body),
    );
    this.sendWebhooksTo(options.webhook ?? null);
    this.permissions = new PermissionDesk(this);
    this.messages = new MessageDesk(this, this.permissions);
    this.calls = new CallDesk(this, this.permissions);
  }

  /**
   * Where webhooks go from now on; null: nowhere.
   * @throws SimulatorError `bad-input` for what is no http(s) URL
   */
  sendWebhooksTo(target: string | DeliverWebhook | null): void {
    if (typeof target !== 'string') {
      this.#sender.deliverTo(target);
      this.#webhookUrl = null;
      return;
    }
    if (!isWebUrl(target)) {
      throw new SimulatorError('bad-input', 'The webhook must be an http or https URL.');
    }
    this.#sender.deliverTo(this.#world.urls.posterTo(target));
    this.#webhookUrl = target;
  }

  /** The URL that webhooks go to; null where they go to a function or nowhere. */
  get webhookUrl(): string | null {
    return this.#webhookUrl;
  }

  /**
   * Does the `hub.challenge` handshake with the webhook URL, as Meta does when one enters it.
   * @returns whether it passed; false also where nobody answers
   * @throws SimulatorError `no-webhook-url`
   */
  async verifyWebhook(): Promise<boolean> {
    if (this.#webhookUrl === null) {
      throw new SimulatorError('no-webhook-url', `The number ${this.id} has no webhook URL.`);
    }
    const challenge = String(Math.floor(this.random.between(1e8, 1e9)));
    return this.#world.urls
      .verify(this.#webhookUrl, this.#verifyToken, challenge)
      .catch(() => false);
  }

  /** What stands between this number and a user. */
  pair(user: VirtualUser): Pair {
    return this.#pairOf(user.waId, user);
  }

  /** The same for any number (digits), also one that is nobody's. */
  pairWithNumber(digits: string): Pair {
    const user = this.#world.users.withNumber(digits);
    return this.#pairOf(user?.waId ?? digits, user);
  }

  /** The same for a business-scoped user id, also one that is nobody's. */
  pairWithUserId(userId: string): Pair {
    const user = this.#world.users.withUserId(userId);
    return this.#pairOf(user?.waId ?? userId, user);
  }

  /** What WhatsApp truly holds of this number (any spelling) now. */
  state(waId: string): PairState {
    const now = this.clock.now();
    const pair = this.pairWithNumber(toDigits(waId) ?? waId);
    const { kind, expiresAt } = pair.permission(now);
    const [perDay, perWeek] = pair.requestUsages(now);
    const refusal = numberRefusal(this.settings, now) ?? requestRefusal(pair, now);
    return {
      permission: kind,
      expiresAt,
      canCall: this.calls.refusal(pair) === null,
      canRequest: refusal === null,
      unanswered: pair.unanswered,
      connectedLast24h: pair.connectedUsage(now).used,
      requestsLast24h: perDay.used,
      requestsLast7d: perWeek.used,
      callInProgress: pair.call !== null,
    };
  }

  /** WhatsApp forbids calls and requests for `days` (Meta: 7), after too much negative feedback. */
  restrict(days = 7): void {
    const end = unixSecondsAfter(this.clock.now() + days * DAY) * SECOND;
    this.settings.restrictedUntil = end;
    this.tellAfter('account', accountRestriction(this, end));
  }

  /** WhatsApp takes the restriction back before its time. */
  release(): void {
    if (!this.settings.isRestricted(this.clock.now())) return;
    this.settings.restrictedUntil = null;
    this.tellAfter('account', accountRestriction(this, null));
  }

  /** WhatsApp warns that a restriction is near. */
  warn(): void {
    this.tellAfter('account', accountWarning(this));
  }

  /**
   * Changes calling settings, as POST settings does; keys as in GET settings.
   * @throws SimulatorError `bad-input`
   */
  changeSettings(calling: JsonObject): void {
    this.settings.change(calling);
    this.tellAfter('account', settingsUpdate(this));
  }

  /** What may happen to the number just before the business uses it. */
  suffer(): void {
    const { settings, faults } = this;
    if (!settings.isRestricted(this.clock.now()) && faults.strikes('account-restricted')) {
      this.restrict();
    }
    if (settings.isSipOn || !faults.strikes('sip-switched-on')) return;
    this.changeSettings({ sip: { status: 'ENABLED' } });
    const hours = faults.magnitude('sip-switched-on', 0.1, 4);
    this.clock.schedule(this.clock.now() + Math.round(hours * HOUR), () =>
      this.changeSettings({ sip: { status: 'DISABLED' } }),
    );
  }

  /** Counts a look-up of `call_permissions`; false where it is one too many in this second. */
  mayLookUp(): boolean {
    const now = this.clock.now();
    if (this.#lookUps.count(now, SECOND) >= this.#world.lookUpsPerSecond) return false;
    this.#lookUps.add(now);
    return true;
  }

  newId(prefix: 'wamid' | 'wacid'): string {
    this.#ids += 1;
    const time = this.clock.now().toString(36);
    const unique = `${time}${this.#ids.toString(36)}${this.random.letters(12)}`;
    return `${prefix}.SIM${unique.toUpperCase()}`;
  }

  delay(kind: keyof Delays): number {
    if (this.#world.isHurried) return 0;
    const [shortest, longest] = this.#world.delays[kind];
    return Math.round(this.random.between(shortest, longest) * SECOND);
  }

  tellAfter(kind: keyof Delays, body: object): void {
    this.clock.schedule(this.clock.now() + this.delay(kind), () => this.tell(body));
  }

  tell(body: object): Promise<void> {
    this.#world.newsLog.add({ at: this.clock.now(), number: this.id, body });
    return this.#ways.tell(body);
  }

  #pairOf(waId: string, user: VirtualUser | null): Pair {
    const key = user === null ? `nobody:${subscriberKey(waId)}` : waId;
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      pair = new Pair(waId, user, this.limits);
      this.#pairs.set(key, pair);
    }
    return pair;
  }
}
