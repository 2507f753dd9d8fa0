import type { Keys } from './keys';
import type { Values } from './key-value-store';
import type { Shape } from './record-store';
import type { Records } from './records';
import { RecordsError } from './records-error';
import {
  isRecord,
  isStored,
  isStoredAccount,
  isStoredCounts,
  isStoredSecret,
  isStoredSheet,
  type Stored,
  type StoredContact,
} from './stored';

/** A place that can list what lies in it. */
export interface Source extends Values {
  /** All keys that begin with `prefix`. */
  keys(prefix: string): Promise<string[]>;
}

export interface TakeOver<R, A, C> {
  from: Source;
  into: Records<R, A, C>;
  keys: Keys;
  contacts: Shape<R>;
  account: Shape<A>;
  counts: Shape<C>;
}

/** How many keys are read or removed at a time. */
const PORTION = 200;

/**
 * Takes the records of one account over from another place, which is empty afterwards: it is emptied only when all is
 * acknowledged where it went. Broken off at any time it can be begun again, since taking the same in twice changes
 * nothing. What cannot be read stays where it is. Tells how many contacts there were.
 *
 * @throws {RecordsError} `records-unavailable`, also where both places have erased contacts under different secrets:
 *   then their remains could not be found again
 */
export async function takeOver<R, A, C>(task: TakeOver<R, A, C>): Promise<number> {
  const { from, keys } = task;
  const listed = await from.keys(keys.prefix);
  if (listed.length === 0) return 0;
  await takeSecret(task);
  const { found, unreadable } = await takeContacts(task, listed);
  for (const key of await takeWhatIsTheAccounts(task, listed)) unreadable.add(key);
  const last = [keys.secret];
  const done = listed.filter((key) => !unreadable.has(key) && !last.includes(key));
  for (const portion of portions(done)) await remove(from, portion);
  if (unreadable.size === 0) await remove(from, last);
  return found;
}

async function takeSecret<R, A, C>({ from, into, keys }: TakeOver<R, A, C>): Promise<void> {
  const [secret] = await from.get([keys.secret]);
  if (!isStoredSecret(secret) || (await into.takeSecret(secret.secret)) === secret.secret) return;
  throw new RecordsError(
    'records-unavailable',
    'Records cannot be moved: contacts were erased in both places. Keep using the old one.',
  );
}

/** Takes the state of the account, its counts and its outbox. Returns the keys of what cannot be read. */
async function takeWhatIsTheAccounts<R, A, C>(
  { from, into, keys, account, counts }: TakeOver<R, A, C>,
  listed: readonly string[],
): Promise<string[]> {
  const wanted = listed.filter(
    (key) => key === keys.account || key === keys.counts || keys.isOutbox(key),
  );
  const values = wanted.length === 0 ? [] : await from.get(wanted);
  const unreadable: string[] = [];
  for (const [i, key] of wanted.entries()) {
    const value = values[i];
    if (key === keys.account && isStoredAccount(value, account))
      await into.takeAccount(value.state);
    else if (key === keys.counts && isStoredCounts(value, counts))
      await into.takeCounts(value.counts);
    else if (isStoredSheet(value)) await into.takeLetters(key, value.letters);
    else if (value !== undefined && value !== null) unreadable.push(key);
  }
  return unreadable;
}

async function takeContacts<R, A, C>(
  { from, into, keys, contacts }: TakeOver<R, A, C>,
  listed: readonly string[],
): Promise<{ found: number; unreadable: Set<string> }> {
  const unreadable = new Set<string>();
  let found = 0;
  const isOurs = (value: unknown): value is Stored<R> => isStored(value, keys, contacts);
  for (const portion of portions(listed.filter((key) => keys.isContact(key)))) {
    const values = await from.get(portion);
    const there = portion.flatMap((key, i): [string, StoredContact<R>][] => {
      const value = values[i];
      if (isOurs(value)) return isRecord(value) ? [[key, value]] : [];
      if (value !== undefined && value !== null) unreadable.add(key);
      return [];
    });
    await Promise.all(there.map(([key, stored]) => into.takeIn(key, stored)));
    found += there.length;
  }
  return { found, unreadable };
}

const remove = (from: Values, keys: readonly string[]): Promise<void> =>
  from.set(new Map(keys.map((key) => [key, undefined])));

const portions = (keys: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(keys.length / PORTION) }, (_, i) =>
    keys.slice(i * PORTION, (i + 1) * PORTION),
  );
