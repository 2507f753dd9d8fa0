import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Server as TcpServer } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { CloudApi, type CloudApiOptions } from '../../src/cloud-api';
import type { ContactNames } from '../../src/rules/contact';

export const TOKEN = 'EAAGinventedToken0123456789';
export const PHONE_NUMBER_ID = '100200300400500';
export const ANA: ContactNames = { waId: '573001234567', userId: null, phone: null };

/** A request as it arrived. */
export interface Seen {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingMessage['headers'];
  body: unknown;
}

/** What to do with a request: answer with a status and a body, or anything else to its response. */
export type Behaviour =
  | { status?: number; body: unknown; headers?: Record<string, string> }
  | ((response: ServerResponse) => void);

/** An HTTP server in WhatsApp's place. It behaves as told, one entry a request; the last one goes on for ever. */
export class FakeWhatsApp {
  readonly seen: Seen[] = [];
  #script: Behaviour[] = [];
  readonly #server: Server = createServer(
    (request, response) => void this.#serve(request, response),
  );
  readonly #clients: CloudApi[] = [];

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.close();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  behave(...script: Behaviour[]): void {
    this.#script = script;
  }

  /** A client of this server that neither waits nor spaces its look-ups, unless told to. */
  client(options: Partial<CloudApiOptions> = {}): CloudApi {
    const client = new CloudApi({
      graphUrl: this.url,
      graphVersion: 'v25.0',
      phoneNumberId: PHONE_NUMBER_ID,
      accessToken: TOKEN,
      now: () => 0,
      retryDelay: () => 0,
      sleep: async () => {},
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}`;
  }

  get last(): Seen | undefined {
    return this.seen.at(-1);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readText(request);
    const url = new URL(request.url ?? '/', this.url);
    this.seen.push({
      method: request.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: text === '' ? null : JSON.parse(text),
    });
    const behaviour = (this.#script.length > 1 ? this.#script.shift() : this.#script[0]) ?? {
      body: {},
    };
    if (typeof behaviour === 'function') behaviour(response);
    else reply(response, behaviour);
  }
}

function reply(
  response: ServerResponse,
  { status = 200, body, headers = {} }: Exclude<Behaviour, (response: ServerResponse) => void>,
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** The port that a listening server was given. */
export function portOf(server: TcpServer): number {
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null, 'the server does not listen');
  return address.port;
}

/** Meta's error envelope. */
export function graphError(code: number, more: Record<string, unknown> = {}): { error: unknown } {
  return {
    error: {
      message: `(#${code}) something`,
      type: 'OAuthException',
      code,
      fbtrace_id: 'AxTest01',
      ...more,
    },
  };
}

export const PERMISSION = {
  messaging_product: 'whatsapp',
  permission: { status: 'permanent' },
  actions: [],
};
export const MESSAGE_ACCEPTED = {
  messaging_product: 'whatsapp',
  contacts: [{ input: '+573001234567', wa_id: '573001234567', user_id: 'CO.7700112233' }],
  messages: [{ id: 'wamid.TEST0001', message_status: 'accepted' }],
};
export const CALL_ACCEPTED = { messaging_product: 'whatsapp', calls: [{ id: 'wacid.TEST0001' }] };
