import { isDeepStrictEqual } from 'node:util';
import type { ContactNames } from '../rules/contact';
import { AccountRecords } from './account-records';
import { Agenda, type Slot } from './agenda';
import { Erasure } from './erasure';
import { Holding, type Held } from './holding';
import type { Keys } from './keys';
import type { KeyValueStore, Lifetimes } from './key-value-store';
import { Locks, NeedsKeys } from './lock';
import type { Former } from './moves';
import { Outbox, type Claimed, type Sheet } from './outbox';
import {
  NOBODY,
  erasedPlace,
  layOut,
  recognise,
  sorted,
  stillErased,
  type Lying,
  type Person,
  type Place,
  type Seen,
} from './person';
import type {
  AccountChange,
  AccountUpdated,
  CallIndexChange,
  CountsChange,
  Forgotten,
  Found,
  RecordChange,
  RecordShape,
  RecordStore,
  Shape,
  Updated,
  WakingChange,
} from './record-store';
import { Reports } from './reports';
import { isRecord, isStoredCall, storedCall, type StoredContact } from './stored';
import { Updates } from './updates';
import { write, type Part } from './writing';

export interface RecordsOptions<R, A, C> {
  store: KeyValueStore;
  keys: Keys;
  contacts: RecordShape<R>;
  account: Shape<A>;
  counts: Shape<C>;
  /** Hears of stored values that cannot be read, once a key. They are taken for nothing known. */
  report: (message: string) => void;
  /** Hears of each moment (epoch milliseconds) that a contact was scheduled for, once that is stored. */
  onScheduled?: (at: number) => void;
  /** Hears the account's state whenever it was read or written. */
  onAccount?: (state: A) => void;
  /** What is kept there ends with the process: nothing is put into the outbox then. */
  isVolatile?: boolean;
  /** To be shared where several `Records` write the same store, as across a redeploy. */
  locks?: Locks;
}

/** Nobody is scheduled beyond what a date can name (ECMAScript, time values). */
const LAST_MOMENT = 8.64e15;

/** What is to be stored of a contact in the place of what lies there. */
interface Replacement<R> {
  place: Place;
  record: R;
  /** Where the contact stood in the agenda. */
  slots: readonly Slot[];
  calls: [string, unknown][];
  /** What has to be written to the outbox. */
  letters: Part;
}

/** The records of one account in any backend: identity, mutual exclusion, the index of calls and the agenda. */
export class Records<R, A, C> implements RecordStore<R, A, C> {
  private readonly reports: Reports;
  private readonly erasure: Erasure;
  private readonly agenda: Agenda;
  private readonly outbox: Outbox;
  private readonly holding: Holding<R>;
  private readonly account: AccountRecords<A, C>;

  constructor(private readonly options: RecordsOptions<R, A, C>) {
    const { store, keys, contacts, report, locks = new Locks(), isVolatile = false } = options;
    const reports = new Reports(keys, report);
    const updates = new Updates(store, locks);
    const erasure = new Erasure(keys, updates, reports);
    const agenda = new Agenda(keys, store, reports);
    const outbox = new Outbox(keys, updates, reports, isVolatile);
    this.holding = new Holding({ keys, contacts, updates, erasure, agenda, outbox, reports });
    this.account = new AccountRecords({ ...options, updates, outbox, reports });
    this.reports = reports;
    this.erasure = erasure;
    this.agenda = agenda;
    this.outbox = outbox;
  }

  async read(contact: ContactNames): Promise<Found<R>> {
    return this.withPerson(contact, async ({ record, names }) => ({ record, names }));
  }

  async update<T>(
    contact: ContactNames,
    change: RecordChange<R, T>,
    former: Former | null = null,
  ): Promise<Updated<R, T>> {
    const task = async (person: Person<R>, held: Held<R>): Promise<Updated<R, T> | NeedsKeys> => {
      const { record: before, names, due } = person;
      const { record: after, result, ...rest } = change(before, names);
      // Most news only puts off what is due: whoever wakes the contact too soon finds that out.
      const place = { ...person, due: soonest(due, this.dueAt(after)) };
      return this.replace(place, after, held, rest, { before, after, names, result });
    };
    return this.withPerson<Updated<R, T>>(contact, task, former);
  }

