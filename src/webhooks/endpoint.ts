import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { maskNumbers } from '../mask';
import { answerChallenge } from './challenge';
import type { WebhookChange } from './change';
import { MOST_CHANGES, parseWebhook } from './parse';
import { BodyError, BodyReader, type BodyFault } from './read-body';
import type { WebhookReceiver } from './receiver';
import { Router } from './routing';
import { looksSigned, verifySignature } from './signature';
import { Storing, StoringError } from './storing';

/** WhatsApp's bodies reach 3 MB (Meta, cloud-api/webhooks); the rest is margin. */
const MAX_BODY = 3.5 * 1024 * 1024;
/** As long as WhatsApp itself waits for an answer (Meta, calling/faq, 2025-11-13). */
const BODY_TIMEOUT = 20_000;
/** How many of the largest bodies may be in memory at once while they arrive. */
const LARGEST_BODIES = 32;
/** And while they are stored: what was read of a body takes several times its bytes. */
const LARGEST_UNSTORED = 8;
/** Less than WhatsApp waits for an answer. */
const STORE_TIMEOUT = 15_000;

export interface WebhookEndpointOptions {
  /** Epoch milliseconds. */
  now: () => number;
  /** Bytes of a body; 3.5 MB by default. */
  maxBody?: number;
  /** Milliseconds for a body to arrive; 20 s by default. */
  bodyTimeout?: number;
  /** Milliseconds for a body to be stored; 15 s by default. */
  storeTimeout?: number;
}

/** What is sent back: never a secret, never a part of the request except a harmless challenge. */
export interface WebhookAnswer {
  status: number;
  text: string;
}

const SIGNATURE = 'x-hub-signature-256';

const OK = { status: 200, text: 'ok' };
const REFUSED = { status: 401, text: 'signature missing or wrong' };
const TOO_LARGE = { status: 413, text: 'too large' };
const NOT_STORED = { status: 503, text: 'not stored, send again' };
const FAULTS: Record<BodyFault, WebhookAnswer> = {
  'too-large': TOO_LARGE,
  'too-slow': { status: 408, text: 'too slow' },
  busy: { status: 503, text: 'busy, send again' },
  aborted: { status: 400, text: 'aborted' },
  taken: { status: 500, text: 'body not available' },
};

/**
 * The address that WhatsApp sends its webhooks to, for all accounts on one path. Knows node:http only.
 *
 * A body counts only if a secret of the account that owns the number signed it; it is confirmed (200) only when
 * everything in it is stored, and asked for again (503) where it cannot be.
 */
export class WebhookEndpoint {
  readonly #receivers = new Set<WebhookReceiver>();
  readonly #router = new Router();
  readonly #bodies: BodyReader;
  readonly #storing: Storing;
  readonly #now: () => number;

  constructor(options: WebhookEndpointOptions) {
    const { now, maxBody = MAX_BODY, bodyTimeout = BODY_TIMEOUT } = options;
    const { storeTimeout = STORE_TIMEOUT } = options;
    this.#now = now;
    this.#storing = new Storing({ mostUnstored: maxBody * LARGEST_UNSTORED, storeTimeout });
    this.#bodies = new BodyReader({ maxBody, maxBodies: maxBody * LARGEST_BODIES, bodyTimeout });
  }

  /** Adds an account; returns what takes it away again. */
  add(receiver: WebhookReceiver): () => void {
    this.#receivers.add(receiver);
    return () => void this.#receivers.delete(receiver);
  }

  get isEmpty(): boolean {
    return this.#receivers.size === 0;
  }

