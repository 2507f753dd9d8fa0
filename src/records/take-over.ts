import type { Keys } from './keys';
import type { Values } from './key-value-store';
import type { Shape } from './record-store';
import type { Records } from './records';
import { RecordsError } from './records-error';
import {
  isRecord,
  isStored,
  isStoredAccount,
  isStoredSecret,
  type Stored,
  type StoredContact,
} from './stored';

/** A place that can list what lies in it. */
export interface Source extends Values {
  /** All keys that begin with `prefix`. */
  keys(prefix: string): Promise<string[]>;
}

export interface TakeOver<R, A> {
  from: Source;
  into: Records<R, A>;
  keys: Keys;
  contacts: Shape<R>;
  account: Shape<A>;
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
export async function takeOver<R, A>(task: TakeOver<R, A>): Promise<number> {
  const { from, into, keys, account } = task;
  const listed = await from.keys(keys.prefix);
  if (listed.length === 0) return 0;
  const [secret, state] = await from.get([keys.secret, keys.account]);
  if (isStoredSecret(secret) && (await into.takeSecret(secret.secret)) !== secret.secret) {
    throw new RecordsError(
      'records-unavailable',
      'Records cannot be moved: contacts were erased in both places. Keep using the old one.',
    );
  }
  if (isStoredAccount(state, account)) await into.takeAccount(state.state);
  const { found, unreadable } = await takeContacts(task, listed);
  const last = [keys.secret];
  const done = listed.filter((key) => !unreadable.has(key) && !last.includes(key));
  for (const portion of portions(done)) await remove(from, portion);
  if (unreadable.size === 0) await remove(from, last);
  return found;
}

async function takeContacts<R, A>(
  { from, into, keys, contacts }: TakeOver<R, A>,
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