  async wake<T>(slot: Slot, change: WakingChange<R, T>): Promise<Updated<R, T> | null> {
    const named = this.options.keys.isContact(slot.key) ? [slot.key] : [];
    return this.holding.exclusive<Updated<R, T> | null>(named, async (held) => {
      const isThere = [...held.seen.values()].some((there) => isRecord(there) && there.names);
      if (!isThere) return write({ held }, [this.agenda.moved([slot], null, held.pages)], null);
      const person = this.recognise(NOBODY, held.seen);
      const { record: before, names } = person;
      const {
        record: after,
        result,
        dueAt: due = this.dueAt(after),
        ...rest
      } = change(before, names);
      const place = { ...person, slots: [...person.slots, slot], due };
      return this.replace(place, after, held, rest, { before, after, names, result });
    });
  }

  due(until: number, limit: number): Promise<Slot[]> {
    return this.agenda.due(until, limit);
  }

  async forget(contact: ContactNames, keep: (record: R) => R): Promise<Forgotten<R>> {
    const { keys, contacts } = this.options;
    const task = async (person: Person<R>, held: Held<R>): Promise<Forgotten<R> | NeedsKeys> => {
      const { names, slots } = person;
      const kept = keep(person.record);
      const place = contacts.isEmpty(kept)
        ? person
        : erasedPlace(person, keys, await this.erasure.begin());
      // What cannot be read is in nobody's way otherwise, but may name the person.
      const unread = [...held.seen].filter(([key, there]) => !there && !keys.isErased(key));
      const removed = unread.map(([key]): [string, undefined] => [key, undefined]);
      const calls = [...this.callEntries(person, []), ...removed];
      this.reports.forget(calls.map(([key]) => key));
      const letters = this.outbox.without(new Set([person.main, ...person.aliases]), held.sheets);
      return this.store({ place, record: kept, slots, calls, letters }, held, { names, kept });
    };
    return this.withPerson<Forgotten<R>>(contact, task, null, this.outbox.sheetKeys);
  }

  readAccount(): Promise<A> {
    return this.account.read();
  }

  updateAccount<T>(change: AccountChange<A, T>): Promise<AccountUpdated<A, T>> {
    return this.account.update(change);
  }

  updateCounts<T>(change: CountsChange<A, C, T>): Promise<AccountUpdated<A, T>> {
    return this.account.updateCounts(change);
  }

  settle(letterIds: readonly string[]): Promise<void> {
    return this.outbox.settle(letterIds);
  }

  claim(before: number, now: number): Promise<Claimed> {
    return this.outbox.claim(before, now);
  }

  /** Takes in what another place kept of a contact under `key`; what is known here stays known. */
  async takeIn(key: string, { due: _due, ...old }: StoredContact<R>): Promise<void> {
    const { names, aliases, calls: add = [] } = old;
    await this.holding.exclusive<null>([key, ...aliases], async (held) => {
      const here = [...held.seen.values()].filter(isRecord);
      if (names === null && !here.some((there) => there.names)) {
        const all = [old, ...here];
        const ways = [...held.seen.keys(), ...all.flatMap((each) => each.aliases)];
        const record = all
          .map((each) => each.record)
          .reduce((a, b) => this.options.contacts.unite(a, b));
        const still = { place: stillErased(key, ways), record, slots: [], calls: [] };
        return this.store({ ...still, letters: new Map() }, held, null);
      }
      const person = this.recognise(names ?? NOBODY, held.seen, null, [{ key, stored: old }]);
      const place = { ...person, due: soonest(person.due, this.dueAt(person.record)) };
      return this.replace(place, person.record, held, { calls: { add } }, null);
    });
  }

  /** Takes in what another place kept of the account. */
  async takeAccount(old: A): Promise<void> {
    const { account } = this.options;
    await this.updateAccount((state) => ({ state: united(account, state, old), result: null }));
  }

  /** Takes in what another place had counted. */
  async takeCounts(old: C): Promise<void> {
    const { counts: shape } = this.options;
    await this.updateCounts((counts, state) => ({
      counts: united(shape, counts, old),
      state,
      result: null,
    }));
  }

  /** Takes in what another place had still to tell, of the sheet under `key`. */
  takeLetters(key: string, letters: Sheet): Promise<void> {
    return this.outbox.takeIn(key, letters);
  }

  /** Takes in the secret of erased contacts, unless there is one; returns the one that holds. */
  takeSecret(secret: string): Promise<string> {
    return this.erasure.settle(secret);
  }

  async contactOf(id: string): Promise<ContactNames | null> {
    const key = this.options.keys.call(id);
    const [value] = await this.options.store.get([key]);
    return this.reports.readable(key, value, isStoredCall)?.names ?? null;
  }

