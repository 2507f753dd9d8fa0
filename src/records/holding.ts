import type { Agenda, Pages } from './agenda';
import type { Erasure } from './erasure';
import type { Keys } from './keys';
import type { Values } from './key-value-store';
import { NeedsKeys } from './lock';
import type { Outbox, Sheets } from './outbox';
import { sorted, type Seen } from './person';
import type { RecordShape } from './record-store';
import type { Reports } from './reports';
import { isAlias, isRecord, isStored, type Stored } from './stored';
import type { Updates } from './updates';

/** What lies under the keys that are held. */
export interface Held<R> {
  seen: Seen<R>;
  pages: Pages;
  sheets: Sheets;
  /** The values as this update sees them, for writing. */
  values: Values;
}

interface Parts<R> {
  keys: Keys;
  contacts: RecordShape<R>;
  updates: Updates;
  erasure: Erasure;
  agenda: Agenda;
  outbox: Outbox;
  reports: Reports;
}

/** Holds contacts: nobody else has any of their keys, and all that the keys lead to has been read. */
export class Holding<R> {
  constructor(private readonly parts: Parts<R>) {}

  /**
   * Runs the task with all that the contact keys lead to, and with the pages of the agenda and the sheets of the
   * outbox that it asks for, now or by the keys that it `also` names.
   */
  exclusive<T>(
    contactKeys: readonly string[],
    task: (held: Held<R>) => Promise<T | NeedsKeys>,
    also: readonly string[] = [],
  ): Promise<T> {
    const { keys, updates, erasure, agenda, outbox } = this.parts;
    const known = [...contactKeys, ...erasure.erased(contactKeys), ...also];
    return updates.run<T>(known, async (all, values) => {
      const pageKeys = [...all].filter((key) => keys.isAgenda(key));
      const others = [...all].filter((key) => !keys.isAgenda(key) && !keys.isOutbox(key));
      const seen = await this.follow(others, values);
      if ([...seen.keys()].some((key) => !all.has(key))) return new NeedsKeys(seen.keys());
      this.reportLostRecord(seen);
      const pages = await agenda.read(pageKeys, values);
      return task({ seen, pages, sheets: await outbox.read(all, values), values });
    });
  }

  /**
   * Reads the keys, whatever their aliases lead to, and what remains of an erased contact of their names. The
   * secret comes along with each reading, so that one that another process made is not missed.
   * No key is read twice, so a circle has an end too.
   */
  private async follow(contactKeys: readonly string[], values: Values): Promise<Seen<R>> {
    const { keys, contacts, erasure, reports } = this.parts;
    const isOurs = (value: unknown): value is Stored<R> => isStored(value, keys, contacts);
    const seen = new Map<string, Stored<R> | null>();
    let ahead = [...contactKeys];
    while (ahead.length > 0) {
      const [secret, ...there] = await values.get([keys.secret, ...ahead]);
      erasure.learn(secret);
      const found = ahead.map((key, i) => reports.readable(key, there[i], isOurs));
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
