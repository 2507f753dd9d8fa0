import type { CallingEvent } from '../../src/actions';
import { MINUTE } from '../../src/rules';
import type { Figures } from './figures';

/** How long after the end of a call was acknowledged the flow must have heard of it, milliseconds. */
const HEARD_WITHIN = 10 * MINUTE;

/** Counts what a flow was told: of each word on a permission that is news, and of each end of a call, once. */
export class EventTally {
  readonly #told = new Map<string, number>();
  readonly #ends = new Map<string, { endedAt: number; waId: string }>();
  /** What came as we crashed: it may be stored, and come again as known. */
  readonly #interrupted = new Set<string>();
  /** What the store may have lost: it may be told again, or never. */
  readonly #lost = new Set<string>();

  constructor(
    private readonly object: (problem: string) => void,
    private readonly figures: Figures,
  ) {}

  hear(events: CallingEvent[]): void {
    for (const { type, id, call } of events) {
      this.figures.count(`event ${type}`);
      if (type === 'call-ended' && call?.id) {
        const times = this.#count(call.id);
        if (times > 1 && !this.#lost.has(call.id)) {
          this.object(`The end of call ${call.id} was told twice`);
        }
      } else if (type.startsWith('permission-') && id !== null) this.#count(id);
    }
  }

  /** A crash came between the storing and the telling of this, by its id. */
  interrupt(id: string): void {
    this.#interrupted.add(id);
  }

  /** A store lost its tail: of everything that was told up to now it is unknown whether that is remembered. */
  lose(ids: Iterable<string>): void {
    for (const id of [...this.#told.keys(), ...this.#ends.keys(), ...ids]) this.#lost.add(id);
  }

  /** The calls whose ends were acknowledged and may not have been told yet. */
  get open(): Iterable<string> {
    return this.#ends.keys();
  }

  /** A word was acknowledged; where it is news, the flow must have heard of it by now. */
  judgeWord(id: string, waId: string, isNews: boolean): void {
    const times = this.#told.get(id) ?? 0;
    if (times > 1 && !this.#lost.has(id)) {
      this.object(`The word ${id} of ${waId} was told ${times} times`);
    }
    if (!isNews || times > 0) return;
    if (this.#interrupted.has(id)) {
      this.figures.count('a word was stored and not told before a crash');
    } else if (!this.#lost.has(id)) this.object(`The word ${id} of ${waId} was never told`);
  }

  /** The end of a call was acknowledged at `endedAt` for the first time. */
  expectEnd(id: string, waId: string, endedAt: number): void {
    this.#ends.set(id, { endedAt, waId });
  }

  audit(now: number): void {
    for (const [id, { endedAt, waId }] of this.#ends) {
      if (now < endedAt + HEARD_WITHIN) continue;
      this.#ends.delete(id);
      this.#judgeEnd(id, waId);
    }
  }

  #judgeEnd(id: string, waId: string): void {
    const times = this.#told.get(id) ?? 0;
    if (times === 1) return;
    if (this.#lost.has(id)) {
      this.figures.count('an end was lost with the store, and told again or never');
    } else if (times === 0 && this.#interrupted.has(id)) {
      this.figures.count('an end was stored and not told before a crash');
    } else this.object(`The end of call ${id} of ${waId} was told ${times} times`);
  }

  #count(id: string): number {
    const times = (this.#told.get(id) ?? 0) + 1;
    this.#told.set(id, times);
    return times;
  }
}
