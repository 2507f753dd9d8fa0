import { isDeepStrictEqual } from 'node:util';
import type { ContactNames } from '../rules/contact';
import { Agenda, type Slot } from './agenda';
import { Erasure } from './erasure';
import { Holding, type Held } from './holding';
import type { Keys } from './keys';
import type { KeyValueStore, Lifetimes, Values } from './key-value-store';
import { Locks, NeedsKeys } from './lock';
import {
  NOBODY,
  erasedPlace,
  layOut,
  recognise,
  sorted,
  stillErased,
  type Person,
  type Place,
  type Seen,
} from './person';
import type { StoredContact } from './stored';
import type {
  AccountChange,
  AccountUpdated,
  CallIndexChange,
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
import { isRecord, isStoredAccount, isStoredCall, storedAccount, storedCall } from './stored';
import { Updates } from './updates';

export interface RecordsOptions<R, A> {
  store: KeyValueStore;
  keys: Keys;
  contacts: RecordShape<R>;
  account: Shape<A>;
  /** Hears of stored values that cannot be read, once a key. They are taken for nothing known. */
  report: (message: string) => void;
  /** Hears of each moment (epoch milliseconds) that a contact was scheduled for, once that is stored. */
  onScheduled?: (at: number) => void;
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
}

/** The records of one account in any backend: identity, mutual exclusion, the index of calls and the agenda. */
export class Records<R, A> implements RecordStore<R, A> {
  private readonly updates: Updates;
  private readonly reports: Reports;
  private readonly erasure: Erasure;
  private readonly agenda: Agenda;
  private readonly holding: Holding<R>;

  constructor(private readonly options: RecordsOptions<R, A>) {
    const { store, keys, contacts, report, locks = new Locks() } = options;
    const reports = new Reports(keys, report);
    const updates = new Updates(store, locks);
    const erasure = new Erasure(keys, updates, reports);
    const agenda = new Agenda(keys, store, reports);
    this.holding = new Holding({ keys, contacts, updates, erasure, agenda, reports });
    this.updates = updates;
    this.reports = reports;
    this.erasure = erasure;
    this.agenda = agenda;
  }

  async read(contact: ContactNames): Promise<Found<R>> {
    return this.withPerson(contact, async ({ record, names }) => ({ record, names }));
  }

  async update<T>(contact: ContactNames, change: RecordChange<R, T>): Promise<Updated<R, T>> {
    return this.withPerson<Updated<R, T>>(contact, async (person, held) => {
      const { record: before, names, due } = person;
      const { record: after, result, calls } = change(before, names);
      // Most news only puts off what is due: whoever wakes the contact too soon finds that out.
      const place = { ...person, due: soonest(due, this.dueAt(after)) };
      return this.replace(place, after, held, calls, { before, after, names, result });
    });
  }

  async wake<T>(slot: Slot, change: WakingChange<R, T>): Promise<Updated<R, T> | null> {
    const named = this.options.keys.isContact(slot.key) ? [slot.key] : [];
    return this.holding.exclusive<Updated<R, T> | null>(named, async (held) => {
      const isThere = [...held.seen.values()].some((there) => isRecord(there) && there.names);
      if (!isThere)
        return write({ held }, new Map(), this.agenda.moved([slot], null, held.pages), null);
      const person = this.recognise(NOBODY, held.seen);
      const { record: before, names } = person;
      const {
        record: after,
        result,
        calls,
        dueAt: due = this.dueAt(after),
      } = change(before, names);
      const place = { ...person, slots: [...person.slots, slot], due };
      return this.replace(place, after, held, calls, { before, after, names, result });
    });
  }

  due(until: number, limit: number): Promise<Slot[]> {
    return this.agenda.due(until, limit);
  }

  async forget(contact: ContactNames, keep: (record: R) => R): Promise<Forgotten<R>> {
    const { keys, contacts } = this.options;
    return this.withPerson<Forgotten<R>>(contact, async (person, held) => {
      const { names, slots } = person;
      const kept = keep(person.record);
      const place = contacts.isEmpty(kept)
        ? person
        : erasedPlace(person, keys, await this.erasure.begin());
      const calls = this.callEntries(person, []);
      return this.store({ place, record: kept, slots, calls }, held, { names, kept });
    });
  }

  async readAccount(): Promise<A> {
    const { keys } = this.options;
    return this.updates.run([keys.account], (_held, values) => this.loadAccount(values));
  }

  async updateAccount<T>(change: AccountChange<A, T>): Promise<AccountUpdated<A, T>> {
    const { keys, account } = this.options;
    return this.updates.run<AccountUpdated<A, T>>([keys.account], async (_held, values) => {
      const before = await this.loadAccount(values);
      const { state: after, result } = change(before);
      if (!isDeepStrictEqual(before, after)) {
        const value = account.isEmpty(after) ? undefined : storedAccount(after);
        await values.set(new Map([[keys.account, value]]));
      }
      return { before, after, result };
    });
  }

  /** Takes in what another place kept of a contact under `key`; what is known here stays known. */
  async takeIn(key: string, old: StoredContact<R>): Promise<void> {
    const { contacts } = this.options;
    const { names, aliases, calls: add = [] } = old;
    await this.holding.exclusive<null>([key, ...aliases], async (held) => {
      const here = [...held.seen.values()].filter(isRecord);
      if (names === null && !here.some((there) => there.names)) {
        const place = stillErased(key, [
          ...held.seen.keys(),
          ...[old, ...here].flatMap((each) => each.aliases),
        ]);
        const record = here
          .map((there) => there.record)
          .reduce((a, b) => contacts.unite(a, b), old.record);
        return this.store({ place, record, slots: [], calls: [] }, held, null);
      }
      const person = this.recognise(names ?? NOBODY, held.seen);
      const record = contacts.isEmpty(person.record)
        ? old.record
        : contacts.unite(person.record, old.record);
      const place = { ...person, due: soonest(person.due, this.dueAt(record)) };
      return this.replace(place, record, held, { add }, null);
    });
  }

  /** Takes in what another place kept of the account. */
  async takeAccount(old: A): Promise<void> {
    const { account } = this.options;
    await this.updateAccount((state) => ({
      state: account.isEmpty(state) ? old : (account.unite?.(state, old) ?? state),
      result: null,
    }));
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
  ): Promise<T> {
    return this.holding.exclusive<T>(this.options.keys.contact(contact), (held) =>
      task(this.recognise(contact, held.seen), held),
    );
  }

  private recognise(contact: ContactNames, seen: Seen<R>): Person<R> {
    const { keys, contacts } = this.options;
    return recognise(contact, seen, keys, contacts, this.erasure.eraser);
  }

  private replace<T>(
    person: Person<R>,
    record: R,
    held: Held<R>,
    change: CallIndexChange | undefined,
    outcome: T,
  ): Promise<T | NeedsKeys> {
    const { slots } = person;
    const known = this.options.contacts.isEmpty(record) ? [] : reindexed(person.calls, change);
    const place = { ...person, calls: known };
    const calls = this.callEntries(person, known, change);
    return this.store({ place, record, slots, calls }, held, outcome);
  }

  /** Carries a whole change of a contact, of which everything that it replaces must have been seen. */
  private async store<T>(
    { place, record, slots, calls }: Replacement<R>,
    held: Held<R>,
    outcome: T,
  ): Promise<T | NeedsKeys> {
    const { contacts, onScheduled } = this.options;
    const { seen, pages } = held;
    const entries = layOut(place, record, seen, contacts);
    const unseen = [...entries.keys()].filter((key) => !seen.has(key));
    if (unseen.length > 0) return new NeedsKeys(unseen);
    const { main: key, due: at } = place;
    const slot = contacts.isEmpty(record) || at === null ? null : { key, at };
    const isSlot = (other: Slot): boolean => isDeepStrictEqual(other, slot);
    const gone = slots.filter((other) => !isSlot(other));
    const isNew = slot !== null && !slots.some(isSlot);
    const isMoved = isNew || gone.length > 0;
    const moved = isMoved ? this.agenda.moved(gone, slot, pages) : new Map<string, unknown>();
    const lifetimes = this.lifetimesOf(place, slot === null ? record : null);
    const all = new Map([...entries, ...calls]);
    const written = await write({ held, lifetimes }, all, moved, outcome);
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

  private async loadAccount(values: Values): Promise<A> {
    const { keys, account } = this.options;
    const [value] = await values.get([keys.account]);
    const stored = this.reports.readable(keys.account, value, (there) =>
      isStoredAccount(there, account),
    );
    return stored?.state ?? account.empty();
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

interface Writing {
  held: Held<unknown>;
  lifetimes?: Lifetimes | undefined;
}

/** Carries a whole change in one `set`; the keys that must be held first, where some are missing. */
async function write<T>(
  { held: { values }, lifetimes }: Writing,
  entries: Map<string, unknown>,
  moved: Map<string, unknown> | NeedsKeys,
  outcome: T,
): Promise<T | NeedsKeys> {
  if (moved instanceof NeedsKeys) return moved;
  const all = new Map([...entries, ...moved]);
  if (all.size > 0) await values.set(all, lifetimes);
  return outcome;
}

const soonest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

const reindexed = (calls: string[], { add = [], remove = [] }: CallIndexChange = {}): string[] =>
  sorted([...calls.filter((id) => !remove.includes(id)), ...add]);
