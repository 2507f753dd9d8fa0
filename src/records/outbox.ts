import type { Keys } from './keys';
import type { Values } from './key-value-store';
import { NeedsKeys } from './lock';
import type { Reports } from './reports';
import { sheetOf } from './sheet-of';
import { isStoredSheet, storedSheet, type KeptLetter } from './stored';
import type { Updates } from './updates';

/** Something that the flow is to be told; `event` is plain JSON. */
export interface Letter {
  /** Unique. */
  id: string;
  /** When it was stored, or claimed to be told again; epoch milliseconds. */
  at: number;
  event: unknown;
}

/** Letters that have been waiting for too long, and when the next of the others will have been stored (epoch ms). */
export interface Claimed {
  letters: Letter[];
  next: number | null;
}

/** What waits on a sheet, by the ids of the letters. */
export type Sheet = Readonly<Record<string, KeptLetter>>;

/** The sheets that are held, by key, as they were read. */
export type Sheets = ReadonlyMap<string, Sheet>;

/** How many sheets the letters are spread over, so that few updates have to wait for each other. */
const SHEETS = 16;

/**
 * What was stored and has not been told yet: written in the same change as what it is about, and taken out once it was
 * told. What is left after a crash is told again.
 */
export class Outbox {
  /** @param isVolatile what is kept there ends with the process, so that nothing need be told again */
  constructor(
    private readonly keys: Keys,
    private readonly updates: Updates,
    private readonly reports: Reports,
    private readonly isVolatile: boolean,
  ) {}

  /** The keys of all sheets. */
  get sheetKeys(): string[] {
    return Array.from({ length: SHEETS }, (_, sheet) => this.keys.outbox(sheet));
  }

  /** Those sheets among the held keys, as an update sees them. */
  async read(held: Iterable<string>, values: Values): Promise<Sheets> {
    const sheetKeys = [...held].filter((key) => this.keys.isOutbox(key));
    const found = sheetKeys.length === 0 ? [] : await values.get(sheetKeys);
    return new Map(sheetKeys.map((key, i) => [key, this.sheetIn(key, found[i])]));
  }

  /**
   * What has to be written so that the letters are kept, or the keys of the sheets that must be held for that.
   *
   * @param contactKeys whom they are about: with the contact they are erased
   */
  added(
    letters: readonly Letter[],
    contactKeys: readonly string[],
    sheets: Sheets,
  ): Map<string, unknown> | NeedsKeys {
    if (this.isVolatile) return new Map();
    const wanted = letters.map(({ id }) => this.keyOf(id));
    const missing = wanted.filter((key) => !sheets.has(key));
    if (missing.length > 0) return new NeedsKeys(missing);
    const changed = new Map<string, Sheet>();
    for (const { id, at, event } of letters) {
      const key = this.keyOf(id);
      const sheet = changed.get(key) ?? sheets.get(key);
      changed.set(key, { ...sheet, [id]: { at, contact: [...contactKeys], event } });
    }
    return entriesOf(changed);
  }

  /** What has to be written, all sheets being held, so that no letter is left that is about one of the contact keys. */
  without(contactKeys: ReadonlySet<string>, sheets: Sheets): Map<string, unknown> {
    return this.filtered(sheets, ({ contact }) => !contact.some((key) => contactKeys.has(key)));
  }

  /** Takes in a sheet from another place. */
  async takeIn(key: string, letters: Sheet): Promise<void> {
    await this.updates.run<void>([key], async (held, values) => {
      const here = await this.read(held, values);
      await values.set(entriesOf([[key, { ...letters, ...here.get(key) }]]));
    });
  }

  /** Takes out what was told. */
  async settle(ids: readonly string[]): Promise<void> {
    if (this.isVolatile) return;
    const told = new Set(ids);
    await this.updates.run<void>(new Set(ids.map((id) => this.keyOf(id))), async (held, values) => {
      const sheets = await this.read(held, values);
      const entries = this.filtered(sheets, (_letter, id) => !told.has(id));
      if (entries.size > 0) await values.set(entries);
    });
  }

  /**
   * Claims what was stored at `before` or earlier and is still there: from now on it counts as stored at `now`, so that
   * nobody else tells it at the same time. Both epoch milliseconds.
   */
  claim(before: number, now: number): Promise<Claimed> {
    return this.updates.run<Claimed>(this.sheetKeys, async (held, values) => {
      const sheets = await this.read(held, values);
      const all = [...sheets.values()].flatMap((sheet) => Object.entries(sheet));
      const letters = all
        .filter(([, { at }]) => at <= before)
        .map(([id, { at, event }]) => ({ id, at, event }))
        .toSorted((a, b) => a.at - b.at);
      const others = all.map(([, { at }]) => at).filter((at) => at > before);
      if (letters.length > 0) await values.set(this.claimed(sheets, before, now));
      return { letters, next: others.length === 0 ? null : Math.min(...others) };
    });
  }

  private claimed(sheets: Sheets, before: number, now: number): Map<string, unknown> {
    const changed = [...sheets]
      .filter(([, sheet]) => Object.values(sheet).some(({ at }) => at <= before))
      .map(([key, sheet]): [string, Sheet] => [
        key,
        mapped(sheet, (letter) => (letter.at <= before ? { ...letter, at: now } : letter)),
      ]);
    return entriesOf(changed);
  }

  private filtered(
    sheets: Sheets,
    stays: (letter: KeptLetter, id: string) => boolean,
  ): Map<string, unknown> {
    const changed = [...sheets].flatMap(([key, sheet]): [string, Sheet][] => {
      const all = Object.entries(sheet);
      const kept = all.filter(([id, letter]) => stays(letter, id));
      return kept.length === all.length ? [] : [[key, Object.fromEntries(kept)]];
    });
    return entriesOf(changed);
  }

  private keyOf(id: string): string {
    return this.keys.outbox(sheetOf(id, SHEETS));
  }

  private sheetIn(key: string, value: unknown): Sheet {
    return this.reports.readable(key, value, isStoredSheet)?.letters ?? {};
  }
}

const mapped = (sheet: Sheet, change: (letter: KeptLetter) => KeptLetter): Sheet =>
  Object.fromEntries(Object.entries(sheet).map(([id, letter]) => [id, change(letter)]));

/** Empty sheets are removed. */
const entriesOf = (sheets: Iterable<[string, Sheet]>): Map<string, unknown> =>
  new Map(
    [...sheets].map(([key, sheet]) => [
      key,
      Object.keys(sheet).length === 0 ? undefined : storedSheet(sheet),
    ]),
  );
