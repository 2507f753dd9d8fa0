import { setMaxListeners } from 'node:events';
import type { ContactNames } from '../rules/contact';
import type { PermissionAnswer } from '../rules/facts';
import { appSecretProof } from './app-secret-proof';
import { CloudApiError, fault } from './errors';
import type { JsonObject } from './json';
import { LookUpQueue } from './look-up-queue';
import { parseAccepted, type Accepted } from './parse-accepted';
import { nextPageOf, parseTemplates, type Template } from './parse-templates';
import { parsePermissionAnswer } from './parse-permission-answer';
import { systemSleep, type Sleep } from './pause';
import {
  callBody,
  endCallBody,
  lookUpPath,
  permissionRequestBody,
  templatesPath,
  type PermissionRequest,
} from './requests';
import { exponentialDelay } from './retry';
import { Transport } from './transport';

export interface CloudApiOptions {
  /** Such as `https://graph.facebook.com`, or any compatible provider. */
  graphUrl: string;
  /** Such as `v25.0`. */
  graphVersion: string;
  phoneNumberId: string;
  /** Of the business that has the templates; null or absent where that is not known. */
  businessAccountId?: string | null;
  accessToken: string;
  /** Where it is given, each request proves that we know it. */
  appSecret?: string;
  /** Epoch milliseconds. */
  now: () => number;
  /** Milliseconds for one attempt; 10,000 by default. */
  timeout?: number;
  /** 5 by default. */
  lookUpsPerSecond?: number;
  /** Milliseconds before repetition `attempt` (from 1) of a look-up; exponential with full jitter by default. */
  retryDelay?: (attempt: number) => number;
  /** Waits that many milliseconds; on the machine's own clock by default. */
  sleep?: Sleep;
}

/** An answer about the permission, as old as the moment its look-up was sent (epoch milliseconds). */
export interface LookUp {
  sentAt: number;
  answer: PermissionAnswer;
}

const DEFAULT_TIMEOUT = 10_000;
const DEFAULT_LOOK_UPS_PER_SECOND = 5;

/** A name in all languages of WhatsApp fits on one page; whatever comes after this many is not looked at. */
const MOST_TEMPLATE_PAGES = 5;

/**
 * The WhatsApp Cloud API for one business number, as far as outbound calls need it. Every method rejects with a
 * {@link CloudApiError} and with nothing else; its `outcome` says whether the action may have taken effect.
 */
export class CloudApi {
  readonly #transport: Transport;
  readonly #queue: LookUpQueue;
  readonly #closing = new AbortController();
  readonly #lookUps = new Map<string, Promise<LookUp>>();
  readonly #templates = new Map<string, Promise<Template[]>>();
  readonly #number: string;
  readonly #businessAccountId: string | null;

