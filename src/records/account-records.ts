import { isDeepStrictEqual } from 'node:util';
import type { Keys } from './keys';
import type { Values } from './key-value-store';
import type { AccountChange, AccountUpdated, CountsChange, Shape } from './record-store';
import { NeedsKeys } from './lock';
import type { Outbox } from './outbox';
import type { Reports } from './reports';
import { isStoredAccount, isStoredCounts, storedAccount, storedCounts } from './stored';
import type { Updates } from './updates';

interface Parts<A, C> {
  keys: Keys;
  account: Shape<A>;
  counts: Shape<C>;
  updates: Updates;
  outbox: Outbox;
  reports: Reports;
  /** Hears the account's state whenever it was read or written. */
  onAccount?: (state: A) => void;
}

type Entry = readonly [string, unknown];

/** What holds for the whole number, and what it counts. */
export class AccountRecords<A, C> {
  constructor(private readonly parts: Parts<A, C>) {}

  read(): Promise<A> {
    const { keys, updates } = this.parts;
    return updates.run<A>([keys.account], async (_held, values) => {
      const state = await this.load(values);
      this.parts.onAccount?.(state);
      return state;
    });
  }

  update<T>(change: AccountChange<A, T>): Promise<AccountUpdated<A, T>> {
    const { keys, updates, outbox } = this.parts;
    return updates.run<AccountUpdated<A, T>>([keys.account], async (held, values) => {
      const before = await this.load(values);
      const { state: after, result, tell = [] } = change(before);
      const letters = outbox.added(tell, [], await outbox.read(held, values));
      if (letters instanceof NeedsKeys) return letters;
      await this.write(values, [...this.changed(before, after), ...letters], after);
      return { before, after, result };
    });
  }

  updateCounts<T>(change: CountsChange<A, C, T>): Promise<AccountUpdated<A, T>> {
    const { keys, counts: shape, updates } = this.parts;
    const both = [keys.counts, keys.account];
    return updates.run<AccountUpdated<A, T>>(both, async (_held, values) => {
      const [countsValue, stateValue] = await values.get(both);
      const counts = this.countsIn(countsValue);
      const before = this.stateIn(stateValue);
      const { counts: counted, state: after, result } = change(counts, before);
      const stored = shape.isEmpty(counted) ? undefined : storedCounts(counted);
      const changed = isDeepStrictEqual(counts, counted) ? [] : [[keys.counts, stored] as const];
      await this.write(values, [...changed, ...this.changed(before, after)], after);
      return { before, after, result };
    });
  }

  private async load(values: Values): Promise<A> {
    const [value] = await values.get([this.parts.keys.account]);
    return this.stateIn(value);
  }

  private stateIn(value: unknown): A {
    const { keys, account, reports } = this.parts;
    const stored = reports.readable(keys.account, value, (there) =>
      isStoredAccount(there, account),
    );
    return stored?.state ?? account.empty();
  }

  private countsIn(value: unknown): C {
    const { keys, counts, reports } = this.parts;
    const stored = reports.readable(keys.counts, value, (there) => isStoredCounts(there, counts));
    return stored?.counts ?? counts.empty();
  }

  private changed(before: A, after: A): Entry[] {
    const { keys, account } = this.parts;
    if (isDeepStrictEqual(before, after)) return [];
    return [[keys.account, account.isEmpty(after) ? undefined : storedAccount(after)]];
  }

  private async write(values: Values, entries: Entry[], state: A): Promise<void> {
    if (entries.length > 0) await values.set(new Map(entries));
    this.parts.onAccount?.(state);
  }
}