  /** Answers a request: never rejects, always answers. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      send(response, await this.#answer(request));
    } catch (error) {
      this.#logToAll(`A webhook could not be handled: ${messageOf(error)}`);
      send(response, { status: 500, text: 'error' });
    }
    if (!request.complete && !request.destroyed) this.#cutIfUnfinished(request);
  }

  /** What {@link handle} does with a POST, for a body delivered in-process. Header names in lower case. */
  async receive(headers: IncomingHttpHeaders, rawBody: Buffer): Promise<WebhookAnswer> {
    if (rawBody.length > this.#bodies.limits.maxBody) return TOO_LARGE;
    const signers = this.#signersOf(rawBody, headers);
    const first = signers[0];
    if (first === undefined) return REFUSED;
    const body = parseJson(rawBody);
    if (body === undefined) {
      first.log('warn', 'A signed webhook is not JSON: ignored.');
      return OK;
    }
    // Who shares a secret shares a world, and so a clock.
    const changes = parseWebhook(body, (first.now ?? this.#now)());
    if (changes.length >= MOST_CHANGES) {
      first.log('error', `A webhook holds more than ${MOST_CHANGES} changes: the rest is ignored.`);
    }
    const routed = this.#router.route(changes, this.#receivers, signers);
    return this.#storeInTime(rawBody.length, routed);
  }

  async #answer(request: IncomingMessage): Promise<WebhookAnswer> {
    switch (request.method) {
      case 'GET':
        return this.#verifyAddress(request.url ?? '');
      case 'POST':
        return this.#takeBody(request);
      default:
        return { status: 405, text: 'method not allowed' };
    }
  }

  #verifyAddress(url: string): WebhookAnswer {
    const tokens = [...this.#receivers].flatMap(({ verifyToken }) => verifyToken ?? []);
    const challenge = answerChallenge(url, tokens);
    return challenge === null
      ? { status: 403, text: 'verify token wrong' }
      : { status: 200, text: challenge };
  }

  async #takeBody(request: IncomingMessage): Promise<WebhookAnswer> {
    if (this.#bodies.isTooLarge(request)) return TOO_LARGE;
    if (!looksSigned(request.headers[SIGNATURE])) return REFUSED;
    try {
      return await this.receive(request.headers, await this.#bodies.read(request));
    } catch (error) {
      if (!(error instanceof BodyError)) throw error;
      if (error.code === 'taken') {
        this.#logToAll(
          'The body of a webhook was read before it came here, so its signature cannot be checked. ' +
            'Put the webhook before any body parser, or let that keep the bytes in req.rawBody.',
        );
      }
      return FAULTS[error.code];
    }
  }

  #signersOf(rawBody: Buffer, headers: IncomingHttpHeaders): WebhookReceiver[] {
    const header = headers[SIGNATURE];
    const receivers = [...this.#receivers];
    const secrets = new Set(receivers.flatMap(({ appSecrets }) => appSecrets));
    const signing = new Set([...secrets].filter((it) => verifySignature(rawBody, header, [it])));
    return receivers.filter(({ appSecrets }) => appSecrets.some((it) => signing.has(it)));
  }

  async #storeInTime(
    size: number,
    routed: Map<WebhookReceiver, WebhookChange[]>,
  ): Promise<WebhookAnswer> {
    try {
      return await this.#storing.within(size, () => this.#store(routed));
    } catch (error) {
      if (!(error instanceof StoringError)) throw error;
      for (const receiver of routed.keys()) {
        receiver.log('error', `A webhook could not be stored: ${error.message}`);
      }
      return NOT_STORED;
    }
  }

  async #store(routed: Map<WebhookReceiver, WebhookChange[]>): Promise<WebhookAnswer> {
    const stored = await Promise.all(
      [...routed].map(async ([receiver, changes]) => {
        try {
          await receiver.store(changes);
          return true;
        } catch (error) {
          receiver.log('error', `A webhook could not be stored: ${messageOf(error)}`);
          return false;
        }
      }),
    );
    return stored.every(Boolean) ? OK : NOT_STORED;
  }

  /** Whoever was refused may send on, so that he can read why, but not for ever. */
  #cutIfUnfinished(request: IncomingMessage): void {
    const timer = setTimeout(() => request.destroy(), this.#bodies.limits.bodyTimeout).unref();
    request.once('close', () => clearTimeout(timer));
    request.resume();
  }

  #logToAll(message: string): void {
    for (const receiver of this.#receivers) receiver.log('error', message);
  }
}

function send(response: ServerResponse, { status, text }: WebhookAnswer): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    ...(status === 405 ? { allow: 'GET, POST' } : {}),
    ...(status === 408 ? { connection: 'close' } : {}),
  });
  response.end(text);
}

/** The JSON of a body; undefined where it is none. */
function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return maskNumbers(error instanceof Error ? error.message : String(error));
}
