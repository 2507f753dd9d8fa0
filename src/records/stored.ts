import type { ContactNames } from '../rules/contact';
import type { Keys } from './keys';
import type { Moves } from './moves';
import type { Shape } from './record-store';

/** The version of what is stored; a value of another version is not read. */
const VERSION = 1;

/** A contact's record, under its first key. */
export interface StoredContact<R> {
  v: typeof VERSION;
  /** Null where the contact was erased. */
  names: ContactNames | null;
  record: R;
  /** The keys that lead here, sorted. */
  aliases: string[];
  /** The call and request ids that lead to the contact, sorted; absent where there are none. */
  calls?: string[];
  /** When the contact is due in the agenda, epoch milliseconds; absent where it is not there. */
  due?: number;
  /** Names that changed hands; absent where none did. */
  moves?: Moves;
}

/** What lies under the contact's other keys. */
export interface Alias {
  alias: string;
}

/** What lies under a contact's key. */
export type Stored<R> = StoredContact<R> | Alias;

/** What lies under a call or request id. */
export interface StoredCall {
  v: typeof VERSION;
  names: ContactNames;
}

export interface StoredAccount<A> {
  v: typeof VERSION;
  state: A;
}

export interface StoredCounts<C> {
  v: typeof VERSION;
  counts: C;
}

/** The secret of the account's erased contacts. */
export interface StoredSecret {
  v: typeof VERSION;
  secret: string;
}

/** A page of the agenda: what is listed there, each with its moment (epoch milliseconds). */
export interface StoredPage {
  v: typeof VERSION;
  due: Readonly<Record<string, number>>;
}

interface Contents<R> extends Pick<StoredContact<R>, 'names' | 'record' | 'aliases'> {
  calls: string[];
  due: number | null;
  moves: Moves;
}

/** A letter that waits in the outbox; `contact` are the keys of whom it is about. */
export interface KeptLetter {
  at: number;
  contact: string[];
  event: unknown;
}

/** A sheet of the outbox: letters by id. */
export interface StoredSheet {
  v: typeof VERSION;
  letters: Readonly<Record<string, KeptLetter>>;
}

export const storedContact = <R>({
  names,
  record,
  aliases,
  calls,
  due,
  moves,
}: Contents<R>): StoredContact<R> => ({
  v: VERSION,
  names,
  record,
  aliases,
  ...(calls.length > 0 && { calls }),
  ...(due !== null && { due }),
  ...(Object.keys(moves).length > 0 && { moves }),
});

export const storedCall = (names: ContactNames): StoredCall => ({ v: VERSION, names });

export const storedAccount = <A>(state: A): StoredAccount<A> => ({ v: VERSION, state });

export const storedCounts = <C>(counts: C): StoredCounts<C> => ({ v: VERSION, counts });

export const storedSecret = (secret: string): StoredSecret => ({ v: VERSION, secret });

export const storedPage = (due: StoredPage['due']): StoredPage => ({ v: VERSION, due });

export const storedSheet = (letters: StoredSheet['letters']): StoredSheet => ({
  v: VERSION,
  letters,
});

export const isAlias = (stored: Stored<unknown> | null): stored is Alias =>
  stored !== null && 'alias' in stored;

export const isRecord = <R>(stored: Stored<R> | null): stored is StoredContact<R> =>
  stored !== null && 'record' in stored;

/** Tells what we stored under a contact's key from whatever else may lie there. */
export function isStored<R>(value: unknown, keys: Keys, shape: Shape<R>): value is Stored<R> {
  if (!isObject(value)) return false;
  if ('alias' in value) return keys.isContact(value.alias);
  const { names, record, aliases, calls = [], due, moves = {} } = value;
  return (
    value.v === VERSION &&
    (names === null || areNames(names)) &&
    shape.isValid(record) &&
    Array.isArray(aliases) &&
    aliases.every((alias) => keys.isContact(alias)) &&
    Array.isArray(calls) &&
    calls.every((id) => typeof id === 'string') &&
    (due === undefined || Number.isFinite(due)) &&
    areMoves(moves)
  );
}

export const isStoredCall = (value: unknown): value is StoredCall =>
  isObject(value) && value.v === VERSION && areNames(value.names);

export const isStoredAccount = <A>(value: unknown, shape: Shape<A>): value is StoredAccount<A> =>
  isObject(value) && value.v === VERSION && shape.isValid(value.state);

export const isStoredCounts = <C>(value: unknown, shape: Shape<C>): value is StoredCounts<C> =>
  isObject(value) && value.v === VERSION && shape.isValid(value.counts);

export const isStoredSecret = (value: unknown): value is StoredSecret =>
  isObject(value) && value.v === VERSION && typeof value.secret === 'string' && value.secret !== '';

export const isStoredPage = (value: unknown): value is StoredPage =>
  isObject(value) &&
  value.v === VERSION &&
  isObject(value.due) &&
  Object.values(value.due).every((at) => Number.isFinite(at));

const areMoves = (value: unknown): value is Moves =>
  isObject(value) &&
  Object.values(value).every(
    (move) => isObject(move) && Number.isFinite(move.at) && typeof move.left === 'boolean',
  );

export const isStoredSheet = (value: unknown): value is StoredSheet =>
  isObject(value) &&
  value.v === VERSION &&
  isObject(value.letters) &&
  Object.values(value.letters).every(isKeptLetter);

const isKeptLetter = (value: unknown): boolean =>
  isObject(value) &&
  Number.isFinite(value.at) &&
  Array.isArray(value.contact) &&
  value.contact.every((key) => typeof key === 'string') &&
  isObject(value.event);

/** Whether the value is a contact's names, at least one of them known. */
function areNames(value: unknown): value is ContactNames {
  if (!isObject(value)) return false;
  const names = [value.waId, value.userId, value.phone];
  return (
    names.every((name) => name === null || (typeof name === 'string' && name !== '')) &&
    names.some((name) => name !== null)
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
