/** What a task answers that cannot go on without holding further keys. */
export class NeedsKeys {
  constructor(readonly keys: Iterable<string>) {}
}

/** Works while it holds its keys. It is run anew, holding more, each time it answers `NeedsKeys`. */
export type Task<T> = (held: ReadonlySet<string>) => Promise<T | NeedsKeys>;

/**
 * Mutual exclusion for any number of keys. Who asked first goes first, per key; tasks without a common key
 * run side by side. A turn joins all its queues at once and in one order everywhere, so no two can wait for
 * each other, and it leaves them however its task ends.
 */
export class Locks {
  private readonly queues = new Map<string, Turn[]>();
  private tickets = 0;

  /** Runs the task while nobody else holds any of the keys. Rejects with what the task throws. */
  async exclusive<T>(keys: Iterable<string>, task: Task<T>): Promise<T> {
    return this.take(this.join(new Turn(++this.tickets, keys)), task);
  }

  private async take<T>(turn: Turn, task: Task<T>): Promise<T> {
    await turn.begun;
    let next: Turn;
    try {
      const outcome = await task(turn.keys);
      if (!(outcome instanceof NeedsKeys)) return outcome;
      // Joined before leaving, so that nobody who came later slips in between.
      next = this.join(new Turn(turn.ticket, [...turn.keys, ...outcome.keys]));
    } finally {
      this.leave(turn);
    }
    return this.take(next, task);
  }

  private join(turn: Turn): Turn {
    for (const key of turn.keys) {
      const queue = this.queues.get(key) ?? [];
      const last = queue.findLastIndex((other) => other.hasBegun || other.ticket <= turn.ticket);
      queue.splice(last + 1, 0, turn);
      this.queues.set(key, queue);
    }
    this.beginIfFirst(turn);
    return turn;
  }

  private leave(turn: Turn): void {
    for (const key of turn.keys) this.queues.get(key)?.shift();
    for (const key of turn.keys) {
      const next = this.queues.get(key)?.[0];
      if (next) this.beginIfFirst(next);
      else this.queues.delete(key);
    }
  }

  private beginIfFirst(turn: Turn): void {
    if ([...turn.keys].every((key) => this.queues.get(key)?.[0] === turn)) turn.begin();
  }
}

/** A place in the queues of some keys. */
class Turn {
  readonly keys: ReadonlySet<string>;
  readonly begun: Promise<void>;
  hasBegun = false;
  private resolve!: () => void;

  constructor(
    readonly ticket: number,
    keys: Iterable<string>,
  ) {
    this.keys = new Set(keys);
    this.begun = new Promise((resolve) => (this.resolve = resolve));
  }

  begin(): void {
    this.hasBegun = true;
    this.resolve();
  }
}