  /** Runs the task with the one person behind the contact's names, while nobody else has any of its keys. */
  private async withPerson<T>(
    contact: ContactNames,
    task: (person: Person<R>, held: Held<R>) => Promise<T | NeedsKeys>,
    former: Former | null = null,
    also: readonly string[] = [],
  ): Promise<T> {
    const { keys } = this.options;
    const named = [...keys.contact(contact), ...(former ? keys.contact(former.names) : [])];
    return this.holding.exclusive<T>(
      named,
      (held) => task(this.recognise(contact, held.seen, former), held),
      also,
    );
  }

  private recognise(
    contact: ContactNames,
    seen: Seen<R>,
    former: Former | null = null,
    more: readonly Lying<R>[] = [],
  ): Person<R> {
    const { keys, contacts } = this.options;
    return recognise(contact, seen, keys, contacts, this.erasure.eraser, former, more);
  }

  private replace<T>(
    person: Person<R>,
    record: R,
    held: Held<R>,
    { calls: change, tell = [] }: Pick<ReturnType<RecordChange<R, T>>, 'calls' | 'tell'>,
    outcome: T,
  ): Promise<T | NeedsKeys> {
    const { slots, main, aliases } = person;
    const known = this.options.contacts.isEmpty(record) ? [] : reindexed(person.calls, change);
    const place = { ...person, calls: known };
    const calls = this.callEntries(person, known, change);
    const letters = this.outbox.added(tell, [main, ...aliases], held.sheets);
    return this.store({ place, record, slots, calls, letters }, held, outcome);
  }

  /** Carries a whole change of a contact, of which everything that it replaces must have been seen. */
  private async store<T>(
    { place, record, slots, calls, letters }: Replacement<R>,
    held: Held<R>,
    outcome: T,
  ): Promise<T | NeedsKeys> {
    const { contacts, onScheduled } = this.options;
    const { seen, pages } = held;
    const entries = layOut(place, record, seen, contacts);
    const unseen = [...entries.keys()].filter((key) => !seen.has(key));
    const laidOut = unseen.length > 0 ? new NeedsKeys(unseen) : entries;
    const { main: key, due: at } = place;
    const slot = contacts.isEmpty(record) || at === null ? null : { key, at };
    const isSlot = (other: Slot): boolean => isDeepStrictEqual(other, slot);
    const gone = slots.filter((other) => !isSlot(other));
    const isNew = slot !== null && !slots.some(isSlot);
    const isMoved = isNew || gone.length > 0;
    const moved = isMoved ? this.agenda.moved(gone, slot, pages) : new Map<string, unknown>();
    const lifetimes = this.lifetimesOf(place, slot === null ? record : null);
    const parts = [laidOut, new Map(calls), moved, letters];
    const written = await write({ held, lifetimes }, parts, outcome);
    if (isNew && !(written instanceof NeedsKeys)) onScheduled?.(slot.at);
    return written;
  }

  /** Whoever stands in the agenda is kept, and so is whoever may be told apart by something that lasts. */
  private lifetimesOf({ main, aliases, calls }: Place, record: R | null): Lifetimes | undefined {
    const { contacts, keys } = this.options;
    if (!contacts.keptUntil || (record !== null && contacts.isEmpty(record))) return undefined;
    const until = record === null ? null : contacts.keptUntil(record);
    const all = [main, ...aliases, ...calls.map((id) => keys.call(id))];
    return new Map(all.map((key) => [key, until]));
  }

  private dueAt(record: R): number | null {
    const at = this.options.contacts.dueAt?.(record) ?? null;
    return at !== null && Math.abs(at) <= LAST_MOMENT ? at : null;
  }

  /** What has to be written so that the person's ids that are still `known` lead to it, and no others. */
  private callEntries(
    { names, calls }: Person<R>,
    known: string[],
    { add = [], remove = [] }: CallIndexChange = {},
  ): [string, unknown][] {
    const { keys } = this.options;
    const gone = [...calls, ...remove].filter((id) => !known.includes(id));
    return [
      ...gone.map((id): [string, unknown] => [keys.call(id), undefined]),
      ...add
        .filter((id) => known.includes(id))
        .map((id): [string, unknown] => [keys.call(id), storedCall(names)]),
    ];
  }
}

const united = <S>(shape: Shape<S>, here: S, old: S): S =>
  shape.isEmpty(here) ? old : (shape.unite?.(here, old) ?? here);

const soonest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

const reindexed = (calls: string[], { add = [], remove = [] }: CallIndexChange = {}): string[] =>
  sorted([...calls.filter((id) => !remove.includes(id)), ...add]);