  constructor(options: CloudApiOptions) {
    const { accessToken, appSecret, now, phoneNumberId, businessAccountId } = options;
    this.#number = encodeURIComponent(phoneNumberId);
    this.#businessAccountId = businessAccountId ?? null;
    setMaxListeners(0, this.#closing.signal); // one for each request under way
    const pausing = { sleep: options.sleep ?? systemSleep, closed: this.#closing.signal };
    this.#transport = new Transport({
      ...pausing,
      baseUrl: baseUrlOf(options),
      accessToken,
      proof: appSecret === undefined ? null : appSecretProof(appSecret, accessToken),
      now,
      timeout: options.timeout ?? DEFAULT_TIMEOUT,
      retryDelay: options.retryDelay ?? exponentialDelay,
    });
    this.#queue = new LookUpQueue({
      ...pausing,
      now,
      perSecond: options.lookUpsPerSecond ?? DEFAULT_LOOK_UPS_PER_SECOND,
    });
  }

  /**
   * What WhatsApp says about the permission and its limits (`GET call_permissions`). Look-ups queue; those of one
   * contact that are under way at the same time share one answer. Failures that pass are repeated.
   */
  async lookUpPermission(contact: ContactNames): Promise<LookUp> {
    const path = `${this.#number}/${lookUpPath(contact)}`;
    const underWay = this.#lookUps.get(path);
    if (underWay !== undefined) return underWay;
    const lookUp = this.#lookUp(path).finally(() => this.#lookUps.delete(path));
    this.#lookUps.set(path, lookUp);
    return lookUp;
  }

  /**
   * The templates of this name, one a language (`GET message_templates` of the business account); null where the
   * business account is not known. Queues with the look-ups; who asks for the same at the same time shares one answer.
   */
  async lookUpTemplates(name: string): Promise<Template[] | null> {
    if (this.#businessAccountId === null) return null;
    const underWay = this.#templates.get(name);
    if (underWay !== undefined) return underWay;
    const lookUp = this.#lookUpTemplates(this.#businessAccountId, name).finally(() =>
      this.#templates.delete(name),
    );
    this.#templates.set(name, lookUp);
    return lookUp;
  }

  /** Asks the contact to allow calls (`POST messages`). Accepted is not delivered. Never repeated. */
  async requestPermission(contact: ContactNames, request: PermissionRequest): Promise<Accepted> {
    const body = permissionRequestBody(contact, request);
    return parseAccepted(await this.#post('messages', body), 'messages');
  }

  /**
   * Calls the contact (`POST calls`, `connect`). The id comes before anything rings. Never repeated.
   * @param key ours, 512 characters at most (`biz_opaque_callback_data`)
   */
  async placeCall(contact: ContactNames, offer: { sdp: string }, key: string): Promise<Accepted> {
    const body = callBody(contact, offer, key);
    return parseAccepted(await this.#post('calls', body), 'calls');
  }

  /**
   * Ends a call, ringing or answered (`POST calls`, `terminate`). A call that is over already is a success.
   * Returns whether it was us who ended it.
   */
  async endCall(callId: string): Promise<boolean> {
    if (callId === '') throw fault('invalid-parameter', 'not-sent', { details: 'no call id' });
    try {
      const body = await this.#post('calls', endCallBody(callId));
      if (body.success === false) throw fault('invalid-response', 'unknown');
      return true;
    } catch (error) {
      if (!saysCallIsOver(error)) throw error;
      return false;
    }
  }

  /** Ends what is under way, and what waits, with code `closed`. Nothing is sent afterwards. */
  close(): void {
    this.#closing.abort();
    this.#transport.close();
  }

  #post(edge: string, body: JsonObject): Promise<JsonObject> {
    return this.#transport.post(`${this.#number}/${edge}`, body);
  }

  async #lookUp(path: string): Promise<LookUp> {
    const { sentAt, body } = await this.#transport.get(path, () => this.#queue.turn());
    return { sentAt, answer: parsePermissionAnswer(body) };
  }

  async #lookUpTemplates(businessAccountId: string, name: string): Promise<Template[]> {
    const found: Template[] = [];
    let after: string | null = null;
    for (let page = 0; page < MOST_TEMPLATE_PAGES; page += 1) {
      const path: string = templatesPath(businessAccountId, name, after);
      const { body } = await this.#transport.get(path, () => this.#queue.turn());
      found.push(...parseTemplates(body));
      after = nextPageOf(body);
      if (after === null) break;
    }
    return found.filter((template) => template.name === name);
  }
}

function baseUrlOf({ graphUrl, graphVersion }: CloudApiOptions): string {
  const host = graphUrl.trim().replace(/\/+$/, '');
  return `${host}/${encodeURIComponent(graphVersion)}`;
}

/**
 * Meta gives no number for ending a call that the user ended first (business-initiated-calls, 2026-06-26). All that
 * can be wrong with so small a request is its call id, so a complaint about a value means that there is no such call.
 */
function saysCallIsOver(error: unknown): boolean {
  return (
    error instanceof CloudApiError &&
    error.code === 'invalid-parameter' &&
    error.outcome === 'refused'
  );
}
