/** Something to be done at a time (epoch milliseconds). */
export interface Task {
  readonly time: number;
  readonly run: () => void | Promise<void>;
}

interface Entry extends Task {
  /** Among tasks of one time the first scheduled goes first. */
  readonly order: number;
  /** Where the entry stands in the heap, so that it can be taken out from the middle. -1: not in it. */
  place: number;
}

const isBefore = (a: Entry, b: Entry): boolean =>
  a.time < b.time || (a.time === b.time && a.order < b.order);

/** Tasks by time: a binary heap, so that a campaign of a hundred thousand contacts stays quick. */
export class TaskQueue {
  readonly #heap: Entry[] = [];
  #orders = 0;

  /** When the first task is due, epoch milliseconds; null when there is none. */
  get firstTime(): number | null {
    return this.#heap[0]?.time ?? null;
  }

  /** Adds a task and returns what takes it out again (harmless once it ran). */
  add(task: Task): () => void {
    const entry: Entry = { ...task, order: this.#orders++, place: this.#heap.length };
    this.#heap.push(entry);
    this.#rise(entry);
    return () => this.#remove(entry);
  }

  /** Takes out the first task that is due at `time`; null when none is. */
  takeDue(time: number): Task | null {
    const first = this.#heap[0];
    if (first === undefined || first.time > time) return null;
    this.#remove(first);
    return first;
  }

  #remove(entry: Entry): void {
    const { place } = entry;
    if (place < 0) return;
    entry.place = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === entry) return;
    this.#put(last, place);
    this.#rise(last);
    this.#sink(last);
  }

  #put(entry: Entry, place: number): void {
    this.#heap[place] = entry;
    entry.place = place;
  }

  #swap(a: Entry, b: Entry): void {
    const { place } = a;
    this.#put(a, b.place);
    this.#put(b, place);
  }

  #rise(entry: Entry): void {
    for (;;) {
      const parent = this.#heap[(entry.place - 1) >> 1];
      if (entry.place === 0 || parent === undefined || isBefore(parent, entry)) return;
      this.#swap(entry, parent);
    }
  }

  #sink(entry: Entry): void {
    for (;;) {
      const left = this.#heap[2 * entry.place + 1];
      const right = this.#heap[2 * entry.place + 2];
      if (left === undefined) return;
      const child = right !== undefined && isBefore(right, left) ? right : left;
      if (isBefore(entry, child)) return;
      this.#swap(entry, child);
    }
  }
}
