import * as http from 'node:http';
import type { Duplex } from 'node:stream';
import type { Answer, ReadRequest } from './answer';
import { SimulatorError } from './errors';

/** Bytes; far above anything the API takes. */
const LONGEST_BODY = 1_000_000;

/** Takes over a connection that asks for another protocol than HTTP. */
export type TakeOver = (request: http.IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Reads requests to their end and writes JSON answers: all that the two APIs need of HTTP. */
export class HttpServer {
  #server: http.Server | null = null;
  #url: string | null = null;

  constructor(
    private readonly answer: (request: ReadRequest) => Promise<Answer>,
    private readonly takeOver: TakeOver,
  ) {}

  /** Without a slash at the end; null unless listening. */
  get url(): string | null {
    return this.#url;
  }

  /** @returns the url */
  async listen(port: number, host: string): Promise<string> {
    if (this.#server !== null) {
      throw new SimulatorError('already-listening', 'The simulator is listening already.');
    }
    const server = http.createServer((request, response) => void this.#serve(request, response));
    server.on('upgrade', (request, socket, head) => this.takeOver(request, socket, head));
    this.#server = server;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, resolve);
      });
    } catch (error) {
      this.#server = null;
      throw error;
    }
    const address = server.address();
    const bound = typeof address === 'object' && address !== null ? address.port : port;
    this.#url = `http://${urlHost(host)}:${bound}`;
    return this.#url;
  }

  /** Cuts what is open. Harmless when it is not listening. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.#url = null;
    if (server === null) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    try {
      const read = await readRequest(request);
      write(response, read === null ? tooLong : await this.answer(read));
    } catch {
      // The peer has gone, or something is wrong with the simulator itself: in neither case does it stop.
      if (response.headersSent) response.destroy();
      else write(response, unexpected);
    }
  }
}

const graphFault = (status: number, code: number, message: string): Answer => ({
  status,
  body: { error: { message, type: 'OAuthException', code } },
});
const tooLong = graphFault(413, 1, 'The body is too long.');
const unexpected = graphFault(500, 1, 'An unknown error occurred.');

/** Where 0.0.0.0 and :: listen on everything, loopback is what one can open. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

async function readRequest(request: http.IncomingMessage): Promise<ReadRequest | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_BODY) return null;
    chunks.push(chunk);
  }
  // The base only completes the path; nothing of it is used.
  const url = new URL(`http://localhost${request.url ?? '/'}`);
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks),
  };
}

function write(response: http.ServerResponse, { status, body, cut }: Answer): void {
  if (cut === 'before') return void response.destroy();
  const isText = typeof body === 'string';
  const bytes = Buffer.from(isText ? body : JSON.stringify(body));
  response.writeHead(cut === undefined ? status : 200, {
    'content-type': isText ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    'content-length': bytes.length,
  });
  if (cut === undefined) response.end(bytes);
  else response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
}
