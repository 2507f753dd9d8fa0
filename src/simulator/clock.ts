import type { Cancel, Clock } from '../clock';
import { SimulatorError } from './errors';
import { TaskQueue } from './task-queue';
import type { Task } from './task-queue';

export interface VirtualClockOptions {
  /** True: stands still until it is moved. False (default): runs with real time. */
  manual?: boolean;
  /** Where it begins, epoch milliseconds; default the machine's time. */
  now?: number;
  /** Hears what a task threw; by default nobody does. A failing task never stops the clock. */
  onError?: (error: unknown) => void;
}

/**
 * Somebody elsewhere who lives by a clock. Its alarms are tasks on the clock; none of these promises rejects, nor
 * stays open for ever.
 */
export interface Follower {
  /** Resolves when every alarm that it has set by now is on the clock. */
  sync(): Promise<void>;
  /** The time stands at `at` (epoch milliseconds); resolves when it knows. */
  stand(at: number): Promise<void>;
  /** Time goes on from `at`, as fast as the machine's; resolves when it knows. */
  go(at: number): Promise<void>;
}

/** The longest wait of a Node.js timer (2^31 - 1 ms). */
const LONGEST_TIMER = 2_147_483_647;

/**
 * A clock that can be moved forward. A move runs every task that falls due on the way, in order, each at
 * its own time, and waits for it, so that webhooks sent by a task have been answered when the move is over.
 * A task must therefore not wait for a move itself.
 */
export class VirtualClock implements Clock {
  readonly #manual: boolean;
  readonly #onError: (error: unknown) => void;
  readonly #tasks = new TaskQueue();
  readonly #running = new Set<Promise<void>>();
  readonly #followers = new Set<Follower>();
  /** Standing still: the time. Running: unused. */
  #standing: number | null;
  /** Running: what to add to the machine's time. */
  #offset: number;
  #moves: Promise<unknown> = Promise.resolve();
  #moving = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: VirtualClockOptions = {}) {
    const start = options.now ?? Date.now();
    this.#manual = options.manual ?? false;
    this.#standing = this.#manual ? start : null;
    this.#offset = start - Date.now();
    this.#onError = options.onError ?? (() => undefined);
  }

  /** Epoch milliseconds; while a move runs a task, exactly the time the task was due. */
  now(): number {
    return this.#standing ?? Date.now() + this.#offset;
  }

  schedule(time: number, run: () => void | Promise<void>): Cancel {
    const remove = this.#tasks.add({ time, run });
    this.#arm();
    return () => {
      remove();
      this.#arm();
    };
  }

  /**
   * Moves forward by `ms` milliseconds. Moves queue up.
   * @throws SimulatorError `clock-backwards`
   */
  advance(ms: number): Promise<void> {
    return this.#queueMove((now) => now + ms);
  }

  /**
   * Moves forward to `time` (epoch milliseconds). Moves queue up.
   * @throws SimulatorError `clock-backwards`
   */
  moveTo(time: number): Promise<void> {
    return this.#queueMove(() => time);
  }

  /** From now on `follower` is told the time, and no move leaves it behind. Returns what lets it go. */
  follow(follower: Follower): Cancel {
    this.#followers.add(follower);
    void this.#tell(follower);
    return () => void this.#followers.delete(follower);
  }

  get followerCount(): number {
    return this.#followers.size;
  }

  /** Resolves when no move is under way, nothing is due and no task is still running. */
  async settled(): Promise<void> {
    await this.#moves;
    await this.#sync();
    while (this.#running.size > 0 || this.#isDue()) {
      this.#fireDue();
      await Promise.allSettled(this.#running);
      await this.#moves;
      await this.#sync();
    }
  }

  #queueMove(target: (now: number) => number): Promise<void> {
    const move = this.#moves.then(() => this.#move(target));
    this.#moves = move.catch(() => undefined);
    return move;
  }

  async #move(target: (now: number) => number): Promise<void> {
    const start = this.now();
    const end = target(start);
    // Negated, so that what is not a number is refused too.
    if (!(end >= start)) {
      throw new SimulatorError('clock-backwards', 'The clock only moves forward.');
    }
    this.#moving = true;
    this.#arm();
    await this.#standAt(start);
    for (let task = await this.#next(end); task; task = await this.#next(end)) {
      await this.#run(task);
    }
    await this.#endMove(end);
  }

  /** Takes the first task that is due at `end`, at its own time; null when none is left. */
  async #next(end: number): Promise<Task | null> {
    for (;;) {
      await this.#sync();
      const first = this.#tasks.firstTime;
      if (first === null || first > end) return null;
      const time = Math.max(first, this.now());
      if (time > this.now()) await this.#standAt(time);
      // Whoever was told the time may have taken the task back meanwhile.
      const task = this.#tasks.takeDue(time);
      if (task) return task;
    }
  }

  async #endMove(end: number): Promise<void> {
    await this.#standAt(end);
    if (!this.#manual) {
      this.#offset = end - Date.now();
      this.#standing = null;
    }
    this.#moving = false;
    this.#arm();
    if (!this.#manual) await this.#tellAll();
  }

  async #standAt(time: number): Promise<void> {
    this.#standing = time;
    await this.#tellAll();
  }

  async #tellAll(): Promise<void> {
    if (this.#followers.size === 0) return;
    await Promise.all([...this.#followers].map((each) => this.#tell(each)));
  }

  #tell(follower: Follower): Promise<void> {
    return this.#standing === null ? follower.go(this.now()) : follower.stand(this.#standing);
  }

  /** Whatever followers have set by now is among the tasks. */
  async #sync(): Promise<void> {
    if (this.#followers.size === 0) return;
    await Promise.all([...this.#followers].map((each) => each.sync()));
  }

  #isDue(): boolean {
    const first = this.#tasks.firstTime;
    return first !== null && first <= this.now();
  }

  /** Starts whatever is due, without waiting: a slow webhook must not hold up the others. */
  #fireDue(): void {
    if (this.#moving) return;
    for (let due = this.#tasks.takeDue(this.now()); due; due = this.#tasks.takeDue(this.now())) {
      const running = this.#run(due).finally(() => this.#running.delete(running));
      this.#running.add(running);
    }
    this.#arm();
  }

  async #run(task: Task): Promise<void> {
    try {
      await task.run();
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Keeps one real timer for the first task; none while a move is under way or the clock stands still. */
  #arm(): void {
    clearTimeout(this.#timer);
    const first = this.#tasks.firstTime;
    if (this.#moving || first === null || (this.#manual && !this.#isDue())) return;
    const wait = Math.min(Math.max(0, first - this.now()), LONGEST_TIMER);
    this.#timer = setTimeout(() => this.#fireDue(), wait);
    this.#timer.unref();
  }
}
