/** Undoes a `schedule`. Harmless when the task has already run. */
export type Cancel = () => void;

/** Where time comes from. Nothing in this package asks the machine for it anywhere else. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs `task` at `time` (epoch milliseconds), at once where that has passed. */
  schedule(time: number, task: () => void | Promise<void>): Cancel;
}

/** The longest wait of a Node.js timer; a longer one fires at once (2^31 - 1 ms). */
const LONGEST_TIMER = 2_147_483_647;

/** The machine's own time. Its timers never keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(time, task) {
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const left = time - Date.now();
      timer =
        left > LONGEST_TIMER
          ? setTimeout(wait, LONGEST_TIMER)
          : setTimeout(() => void task(), Math.max(0, left));
      timer.unref();
    };
    wait();
    return () => clearTimeout(timer);
  },
};
