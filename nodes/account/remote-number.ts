import { setTimeout as wait } from 'node:timers/promises';
import { RemoteClock } from '../../src/simulator';
import type { AccountSettings } from './settings';
import { madeUpSecrets, simulatedNumber, type Secrets } from './simulated-number';

/** What it takes to use a number on the simulator. */
export interface Access extends Secrets {
  /** Infinity where look-ups are not limited. */
  lookUpsPerSecond: number;
  /** Null where the simulator does not tell. */
  businessAccountId: string | null;
}

/** Real milliseconds between attempts to reach a simulator; each wait is twice the last. */
const FIRST_WAIT = 250;
const LONGEST_WAIT = 10_000;
/** Real milliseconds for the simulator to answer. */
const TIMEOUT = 10_000;

/**
 * A number on a simulator in another process, which others may use, too. It is made where it is not there yet, and
 * again where the simulator was started anew. While the simulator cannot be reached it is tried again and again.
 */
export class RemoteNumber {
  readonly clock: RemoteClock;
  readonly #url: string;
  readonly #settings: AccountSettings;
  readonly #warn: (problem: string) => void;
  readonly #leaving = new AbortController();
  #access: Access | null = null;
  #webhookUrl: string | null = null;
  #following: Promise<unknown> = Promise.resolve();

  /** @param warn hears of whatever keeps the simulator from being reached, once until it is reached again */
  constructor(url: string, settings: AccountSettings, warn: (problem: string) => void) {
    this.#url = url;
    this.#settings = settings;
    this.#warn = warn;
    this.clock = new RemoteClock((error) => warn(`A task failed: ${messageOf(error)}`));
  }

  /**
   * Connects, however long that takes.
   *
   * @throws whatever the simulator has against the number, and where `signal` ends the attempts
   */
  async open(signal: AbortSignal): Promise<Access> {
    signal.addEventListener('abort', () => this.#leaving.abort(), { once: true });
    const { lost } = await this.#reach();
    this.#following = this.#stay(lost);
    return this.#access!;
  }

  /** Has the simulator send its webhooks there, now and whenever it was reached anew. */
  async askForWebhooks(url: string): Promise<void> {
    this.#webhookUrl = url;
    await this.#sayWebhookUrl().catch((problem: unknown) => {
      // Then the connection is lost as well, and it is said again when there is one.
      if (problem instanceof Refusal) throw problem;
    });
  }

  /** Cuts the connection. The number stays, and what it tells meanwhile is sent again later. */
  async leave(): Promise<void> {
    this.#leaving.abort();
    this.clock.leave();
    await this.#following;
  }

  async #stay(lost: Promise<void>): Promise<void> {
    await lost;
    while (!this.#leaving.signal.aborted) {
      this.#warn(
        'The connection to the simulator is lost, and its clock with it. It is tried again.',
      );
      try {
        const connection = await this.#reach();
        this.#warn('The simulator is reached again.');
        await connection.lost;
      } catch (problem) {
        if (!this.#leaving.signal.aborted) return this.#warn(messageOf(problem));
      }
    }
  }

  async #reach(): Promise<{ lost: Promise<void> }> {
    const { signal } = this.#leaving;
    for (let pause = FIRST_WAIT; ; pause = Math.min(2 * pause, LONGEST_WAIT)) {
      signal.throwIfAborted();
      try {
        return await this.#connect(signal);
      } catch (problem) {
        if (problem instanceof Refusal) throw problem;
        if (pause === FIRST_WAIT && !signal.aborted) {
          this.#warn(`The simulator cannot be reached, and is tried again: ${messageOf(problem)}`);
        }
      }
      await wait(pause, undefined, { signal, ref: false });
    }
  }

  async #connect(signal: AbortSignal): Promise<{ lost: Promise<void> }> {
    this.#access = await this.#accessTo(this.#settings, this.#access);
    const connection = await this.clock.follow(this.#url, signal);
    await this.#sayWebhookUrl();
    return connection;
  }

  /** Of the number that is there, or is made with the same secrets as before, or made-up ones. */
  async #accessTo(settings: AccountSettings, before: Access | null): Promise<Access> {
    const path = `/numbers/${encodeURIComponent(settings.phoneNumberId)}`;
    const known = await this.#ask('GET', `${path}/access`, 404);
    if (known === null) {
      // Somebody else may have made it in between.
      await this.#ask(
        'POST',
        '/numbers',
        409,
        simulatedNumber(settings, before ?? madeUpSecrets()),
      );
      return this.#accessTo(settings, before);
    }
    const access = toAccess(known);
    if (before !== null && before.accessToken !== access.accessToken) {
      throw new Refusal('The simulator knows the number with other secrets. Deploy again.');
    }
    return access;
  }

  async #sayWebhookUrl(): Promise<void> {
    if (this.#webhookUrl === null) return;
    const path = `/numbers/${encodeURIComponent(this.#settings.phoneNumberId)}/webhook`;
    await this.#ask('PUT', path, null, { url: this.#webhookUrl });
  }

  /** Null where the answer has the status `absent`. */
  async #ask(method: string, path: string, absent: number | null, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.#url}/simulator${path}`, {
      method,
      signal: AbortSignal.any([this.#leaving.signal, AbortSignal.timeout(TIMEOUT)]),
      // Kept open, a connection would outlive the account.
      headers: { connection: 'close' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text) as unknown;
    if (answer.status === absent) return null;
    const said = `The simulator answers ${answer.status}: ${text.slice(0, 200)}`;
    throw answer.status < 500 ? new Refusal(said) : new Error(said);
  }
}

/** The simulator was reached, and does not want to. */
class Refusal extends Error {
  readonly code = 'simulator-refuses';
}

function toAccess(answer: unknown): Access {
  const { accessToken, appSecret, lookUpsPerSecond, businessAccountId } = answer as Record<
    string,
    unknown
  >;
  if (typeof accessToken !== 'string' || typeof appSecret !== 'string') {
    throw new Refusal('What answers there is no simulator.');
  }
  const limit = typeof lookUpsPerSecond === 'number' ? lookUpsPerSecond : Infinity;
  return {
    accessToken,
    appSecret,
    lookUpsPerSecond: limit,
    businessAccountId: typeof businessAccountId === 'string' ? businessAccountId : null,
  };
}

const messageOf = (problem: unknown): string =>
  problem instanceof Error ? problem.message : String(problem);
