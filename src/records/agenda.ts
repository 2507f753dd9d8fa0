import { DAY, MINUTE } from '../rules/time';
import type { Keys } from './keys';
import type { Values } from './key-value-store';
import { NeedsKeys } from './lock';
import type { Reports } from './reports';
import { sheetOf } from './sheet-of';
import { isStoredPage, storedPage } from './stored';

/** A contact's place in the agenda: the key that leads to it, and when it is due (epoch milliseconds). */
export interface Slot {
  key: string;
  at: number;
}

/** What a page lists, each with its moment: days, the minutes of a day, the sheets of a minute, or contacts. */
type Page = Readonly<Record<string, number>>;

/** The pages that are held, by key, as they were read. */
export type Pages = ReadonlyMap<string, Page>;

/** An entry on one page, and the moment it stands for. */
interface Entry {
  page: string;
  name: string;
  at: number;
}

/** How many sheets the contacts of one minute are spread over: thousands may be due when calling hours begin. */
const SHEETS = 64;

/**
 * Who is due when, so that nobody has to look through all contacts. It is kept in levels: the days on which somebody
 * is due, the minutes of such a day, the sheets of such a minute, and on each sheet contacts. No page is empty.
 */
export class Agenda {
  constructor(
    private readonly keys: Keys,
    private readonly store: Values,
    private readonly reports: Reports,
  ) {}

  /** The pages with these keys, as an update sees them or as they are. */
  async read(pageKeys: readonly string[], values: Values = this.store): Promise<Pages> {
    const found = pageKeys.length === 0 ? [] : await values.get(pageKeys);
    return new Map(pageKeys.map((key, i) => [key, this.pageIn(key, found[i])]));
  }

  /** Up to `limit` contacts that are due at `until` or earlier, the earliest first. */
  async due(until: number, limit: number): Promise<Slot[]> {
    const found: Slot[] = [];
    for (const day of await this.entries([this.keys.agenda()], until)) {
      for (const minute of await this.entries([below(day)], until)) {
        const sheets = await this.entries([below(minute)], until);
        const due = await this.entries(sheets.map(below), until);
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

  /** What the pages list up to `until`, the earliest first. */
  private async entries(pageKeys: readonly string[], until: number): Promise<Entry[]> {
    const pages = await this.read(pageKeys);
    return [...pages]
      .flatMap(([page, listed]) => Object.entries(listed).map(([name, at]) => ({ page, name, at })))
      .filter(({ at }) => at <= until)
      .toSorted((a, b) => a.at - b.at);
  }

  /** The entries that lead to a slot, the contact's own first. */
  private wayTo({ key, at }: Slot): [Entry, ...Entry[]] {
    const dayStart = Math.floor(at / DAY) * DAY;
    const minuteStart = Math.floor(at / MINUTE) * MINUTE;
    const days = this.keys.agenda();
    const day = { page: days, name: String(dayStart / DAY), at: dayStart };
    const minute = {
      page: below(day),
      name: String((minuteStart - dayStart) / MINUTE),
      at: minuteStart,
    };
    const sheet = { page: below(minute), name: String(sheetOf(key, SHEETS)), at: minuteStart };
    return [{ page: below(sheet), name: key, at }, sheet, minute, day];
  }

  private pageIn(key: string, value: unknown): Page {
    return this.reports.readable(key, value, isStoredPage)?.due ?? {};
  }
}

/** The key of the page that an entry stands for. */
const below = ({ page, name }: Entry): string => `${page}-${name}`;

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
