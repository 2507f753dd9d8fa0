import { setTimeout as wait } from 'node:timers/promises';
import { fault } from './errors';

/** Waits `ms` milliseconds. It may give up as soon as `signal` is aborted, and need not. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Waits on the machine's own clock. */
export const systemSleep: Sleep = (ms, signal) => wait(ms, undefined, { signal });

/** What waiting needs: something to sleep with, and the signal that the client is closed. */
export interface Pausing {
  sleep: Sleep;
  closed: AbortSignal;
}

/** @throws {CloudApiError} `closed` where the client is closed. */
export function throwIfClosed(closed: AbortSignal): void {
  if (closed.aborted) throw fault('closed', 'not-sent');
}

/**
 * Waits `ms` milliseconds, or until the client is closed.
 * @throws {CloudApiError} `closed`, at the moment of closing.
 */
export function pause(ms: number, { sleep, closed }: Pausing): Promise<void> {
  return new Promise((resolve, reject) => {
    throwIfClosed(closed);
    const stop = (): void => reject(fault('closed', 'not-sent'));
    closed.addEventListener('abort', stop, { once: true });
    sleep(ms, closed)
      .then(resolve, reject)
      .finally(() => closed.removeEventListener('abort', stop));
  });
}
