import type { Agenda, Pages } from './agenda';
import type { Erasure } from './erasure';
import type { Keys } from './keys';
import type { KeyValueStore } from './key-value-store';
import { NeedsKeys, type Locks } from './lock';
import { sorted, type Seen } from './person';
import type { RecordShape } from './record-store';
import type { Reports } from './reports';
import { isAlias, isRecord, isStored, type Stored } from './stored';

/** What lies under the keys that are held. */
export interface Held<R> {
  seen: Seen<R>;
  pages: Pages;
}

interface Parts<R> {
  store: KeyValueStore;
  keys: Keys;
  contacts: RecordShape<R>;
  locks: Locks;
  erasure: Erasure;
  agenda: Agenda;
  reports: Reports;
}

/** Holds contacts: nobody else has any of their keys, and all that the keys lead to has been read. */
export class Holding<R> {
  constructor(private readonly parts: Parts<R>) {}

  /** Runs the task with all that the contact keys lead to, and with the pages of the agenda that it asks for. */
  exclusive<T>(
    contactKeys: readonly string[],
    task: (held: Held<R>) => Promise<T | NeedsKeys>,
  ): Promise<T> {
    const { keys, locks, erasure, agenda } = this.parts;
    return locks.exclusive<T>([...contactKeys, ...erasure.erased(contactKeys)], async (all) => {
      const pageKeys = [...all].filter((key) => keys.isAgenda(key));
      const seen = await this.follow([...all].filter((key) => !keys.isAgenda(key)));
      if ([...seen.keys()].some((key) => !all.has(key))) return new NeedsKeys(seen.keys());
      this.reportLostRecord(seen);
      return task({ seen, pages: await agenda.read(pageKeys) });
    });
  }

  /**
   * Reads the keys, whatever their aliases lead to, and what remains of an erased contact of their names. The
   * secret comes along with each reading, so that one that another process made is not missed.
   * No key is read twice, so a circle has an end too.
   */
  private async follow(contactKeys: readonly string[]): Promise<Seen<R>> {
    const { store, keys, contacts, erasure, reports } = this.parts;
    const isOurs = (value: unknown): value is Stored<R> => isStored(value, keys, contacts);
    const seen = new Map<string, Stored<R> | null>();
    let ahead = [...contactKeys];
    while (ahead.length > 0) {
      const [secret, ...values] = await store.get([keys.secret, ...ahead]);
      erasure.learn(secret);
      const found = ahead.map((key, i) => reports.readable(key, values[i], isOurs));
      ahead.forEach((key, i) => seen.set(key, found[i] ?? null));
      const targets = found.filter(isAlias).map(({ alias }) => alias);
      ahead = sorted([...targets, ...erasure.erased(ahead)]).filter((key) => !seen.has(key));
    }
    return seen;
  }

  private reportLostRecord(seen: Seen<R>): void {
    const stored = [...seen.values()];
    if (stored.some(isRecord)) return;
    const [lost] = [...seen].find(([, there]) => isAlias(there)) ?? [];
    if (lost !== undefined) this.parts.reports.lost(lost);
  }
}
