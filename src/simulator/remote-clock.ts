import * as http from 'node:http';
import type { Duplex } from 'node:stream';
import type { Cancel, Clock } from '../clock';
import { FOLLOW_PATH, FOLLOW_PROTOCOL } from './clock-follower';
import { SimulatorError } from './errors';
import type { JsonObject } from './json';
import { JsonLines } from './json-lines';
import { TaskQueue } from './task-queue';

/** Real milliseconds between signs of life of a connection on which nothing is said. */
const SIGN_OF_LIFE = 30_000;

/** What the clock last said of the time, epoch milliseconds. */
type Time = { stands: number } | { goesOn: number; ahead: number };

/**
 * The clock of a simulator in another process. Its tasks run when the simulator says that they are due, and a move
 * of the simulator's clock waits for them: a task must not wait for a move itself. Without a connection no task
 * runs, and time stands or goes on as it did.
 */
export class RemoteClock implements Clock {
  readonly #onError: (error: unknown) => void;
  readonly #tasks = new TaskQueue();
  #time: Time = { goesOn: -Infinity, ahead: 0 };
  #lines: JsonLines | null = null;
  #alarm: number | null = null;

  /** @param onError hears what a task threw */
  constructor(onError: (error: unknown) => void = () => undefined) {
    this.#onError = onError;
  }

  /** Epoch milliseconds; while a move runs a task, exactly the time the task was due. */
  now(): number {
    const time = this.#time;
    return 'stands' in time ? time.stands : Math.max(time.goesOn, Date.now() + time.ahead);
  }

  schedule(time: number, run: () => void | Promise<void>): Cancel {
    const remove = this.#tasks.add({ time, run });
    this.#sayAlarm();
    return () => {
      remove();
      this.#sayAlarm();
    };
  }

  /**
   * Follows the clock of the simulator at `url`, instead of any other. Resolves when the time is known; `lost`
   * resolves when the connection is over.
   *
   * @throws SimulatorError `not-listening` where no simulator answers
   */
  async follow(url: string, signal?: AbortSignal): Promise<{ lost: Promise<void> }> {
    this.leave();
    const { socket, head } = await connect(`${url}${FOLLOW_PATH}`, signal);
    let know = (): void => undefined;
    const known = new Promise<void>((resolve) => (know = resolve));
    const lines = new JsonLines(socket, head, (message) => {
      void this.#hear(lines, message);
      know();
    });
    this.#lines = lines;
    this.#alarm = null;
    this.#sayAlarm();
    const lost = lines.closed.then(() => this.#forget(lines));
    await Promise.race([known, lost]);
    if (this.#lines !== lines) throw notListening(url);
    return { lost };
  }

  /** Cuts the connection; the tasks stay. */
  leave(): void {
    this.#lines?.close();
    this.#lines = null;
  }

  #forget(lines: JsonLines): void {
    if (this.#lines === lines) this.#lines = null;
  }

  async #hear(lines: JsonLines, { id, stand, go, ring }: JsonObject): Promise<void> {
    if (typeof stand === 'number') this.#time = { stands: stand };
    if (typeof go === 'number') this.#time = { goesOn: go, ahead: go - Date.now() };
    if (typeof ring === 'number') await this.#ring(ring);
    lines.say({ id });
  }

  async #ring(at: number): Promise<void> {
    if ('goesOn' in this.#time) this.#time.goesOn = Math.max(this.#time.goesOn, at);
    for (let task = this.#tasks.takeDue(at); task; task = this.#tasks.takeDue(at)) {
      this.#sayAlarm();
      try {
        await task.run();
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  /** The simulator wakes us at the time of our first task. */
  #sayAlarm(): void {
    const first = this.#tasks.firstTime;
    if (this.#lines === null || first === this.#alarm) return;
    this.#alarm = first;
    this.#lines.say({ alarm: first });
  }
}

const notListening = (url: string): SimulatorError =>
  new SimulatorError(
    'not-listening',
    `No simulator whose clock can be followed answers at ${url}.`,
  );

function connect(url: string, signal?: AbortSignal): Promise<{ socket: Duplex; head: Buffer }> {
  return new Promise((resolve, reject) => {
    const headers = { connection: 'Upgrade', upgrade: FOLLOW_PROTOCOL };
    const request = http.get(url, { headers, agent: false, ...(signal && { signal }) });
    request.on('error', () => reject(notListening(url)));
    request.on('response', (response) => {
      response.destroy();
      reject(notListening(url));
    });
    request.on('upgrade', (_response, socket, head) => {
      socket.setNoDelay(true);
      socket.setKeepAlive(true, SIGN_OF_LIFE);
      resolve({ socket, head });
    });
  });
}
