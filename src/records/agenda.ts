import { DAY, MINUTE } from '../rules/time';
import type { Keys } from './keys';
import type { KeyValueStore } from './key-value-store';
import { NeedsKeys } from './lock';
import type { Reports } from './reports';
import { isStoredPage, storedPage } from './stored';

/** A contact's place in the agenda: the key that leads to it, and when it is due (epoch milliseconds). */
export interface Slot {
  key: string;
  at: number;
}

/** What a page lists, each with its moment: days, the minutes of a day, or the contacts of a minute. */
type Page = Readonly<Record<string, number>>;

/** The pages that are held, by key, as they were read. */
export type Pages = ReadonlyMap<string, Page>;

/** An entry on one page, and the moment it stands for. */
interface Entry {
  page: string;
  name: string;
  at: number;
}

/**
 * Who is due when, so that nobody has to look through all contacts. It is kept in three levels: the days on which
 * somebody is due, the minutes of such a day, the contacts of such a minute. No page is empty.
 */
export class Agenda {
  constructor(
    private readonly keys: Keys,
    private readonly store: KeyValueStore,
    private readonly reports: Reports,
  ) {}

  /** The pages with these keys. */
  async read(pageKeys: readonly string[]): Promise<Pages> {
    const values = pageKeys.length === 0 ? [] : await this.store.get(pageKeys);
    return new Map(pageKeys.map((key, i) => [key, this.pageIn(key, values[i])]));
  }

  /** Up to `limit` contacts that are due at `until` or earlier, the earliest first. */
  async due(until: number, limit: number): Promise<Slot[]> {
    const found: Slot[] = [];
    for (const { name: day } of await this.entries(this.keys.agenda(), until)) {
      for (const { name: minute } of await this.entries(this.keys.agenda(day), until)) {
        const due = await this.entries(this.keys.agenda(day, minute), until);
        found.push(...due.map(({ name, at }) => ({ key: name, at })));
        if (found.length >= limit) return found.slice(0, limit);
      }
    }
    return found;
  }

  /**
   * What has to be written so that the slots that are `gone` are free and the one that is `taken` is not; or the
   * keys of the pages that must be held for that.
   */
  moved(gone: readonly Slot[], taken: Slot | null, held: Pages): Map<string, unknown> | NeedsKeys {
    const draft = new Draft(held);
    const way = taken && this.wayTo(taken);
    // First, since a page that stays in use need not be struck out and listed again.
    if (way) draft.add(way);
    for (const slot of gone) {
      const old = this.wayTo(slot);
      if (!way || !isSameEntry(old[0], way[0])) draft.remove(old);
    }
    return draft.missing.size > 0 ? new NeedsKeys(draft.missing) : draft.entries;
  }

  private async entries(page: string, until: number): Promise<Entry[]> {
    const [value] = await this.store.get([page]);
    return Object.entries(this.pageIn(page, value))
      .map(([name, at]) => ({ page, name, at }))
      .filter(({ at }) => at <= until)
      .toSorted((a, b) => a.at - b.at);
  }

  /** The entries that lead to a slot, the contact's own first. */
  private wayTo({ key, at }: Slot): [Entry, ...Entry[]] {
    const day = Math.floor(at / DAY);
    const minute = Math.floor((at - day * DAY) / MINUTE);
    return [
      { page: this.keys.agenda(String(day), String(minute)), name: key, at },
      {
        page: this.keys.agenda(String(day)),
        name: String(minute),
        at: day * DAY + minute * MINUTE,
      },
      { page: this.keys.agenda(), name: String(day), at: day * DAY },
    ];
  }

  private pageIn(key: string, value: unknown): Page {
    return this.reports.readable(key, value, isStoredPage)?.due ?? {};
  }
}

/** Pages that are being changed. */
class Draft {
  readonly missing = new Set<string>();
  private readonly changed = new Map<string, Page>();

  constructor(private readonly held: Pages) {}

  get entries(): Map<string, unknown> {
    return new Map(
      [...this.changed].map(([key, page]) => [key, isEmpty(page) ? undefined : storedPage(page)]),
    );
  }

  /** A page that was empty is listed on the next one, too. */
  add(way: Entry[]): void {
    for (const { page: key, name, at } of way) {
      const page = this.page(key);
      if (page === null || page[name] === at) return;
      this.changed.set(key, { ...page, [name]: at });
      if (!isEmpty(page)) return;
    }
  }

  /** A page that becomes empty is struck out on the next one, too. */
  remove(way: Entry[]): void {
    for (const { page: key, name } of way) {
      const page = this.page(key);
      if (page === null || page[name] === undefined) return;
      const { [name]: _, ...rest } = page;
      this.changed.set(key, rest);
      if (!isEmpty(rest)) return;
    }
  }

  private page(key: string): Page | null {
    const page = this.changed.get(key) ?? this.held.get(key);
    if (page === undefined) this.missing.add(key);
    return page ?? null;
  }
}

const isSameEntry = (a: Entry, b: Entry): boolean => a.page === b.page && a.name === b.name;

const isEmpty = (page: Page): boolean => Object.keys(page).length === 0;
