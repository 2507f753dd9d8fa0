import * as http from 'node:http';
import * as https from 'node:https';
import type { DeliverWebhook } from './webhook-sender';

/** Meta counts a webhook that is not answered by then as failed (FAQ); milliseconds of real time. */
const TIMEOUT = 20_000;

/** Whether webhooks can be posted there. */
export const isWebUrl = (text: string): boolean => URL.canParse(text) && /^https?:/i.test(text);

/** Keeps connections to webhook URLs open; one for the whole simulator. */
export class WebhookUrls {
  #agents = newAgents();

  /** Posts to `url`; redirects are not followed, as at Meta. */
  posterTo(url: string): DeliverWebhook {
    const target = new URL(url);
    return async ({ headers, body }) => {
      const withLength = { ...headers, 'content-length': String(body.length) };
      const { status } = await this.#request(target, 'POST', withLength, body);
      return status;
    };
  }

  /** The handshake that Meta does when a callback URL is entered: true where it passes. */
  async verify(url: string, verifyToken: string, challenge: string): Promise<boolean> {
    const target = new URL(url);
    target.searchParams.set('hub.mode', 'subscribe');
    target.searchParams.set('hub.challenge', challenge);
    target.searchParams.set('hub.verify_token', verifyToken);
    const { status, text } = await this.#request(target, 'GET', {}, null);
    return status === 200 && text === challenge;
  }

  /** Cuts every connection; new ones can be opened afterwards. */
  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
    this.#agents = newAgents();
  }

  #request(
    url: URL,
    method: string,
    headers: Record<string, string>,
    body: Buffer | null,
  ): Promise<{ status: number; text: string }> {
    const isTls = url.protocol === 'https:';
    const agent = isTls ? this.#agents.https : this.#agents.http;
    const signal = AbortSignal.timeout(TIMEOUT);
    return new Promise((resolve, reject) => {
      const start = isTls ? https.request : http.request;
      const request = start(url, { method, headers, agent, signal }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
      });
      request.on('error', reject);
      request.end(body ?? undefined);
    });
  }
}

const newAgents = (): { http: http.Agent; https: https.Agent } => ({
  http: new http.Agent({ keepAlive: true, maxSockets: 64 }),
  https: new https.Agent({ keepAlive: true, maxSockets: 64 }),
});
