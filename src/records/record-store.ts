import type { ContactNames } from '../rules/contact';
import type { Slot } from './agenda';
import type { Former } from './moves';
import type { Claimed, Letter } from './outbox';

/**
 * What is known of contacts (`R`) and of the account (`A`, and what it counts: `C`), kept so that nothing acknowledged is lost.
 *
 * All updates of one contact queue up in the order in which they were asked for; those of different contacts
 * run side by side. Whatever fails rejects with a `RecordsError`, code `records-unavailable`: nothing was
 * acknowledged then, and nothing may be assumed.
 */
export interface RecordStore<R, A, C> {
  /** What is known of the contact under any of its names; an empty record where that is nothing. */
  read(contact: ContactNames): Promise<Found<R>>;

  /**
   * The only way to write a contact. `change` is pure and may be called again; where it throws, nothing is
   * written and this update alone rejects. Resolves when the backend has acknowledged the whole change.
   *
   * What is known under the `former` names of the contact is its own. They lead to it from then on, without being
   * names of it any more, unless they were taken again later than that.
   */
  update<T>(
    contact: ContactNames,
    change: RecordChange<R, T>,
    former?: Former | null,
  ): Promise<Updated<R, T>>;

  /**
   * Erases the contact: no name, id or memo of it stays under any of its names, and its call and request ids
   * lead nowhere. What `keep` leaves of its record (pure, and it may be called again) is stored without names,
   * so that only who asks for one of them finds it: then it is part of what is known, and from the next update
   * on part of the record. Resolves when the backend has acknowledged the whole change.
   */
  forget(contact: ContactNames, keep: (record: R) => R): Promise<Forgotten<R>>;

  /** Up to `limit` contacts that are due at `until` (epoch milliseconds) or earlier, the earliest first. */
  due(until: number, limit: number): Promise<Slot[]>;

  /**
   * An update of a contact that is due; after it the contact is due again when `change` says, or else the shape of
   * the record. Null, and the slot is free, where the contact is gone.
   */
  wake<T>(slot: Slot, change: WakingChange<R, T>): Promise<Updated<R, T> | null>;

  /** What holds for the whole number. */
  readAccount(): Promise<A>;

  /** The only way to write the account's state; `change` as in {@link update}. */
  updateAccount<T>(change: AccountChange<A, T>): Promise<AccountUpdated<A, T>>;

  /**
   * The only way to write what the account counts, and its state as far as that depends on it, in one change; `change`
   * as in {@link update}. Counts are for writing only: whatever a decision needs of them belongs into the state.
   */
  updateCounts<T>(change: CountsChange<A, C, T>): Promise<AccountUpdated<A, T>>;

  /** Takes letters out of the outbox: the flow was told. */
  settle(letterIds: readonly string[]): Promise<void>;

  /**
   * Claims the letters that were stored at `before` or earlier and that nobody has settled: they are to be told again.
   * They count as stored at `now` then. Both epoch milliseconds.
   */
  claim(before: number, now: number): Promise<Claimed>;

  /** The contact that a call or request id belongs to; null where the id is unknown. */
  contactOf(id: string): Promise<ContactNames | null>;
}

/** A contact's record, and every name that is known of it. */
export interface Found<R> {
  record: R;
  names: ContactNames;
}

/**
 * Makes the new record out of what was read. `names` holds what is known, together with what was told. What the flow is
 * to `tell` of it is kept in the outbox, by the same change, until it is settled.
 */
export type RecordChange<R, T> = (
  record: R,
  names: ContactNames,
) => { record: R; result: T; calls?: CallIndexChange; tell?: readonly Letter[] };

/** Likewise for a contact that is due. `dueAt` (epoch milliseconds) is for who cannot settle the matter yet. */
export type WakingChange<R, T> = (
  ...known: Parameters<RecordChange<R, T>>
) => ReturnType<RecordChange<R, T>> & { dueAt?: number | undefined };

/** Call and request ids that lead to the contact from now on, or no more; written with the record. */
export interface CallIndexChange {
  add?: readonly string[];
  remove?: readonly string[];
}

/** What an update read, and what is stored now. */
export interface Updated<R, T> {
  before: R;
  after: R;
  names: ContactNames;
  result: T;
}

/** The names of an erased contact, which are stored no more, and what was kept of its record. */
export interface Forgotten<R> {
  names: ContactNames;
  kept: R;
}

export type AccountChange<A, T> = (state: A) => { state: A; result: T; tell?: readonly Letter[] };

export type CountsChange<A, C, T> = (counts: C, state: A) => { counts: C; state: A; result: T };

export interface AccountUpdated<A, T> {
  before: A;
  after: A;
  result: T;
}

/** What the records must know about the states they keep. A state is plain JSON. */
export interface Shape<S> {
  empty(): S;
  /** An empty state is not kept. */
  isEmpty(state: S): boolean;
  /** Tells a state of ours from whatever else may lie in the store. */
  isValid(value: unknown): value is S;
  /** Joins what two places know of the same; joined again it stays the same. */
  unite?(a: S, b: S): S;
}

export interface RecordShape<R> extends Shape<R> {
  /** Joins two records that turn out to be one person's. Commutative and associative. */
  unite(a: R, b: R): R;
  /**
   * When something will have to be done about the contact, epoch milliseconds; null where nothing will. Without
   * it no contact is ever due.
   */
  dueAt?(record: R): number | null;
  /**
   * Until when anything in the record matters, epoch milliseconds; null: for ever. Without it every record is kept.
   */
  keptUntil?(record: R): number | null;
}
