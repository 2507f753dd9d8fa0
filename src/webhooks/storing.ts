/** Why nothing could be said about a body in time. */
export type StoringFault = 'busy' | 'too-slow';

/** Bodies are not stored as fast as they come. */
export class StoringError extends Error {
  override readonly name = 'StoringError';
  constructor(readonly code: StoringFault) {
    super(code === 'busy' ? 'too many are waiting to be stored' : 'storing takes too long');
  }
}

export interface StoringLimits {
  /** Bytes of all bodies that are being stored at once. One alone is always taken. */
  mostUnstored: number;
  /** Milliseconds until the sender is told that a body is not stored. */
  storeTimeout: number;
}

/** Keeps a store that is stuck from filling the memory with bodies, and their senders from waiting for ever. */
export class Storing {
  #unstored = 0;

  constructor(private readonly limits: StoringLimits) {}

  /**
   * Waits for `store`, which stores what was read of a body of `size` bytes. What takes too long goes on all the same,
   * and counts until it is over.
   * @throws {StoringError}
   */
  async within<T>(size: number, store: () => Promise<T>): Promise<T> {
    const { mostUnstored, storeTimeout } = this.limits;
    if (this.#unstored > 0 && this.#unstored + size > mostUnstored) throw new StoringError('busy');
    this.#unstored += size;
    const storing = store().finally(() => (this.#unstored -= size));
    let timer: NodeJS.Timeout | undefined;
    const tooSlow = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new StoringError('too-slow')), storeTimeout).unref();
    });
    return Promise.race([storing, tooSlow]).finally(() => clearTimeout(timer));
  }
}
