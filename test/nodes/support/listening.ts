import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { NodeAPI } from 'node-red';

/** Hears all that anybody could read of a Node-RED: its log at every level, badges, and the console. */
export class Listening {
  readonly #heard: string[] = [];
  readonly #writes = [process.stdout, process.stderr].map((stream) => ({
    stream,
    write: stream.write.bind(stream),
  }));
  #restore: (() => void)[] = [];

  /** A node type, so to speak, that only listens: to be loaded with the others. */
  readonly begin = (RED: NodeAPI): void => {
    const hear = (entry: unknown): void => this.hear('log', entry);
    const handler = { emit: (_event: string, entry: unknown) => hear(entry) };
    RED.log.addHandler(handler as never);
    const status = ({ status }: { status: unknown }): void => this.hear('badge', status);
    RED.events.on('node-status', status);
    for (const { stream, write } of this.#writes) {
      stream.write = (chunk: string | Uint8Array, ...more: never[]) => {
        this.hear('console', Buffer.from(chunk as Uint8Array).toString());
        return write(chunk, ...more);
      };
    }
    this.#restore.push(() => {
      RED.log.removeHandler(handler as never);
      RED.events.off('node-status', status);
      for (const { stream, write } of this.#writes) stream.write = write;
    });
  };

  end(): void {
    for (const restore of this.#restore.splice(0)) restore();
  }

  /** Whatever a reader could make of it: errors with their stack, cause and fields. */
  hear(where: string, what: unknown): void {
    const text =
      typeof what === 'string' ? what : inspect(what, { depth: 12, maxArrayLength: null });
    this.#heard.push(`${where}: ${text}`);
  }

  get lines(): readonly string[] {
    return this.#heard;
  }

  /** Nothing that was heard holds a secret, or seven digits in a row of a number, however it is written. */
  assertDiscreet(secrets: readonly string[], numbers: readonly string[]): void {
    const pieces = numbers.flatMap((number) => {
      const digits = number.replaceAll(/\D/g, '');
      return Array.from({ length: digits.length - 6 }, (_, i) => digits.slice(i, i + 7));
    });
    for (const line of this.#heard) {
      const squeezed = line.replaceAll(/(?<=\d)[\s().\-/\u00a0]+(?=\d)/g, '');
      for (const secret of secrets) assert.ok(!line.includes(secret), `${secret} in ${line}`);
      for (const piece of pieces) assert.ok(!squeezed.includes(piece), `${piece} in ${line}`);
    }
  }
}
