import type { Cancel, Clock } from '../clock';
import { TaskQueue } from './task-queue';
import type { Task } from './task-queue';

/**
 * The simulator's own tasks on a clock that others may share: closing the simulator lays them aside, and
 * listening again takes them up, without stopping the clock for anybody else.
 */
export class Agenda implements Clock {
  readonly #clock: Clock;
  readonly #tasks = new TaskQueue();
  #cancel: Cancel | null = null;
  #wakeAt: number | null = null;
  #paused = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  schedule(time: number, run: () => void | Promise<void>): Cancel {
    const remove = this.#tasks.add({ time, run });
    this.#wake();
    return () => {
      remove();
      this.#wake();
    };
  }

  /** Nothing runs any more, until {@link resume}. */
  pause(): void {
    this.#paused = true;
    this.#wake();
  }

  /** Goes on; what fell due in between runs at once. */
  resume(): void {
    this.#paused = false;
    this.#wake();
  }

  /** Runs at once what is due, one after the other, without waiting for the clock to come to it. */
  async runDue(): Promise<void> {
    for (let due = this.#takeDue(); due !== null; due = this.#takeDue()) await due.run();
  }

  #takeDue(): Task | null {
    const task = this.#tasks.takeDue(this.#clock.now());
    this.#wake();
    return task;
  }

  /** Keeps exactly one task on the clock: the first of ours. */
  #wake(): void {
    const first = this.#paused ? null : this.#tasks.firstTime;
    if (first === this.#wakeAt) return;
    this.#cancel?.();
    this.#wakeAt = first;
    this.#cancel = first === null ? null : this.#clock.schedule(first, () => this.#runFirst());
  }

  async #runFirst(): Promise<void> {
    const task = this.#tasks.takeDue(this.#clock.now());
    this.#wakeAt = null;
    this.#cancel = null;
    this.#wake();
    await task?.run();
  }
}
