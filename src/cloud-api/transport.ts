import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { create, type AxiosInstance, type AxiosResponse } from 'axios';
import axiosRetry from 'axios-retry';
import { sendWithin } from './deadline';
import { CloudApiError, fault } from './errors';
import { maskNumbers } from '../mask';
import { describeFailure, describeResponse, type FailureContext } from './failure';
import { isObject, parseJson, type JsonObject } from './json';
import { pause, throwIfClosed, type Pausing } from './pause';
import { isPassing, MOST_RETRIES } from './retry';

export interface TransportOptions extends Pausing {
  /** Address of the API, without a slash at the end: `https://host/version`. */
  baseUrl: string;
  accessToken: string;
  /** Sent as `appsecret_proof` with each request; null: not sent. */
  proof: string | null;
  /** Milliseconds for one attempt, from dialling to the last byte. */
  timeout: number;
  /** Epoch milliseconds. */
  now: () => number;
  /** Milliseconds to wait before attempt `attempt` (1 is the first repetition). */
  retryDelay: (attempt: number) => number;
}

/** An answer of WhatsApp and when the request that got it was sent (epoch milliseconds). */
export interface Answer {
  sentAt: number;
  body: JsonObject;
}

/** Idle connections are dropped after this many milliseconds, before a server or a NAT in between drops them. */
const IDLE_TIME = 4000;

/** Answers are below 2 KB; anything longer than this many bytes is not one. */
const LONGEST_ANSWER = 1024 * 1024;

/**
 * Carries requests to the Cloud API and turns every failure into a {@link CloudApiError}. GETs are repeated where the
 * failure passes, POSTs never.
 */
export class Transport {
  readonly #options: TransportOptions;
  readonly #client: AxiosInstance;
  readonly #agents = {
    httpAgent: new HttpAgent({ keepAlive: true, timeout: IDLE_TIME }),
    httpsAgent: new HttpsAgent({ keepAlive: true, timeout: IDLE_TIME }),
  };
  readonly #context: FailureContext;

  constructor(options: TransportOptions) {
    const { accessToken, proof, now, closed } = options;
    this.#options = options;
    this.#context = {
      now,
      closed,
      redact: (text) => maskNumbers(redact(redact(text, accessToken), proof ?? '')),
    };
    this.#client = create({
      ...this.#agents,
      adapter: sendWithin(options.timeout, closed),
      baseURL: '',
      headers: { Authorization: `Bearer ${accessToken}`, Accept: 'application/json' },
      params: proof === null ? {} : { appsecret_proof: proof },
      maxRedirects: 0,
      maxContentLength: LONGEST_ANSWER,
      responseType: 'text',
      transformResponse: (text: unknown) => text,
      validateStatus: (status) => status >= 200 && status < 300,
    });
    axiosRetry(this.#client, {
      retries: 0,
      retryCondition: (error) => isPassing(describeFailure(error, this.#context)),
      retryDelay: () => 0, // the wait is in `onRetry`, where it can be injected and closed
    });
  }

  /**
   * Asks WhatsApp something. Every attempt, repetitions too, waits for its `turn` first.
   * @throws {CloudApiError}
   */
  async get(path: string, turn: () => Promise<void>): Promise<Answer> {
    let sentAt = 0;
    const takeTurn = async (): Promise<void> => {
      await turn();
      sentAt = this.#options.now();
    };
    const body = await this.#send(async (url) => {
      await takeTurn();
      return this.#client.get<string>(url, {
        'axios-retry': {
          retries: MOST_RETRIES,
          onRetry: async (attempt, error) => {
            await this.#waitToRetry(attempt, describeFailure(error, this.#context));
            await takeTurn();
          },
        },
      });
    }, path);
    return { sentAt, body };
  }

  /**
   * Has WhatsApp do something, once whatever happens: a second request or a second ring must never come of it.
   * @throws {CloudApiError}
   */
  post(path: string, body: JsonObject): Promise<JsonObject> {
    return this.#send((url) => this.#client.post<string>(url, body), path);
  }

  /** Drops idle connections. What is under way ends by the `closed` signal of the options. */
  close(): void {
    this.#agents.httpAgent.destroy();
    this.#agents.httpsAgent.destroy();
  }

  async #send(
    request: (url: string) => Promise<AxiosResponse<string>>,
    path: string,
  ): Promise<JsonObject> {
    throwIfClosed(this.#options.closed);
    const url = `${this.#options.baseUrl}/${path}`;
    if (!isWebAddress(url)) throw fault('invalid-url', 'not-sent');
    const response = await request(url).catch((error: unknown) => {
      throw describeFailure(error, this.#context);
    });
    const body = parseJson(response.data);
    if (!isObject(body) || isObject(body.error)) throw describeResponse(response, this.#context);
    return body;
  }

  async #waitToRetry(attempt: number, error: CloudApiError): Promise<void> {
    const delay = Math.max(this.#options.retryDelay(attempt), error.retryAfter ?? 0);
    await pause(delay, this.#options);
  }
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** WhatsApp repeats a malformed access token in its error message. */
function redact(text: string, secret: string): string {
  return secret === '' ? text : text.replaceAll(secret, '***');
}
