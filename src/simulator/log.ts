/** The newest things, oldest first; what goes beyond `size` is forgotten. */
export class BoundedLog<T> {
  readonly #entries: T[] = [];

  constructor(private readonly size: number) {}

  add(entry: T): void {
    this.#entries.push(entry);
    if (this.#entries.length > this.size) this.#entries.shift();
  }

  get entries(): readonly T[] {
    return this.#entries;
  }
}

/** A request to the Graph API and what came of it. */
export interface ApiCall {
  /** Epoch milliseconds, virtual. */
  at: number;
  method: string;
  /** With the query, without any access token. */
  path: string;
  /** Parsed JSON; null where there was none. */
  body: unknown;
  /** HTTP status. */
  status: number;
  answer: unknown;
}

/** One attempt to deliver a webhook. */
export interface WebhookAttempt {
  /** Epoch milliseconds, virtual. */
  at: number;
  /** Phone number id. */
  number: string;
  body: unknown;
  /** 1 for the first. */
  attempt: number;
  /** HTTP status; null where nobody listens or the connection failed. */
  status: number | null;
}

/** What went in and out, newest last. No tokens and no secrets are in it. */
export interface SimulatorLog {
  readonly apiCalls: readonly ApiCall[];
  readonly webhooks: readonly WebhookAttempt[];
}
