import { isDeepStrictEqual } from 'node:util';
import type { ContactNames } from '../rules/contact';
import { Erasure } from './erasure';
import type { Keys } from './keys';
import type { KeyValueStore } from './key-value-store';
import { Locks, NeedsKeys } from './lock';
import { erasedPlace, layOut, recognise, sorted, type Person, type Seen } from './person';
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
} from './record-store';
import {
  isAlias,
  isRecord,
  isStored,
  isStoredAccount,
  isStoredCall,
  storedAccount,
  storedCall,
  type Stored,
} from './stored';

export interface RecordsOptions<R, A> {
  store: KeyValueStore;
  keys: Keys;
  contacts: RecordShape<R>;
  account: Shape<A>;
  /** Hears of stored values that cannot be read, once a key. They are taken for nothing known. */
  report: (message: string) => void;
  /** To be shared where several `Records` write the same store, as across a redeploy. */
  locks?: Locks;
}

const UNREADABLE = 'cannot be read';

/** The records of one account in any backend: identity, mutual exclusion and the index of calls. */
export class Records<R, A> implements RecordStore<R, A> {
  private readonly locks: Locks;
  private readonly reported = new Set<string>();
  private readonly erasure: Erasure;

  constructor(private readonly options: RecordsOptions<R, A>) {
    this.locks = options.locks ?? new Locks();
    this.erasure = new Erasure(options.keys, options.store, this.locks, (key) =>
      this.report(key, UNREADABLE),
    );
  }

  async read(contact: ContactNames): Promise<Found<R>> {
    return this.withPerson(contact, async ({ record, names }) => ({ record, names }));
  }

  async update<T>(contact: ContactNames, change: RecordChange<R, T>): Promise<Updated<R, T>> {
    const { contacts } = this.options;
    return this.withPerson<Updated<R, T>>(contact, async (person, seen) => {
      const { record: before, names } = person;
      const { record: after, result, calls } = change(before, names);
      const known = contacts.isEmpty(after) ? [] : reindexed(person.calls, calls);
      const entries = layOut({ ...person, calls: known }, after, seen, contacts);
      return this.write(entries, seen, this.callEntries(person, known, calls), {
        before,
        after,
        names,
        result,
      });
    });
  }

  async forget(contact: ContactNames, keep: (record: R) => R): Promise<Forgotten<R>> {
    const { keys, contacts } = this.options;
    return this.withPerson<Forgotten<R>>(contact, async (person, seen) => {
      const kept = keep(person.record);
      const place = contacts.isEmpty(kept)
        ? person
        : erasedPlace(person, keys, await this.erasure.begin());
      const entries = layOut(place, kept, seen, contacts);
      const { names } = person;
      return this.write(entries, seen, this.callEntries(person, []), { names, kept });
    });
  }

  async readAccount(): Promise<A> {
    return this.locks.exclusive([this.options.keys.account], () => this.loadAccount());
  }

  async updateAccount<T>(change: AccountChange<A, T>): Promise<AccountUpdated<A, T>> {
    const { store, keys, account } = this.options;
    return this.locks.exclusive<AccountUpdated<A, T>>([keys.account], async () => {
      const before = await this.loadAccount();
      const { state: after, result } = change(before);
      if (!isDeepStrictEqual(before, after)) {
        const value = account.isEmpty(after) ? undefined : storedAccount(after);
        await store.set(new Map([[keys.account, value]]));
      }
      return { before, after, result };
    });
  }

  async contactOf(id: string): Promise<ContactNames | null> {
    const key = this.options.keys.call(id);
    const [value] = await this.options.store.get([key]);
    return this.readable(key, value, isStoredCall)?.names ?? null;
  }

  /** Runs the task with the one person behind the contact's names, while nobody else has any of its keys. */
  private async withPerson<T>(
    contact: ContactNames,
    task: (person: Person<R>, seen: Seen<R>) => Promise<T | NeedsKeys>,
  ): Promise<T> {
    const { keys, contacts } = this.options;
    const named = keys.contact(contact);
    return this.locks.exclusive<T>([...named, ...this.erasure.erased(named)], async (held) => {
      const seen = await this.follow(held);
      if (seen.size > held.size) return new NeedsKeys(seen.keys());
      this.reportLostRecord(seen);
      return task(recognise(contact, seen, keys, contacts, this.erasure.eraser), seen);
    });
  }

  /** Carries a whole change of a contact, of which everything that it replaces must have been seen. */
  private async write<T>(
    entries: Map<string, unknown>,
    seen: Seen<R>,
    calls: [string, unknown][],
    outcome: T,
  ): Promise<T | NeedsKeys> {
    const unseen = [...entries.keys()].filter((key) => !seen.has(key));
    if (unseen.length > 0) return new NeedsKeys(unseen);
    const all = new Map([...entries, ...calls]);
    if (all.size > 0) await this.options.store.set(all);
    return outcome;
  }

  /**
   * Reads the keys, whatever their aliases lead to, and what remains of an erased contact of their names. The
   * secret comes along with each reading, so that one that another process made is not missed.
   * No key is read twice, so a circle has an end too.
   */
  private async follow(held: Iterable<string>): Promise<Seen<R>> {
    const { store, keys, contacts } = this.options;
    const isOurs = (value: unknown): value is Stored<R> => isStored(value, keys, contacts);
    const seen = new Map<string, Stored<R> | null>();
    let ahead = [...held];
    while (ahead.length > 0) {
      const [secret, ...values] = await store.get([keys.secret, ...ahead]);
      this.erasure.learn(secret);
      const found = ahead.map((key, i) => this.readable(key, values[i], isOurs));
      ahead.forEach((key, i) => seen.set(key, found[i] ?? null));
      const targets = found.filter(isAlias).map(({ alias }) => alias);
      ahead = sorted([...targets, ...this.erasure.erased(ahead)]).filter((key) => !seen.has(key));
    }
    return seen;
  }

  private async loadAccount(): Promise<A> {
    const { store, keys, account } = this.options;
    const [value] = await store.get([keys.account]);
    const stored = this.readable(keys.account, value, (there) => isStoredAccount(there, account));
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

  /** The value if it is what we stored; otherwise null, reported unless there simply is nothing. */
  private readable<V>(
    key: string,
    value: unknown,
    isOurs: (value: unknown) => value is V,
  ): V | null {
    if (isOurs(value)) return value;
    if (value !== undefined && value !== null) this.report(key, UNREADABLE);
    return null;
  }

  private reportLostRecord(seen: Seen<R>): void {
    const stored = [...seen.values()];
    if (stored.some(isRecord)) return;
    const [lost] = [...seen].find(([, there]) => isAlias(there)) ?? [];
    if (lost !== undefined) this.report(lost, 'is not where it should be');
  }

  private report(key: string, fault: string): void {
    if (this.reported.has(key)) return;
    this.reported.add(key);
    const { keys, report } = this.options;
    report(`In the records, ${keys.describe(key)} ${fault}; it is taken for unknown.`);
  }
}

const reindexed = (calls: string[], { add = [], remove = [] }: CallIndexChange = {}): string[] =>
  sorted([...calls.filter((id) => !remove.includes(id)), ...add]);
