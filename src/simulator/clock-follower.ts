import type { Duplex } from 'node:stream';
import type { Cancel } from '../clock';
import type { Follower, VirtualClock } from './clock';
import type { JsonObject } from './json';
import { JsonLines } from './json-lines';

/** Where the clock can be followed: see {@link ClockFollower}. */
export const FOLLOW_PATH = '/simulator/clock/follow';
/** The name of the protocol, as an HTTP upgrade wants one. */
export const FOLLOW_PROTOCOL = 'whatsapp-simulator-clock';

/** Real milliseconds until a follower that does not answer is let go, so that it holds up nobody. */
const PATIENCE = 60_000;

/**
 * The clock's end of the connection with somebody who lives by it in another process.
 *
 * The clock says `{ id }`, and with it `stand` (the time stands at), `go` (time goes on from) or `ring` (do what is
 * due at), all in epoch milliseconds. The follower answers each with `{ id }` when that is done, and says
 * `{ alarm }` whenever the time of its first task changes (null: none). What is said is heard in that order, so
 * an answer comes after every alarm that was set before it.
 */
export class ClockFollower implements Follower {
  readonly #clock: VirtualClock;
  readonly #lines: JsonLines;
  readonly #patience: number;
  readonly #asked = new Map<number, () => void>();
  #asks = 0;
  #cancelAlarm: Cancel = () => undefined;

  /** @param patience real milliseconds for every answer */
  constructor(clock: VirtualClock, socket: Duplex, head: Buffer, patience = PATIENCE) {
    this.#clock = clock;
    this.#patience = patience;
    this.#lines = new JsonLines(socket, head, (message) => this.#hear(message));
    const leave = clock.follow(this);
    void this.#lines.closed.then(() => {
      leave();
      this.#cancelAlarm();
      for (const answered of this.#asked.values()) answered();
    });
  }

  sync(): Promise<void> {
    return this.#ask({});
  }

  stand(at: number): Promise<void> {
    return this.#ask({ stand: at });
  }

  go(at: number): Promise<void> {
    return this.#ask({ go: at });
  }

  close(): void {
    this.#lines.close();
  }

  get closed(): Promise<void> {
    return this.#lines.closed;
  }

  #ask(message: JsonObject): Promise<void> {
    const id = ++this.#asks;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.close(), this.#patience);
      timer.unref();
      this.#asked.set(id, () => {
        clearTimeout(timer);
        this.#asked.delete(id);
        resolve();
      });
      this.#lines.say({ id, ...message });
    });
  }

  #hear(message: JsonObject): void {
    const { id, alarm } = message;
    if (typeof id === 'number') return this.#asked.get(id)?.();
    if (!('alarm' in message)) return this.close();
    this.#cancelAlarm();
    this.#cancelAlarm =
      typeof alarm === 'number'
        ? this.#clock.schedule(alarm, () => this.#ask({ ring: Math.max(alarm, this.#clock.now()) }))
        : () => undefined;
  }
}
