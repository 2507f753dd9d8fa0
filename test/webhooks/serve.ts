import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import {
  createServer,
  request,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { WebhookEndpoint, type WebhookChange, type WebhookReceiver } from '../../src/webhooks';
import { DISPLAY_NUMBER, HEARD, PHONE_NUMBER_ID } from './fixtures';

export const SECRET = 'app-secret';
export const TOKEN = 'verify-token';

/** An account that keeps what it was given to store and to log. */
export interface Account extends WebhookReceiver {
  stored: WebhookChange[];
  logged: string[];
}

export function account(over: Partial<WebhookReceiver> = {}): Account {
  const stored: WebhookChange[] = [];
  const logged: string[] = [];
  return {
    phoneNumberId: PHONE_NUMBER_ID,
    displayNumber: DISPLAY_NUMBER,
    verifyToken: TOKEN,
    appSecrets: [SECRET],
    store: async (changes) => void stored.push(...changes),
    log: (level, message) => void logged.push(`${level}: ${message}`),
    ...over,
    stored,
    logged,
  };
}

export function endpointWith(...accounts: Account[]): WebhookEndpoint {
  const endpoint = new WebhookEndpoint({ now: () => HEARD });
  for (const it of accounts) endpoint.add(it);
  return endpoint;
}

export function sign(body: string | Buffer, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** Delivers a body in-process, signed with a secret. */
export function deliver(
  endpoint: WebhookEndpoint,
  body: unknown,
  secret = SECRET,
): Promise<{ status: number; text: string }> {
  const raw = Buffer.from(JSON.stringify(body));
  return endpoint.receive({ 'x-hub-signature-256': sign(raw, secret) }, raw);
}

export interface Answer {
  status: number;
  text: string;
  headers: IncomingMessage['headers'];
}

/** A server on a free port, and how to talk to it. */
export class TestServer {
  private constructor(readonly server: Server) {}

  static async listen(listener: RequestListener): Promise<TestServer> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return new TestServer(server);
  }

  get port(): number {
    const address = this.server.address();
    assert.ok(typeof address === 'object' && address !== null);
    return address.port;
  }

  /** Sends a request; `write` may write the body in its own way instead of sending one. */
  send(
    method: string,
    path: string,
    {
      headers = {},
      body = '',
      write,
    }: { headers?: object; body?: string | Buffer; write?: Writer } = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { port: this.port, host: '127.0.0.1', method, path, headers: { ...headers }, agent: false },
        (incoming) => {
          let text = '';
          incoming.setEncoding('utf8');
          incoming.on('data', (chunk: string) => (text += chunk));
          incoming.on('end', () => {
            resolve({ status: incoming.statusCode ?? 0, text, headers: incoming.headers });
            outgoing.destroy();
          });
        },
      );
      outgoing.on('error', reject);
      if (write === undefined) outgoing.end(body);
      else write(outgoing);
    });
  }

  post(
    body: string | Buffer,
    headers: object = { 'x-hub-signature-256': sign(body) },
  ): Promise<Answer> {
    return this.send('POST', '/whatsapp/webhook', { headers, body });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export type Writer = (outgoing: ReturnType<typeof request>) => void;

/** The types of the facts an account stored. */
export function storedTypes({ stored }: Account): string[] {
  return stored.map((it) => (it.kind === 'other' ? 'other' : it.fact.type));
}

export function assertLogged({ logged }: Account, pattern: RegExp, times = 1): void {
  assert.equal(logged.filter((line) => pattern.test(line)).length, times, logged.join('\n'));
}
