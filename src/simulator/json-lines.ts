import type { Duplex } from 'node:stream';
import { isObject } from './json';
import type { JsonObject } from './json';

/** Characters; far above anything that is ever said. */
const LONGEST_LINE = 10_000;

/** JSON objects in ASCII in both directions of a connection, one a line. What is no such line cuts it. */
export class JsonLines {
  /** Resolves when the connection is over, whoever ended it. */
  readonly closed: Promise<void>;
  readonly #socket: Duplex;
  readonly #hear: (message: JsonObject) => void;
  #rest = '';

  /** @param head what has arrived already */
  constructor(socket: Duplex, head: Buffer, hear: (message: JsonObject) => void) {
    this.#socket = socket;
    this.#hear = hear;
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    // Said by "close" as well.
    socket.on('error', () => undefined);
    if (head.length > 0) socket.unshift(head);
    socket.on('data', (chunk: Buffer) => this.#read(chunk.toString('latin1')));
    socket.on('end', () => socket.destroy());
  }

  /** Harmless when the connection is over. */
  say(message: JsonObject): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = parsed(line);
      if (message === null) return this.close();
      this.#hear(message);
    }
    if (this.#rest.length > LONGEST_LINE) this.close();
  }
}

function parsed(line: string): JsonObject | null {
  try {
    const message: unknown = JSON.parse(line);
    return isObject(message) ? message : null;
  } catch {
    return null;
  }
}
