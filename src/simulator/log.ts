import type { FaultName } from './faults/catalogue';

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
  /** When it was done, or failed, epoch milliseconds, virtual. Under `slow-action` it is noted when it comes, too. */
  at: number;
  method: string;
  /** With the query, without any access token. */
  path: string;
  /** Parsed JSON; null where there was none. */
  body: unknown;
  /** HTTP status; 0 where nothing was done and nothing answered. */
  status: number;
  /** What WhatsApp answered to what it did, whether or not that reached the business. */
  answer: unknown;
  /** The fault that came between; null where none did. */
  fault: FaultName | null;
  /** Whether WhatsApp got to do it, or to refuse it. */
  isDone: boolean;
}

/** Something that WhatsApp has to tell, before any fault of its way. */
export interface News {
  /** Epoch milliseconds, virtual. */
  at: number;
  /** Phone number id. */
  number: string;
  body: object;
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
  /** HTTP status; null where nobody listens, the connection failed or it was lost on the way. */
  status: number | null;
  /** What it tells: the bodies of {@link SimulatorLog.news}, of which faults may have put several into one. */
  news: readonly object[];
  /** `webhook-dropped` where it was lost on the way; null otherwise. */
  fault: FaultName | null;
}

/** What went in and out, newest last. No tokens and no secrets are in it. */
export interface SimulatorLog {
  readonly apiCalls: readonly ApiCall[];
  readonly news: readonly News[];
  readonly webhooks: readonly WebhookAttempt[];
}
