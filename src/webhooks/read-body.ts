import type { IncomingMessage } from 'node:http';

/** Why a body could not be had; each has its answer in the endpoint. */
export type BodyFault = 'too-large' | 'too-slow' | 'busy' | 'aborted' | 'taken';

/** A body could not be read. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  constructor(readonly code: BodyFault) {
    super(`the body could not be read: ${code}`);
  }
}

export interface BodyLimits {
  /** Bytes of one body. */
  maxBody: number;
  /** Bytes of all bodies that are being read at once. */
  maxBodies: number;
  /** Milliseconds for a body to arrive. */
  bodyTimeout: number;
}

/** Reads the raw bytes of requests, within limits of size, time and memory. */
export class BodyReader {
  #held = 0;

  constructor(readonly limits: BodyLimits) {}

  /** Whether a request says itself that it is larger than allowed: then nothing of it needs to be read. */
  isTooLarge({ headers }: IncomingMessage): boolean {
    return Number(headers['content-length'] ?? 0) > this.limits.maxBody;
  }

  /**
   * The untouched bytes of a request. Where somebody in front has read them already, his copy in `rawBody`.
   * @throws {BodyError} where they cannot be had.
   */
  async read(request: IncomingMessage & { rawBody?: unknown }): Promise<Buffer> {
    if (this.isTooLarge(request)) throw new BodyError('too-large');
    if (Buffer.isBuffer(request.rawBody)) return request.rawBody;
    if (request.readableDidRead || request.readableEnded) throw new BodyError('taken');
    if (request.destroyed) throw new BodyError('aborted');
    return this.#collect(request);
  }

  #collect(request: IncomingMessage): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const settle = (then: () => void): void => {
        clearTimeout(timer);
        this.#held -= size;
        size = 0;
        request.off('data', take).off('end', end).off('close', abort);
        then();
      };
      const fail = (code: BodyFault): void => settle(() => reject(new BodyError(code)));
      const take = (chunk: Buffer): void => {
        size += chunk.length;
        this.#held += chunk.length;
        chunks.push(chunk);
        if (size > this.limits.maxBody) fail('too-large');
        else if (this.#held > this.limits.maxBodies) fail('busy');
      };
      const end = (): void => settle(() => resolve(Buffer.concat(chunks)));
      const abort = (): void => fail('aborted');
      const timer = setTimeout(() => fail('too-slow'), this.limits.bodyTimeout).unref();
      request.on('data', take).on('end', end).on('close', abort);
      // A cut connection is told by `close`; without a listener its error would be thrown.
      request.on('error', () => undefined);
    });
  }
}
