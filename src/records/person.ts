import { isDeepStrictEqual } from 'node:util';
import type { ContactNames } from '../rules/contact';
import type { Slot } from './agenda';
import type { Eraser } from './erasure';
import type { Keys } from './keys';
import { joinMoves, movesOf, presentNames, type Former, type Moves } from './moves';
import type { RecordShape } from './record-store';
import { isAlias, isRecord, storedContact, type Stored, type StoredContact } from './stored';

/** What lies under some contact keys; null where nothing (readable) does. */
export type Seen<R> = ReadonlyMap<string, Stored<R> | null>;

/** Where a contact's record belongs, and what leads there. */
export interface Place {
  /** Null where the contact is erased. */
  names: ContactNames | null;
  /** The key where the record belongs. */
  main: string;
  /** All other keys that are to lead there, sorted. */
  aliases: string[];
  /** The keys under which nothing is to be left. */
  obsolete: string[];
  /** The call and request ids that lead to the contact, sorted. */
  calls: string[];
  /** When the contact is due in the agenda, epoch milliseconds; null where it is not there. */
  due: number | null;
  /** Names that changed hands. */
  moves: Moves;
}

/** One contact, put together from all that lies under its names. */
export interface Person<R> extends Place {
  names: ContactNames;
  record: R;
  /** Where it stands in the agenda. Not more than once, unless it was taken for several people. */
  slots: Slot[];
}

/** A record and the key under which it lies. */
export interface Lying<R> {
  key: string;
  stored: StoredContact<R>;
}

/**
 * Recognises the one person behind a contact's keys: whatever records lie there are united, in an order that
 * does not depend on who asks. `all` holds every key that the names lead to, to the end of each chain.
 *
 * `more` are records of the same person that lay in another place.
 *
 * The keys of an erased contact that came back stay as aliases, since one of its other names may follow, until
 * that name is known and has a key of its own.
 */
export function recognise<R>(
  contact: ContactNames,
  all: Seen<R>,
  keys: Keys,
  shape: RecordShape<R>,
  eraser: Eraser | null,
  former: Former | null = null,
  more: readonly Lying<R>[] = [],
): Person<R> {
  const seen = former ? all : withoutStranger(contact, all, keys, eraser);
  const there = [...seen.keys()].toSorted().flatMap((key): Lying<R>[] => {
    const stored = seen.get(key) ?? null;
    return isRecord(stored) ? [{ key, stored }] : [];
  });
  const lying = [...there, ...more];
  const found = lying.map(({ stored }) => stored);
  const slots = lying.flatMap(({ key, stored: { due: at } }) =>
    at === undefined ? [] : [{ key, at }],
  );
  const known = found.flatMap((stored) => stored.names ?? []);
  const earlier = found.map((stored) => stored.moves ?? {}).reduce(joinMoves, {});
  const moves = former
    ? joinMoves(earlier, movesOf(contact, former, known, earlier, keys))
    : earlier;
  const names = namesOf([contact, ...known], moves, keys);
  const [main] = keys.contact(names);
  const leading = new Set([main, ...seen.keys(), ...found.flatMap((stored) => stored.aliases)]);
  const named = [...leading].filter((key) => !keys.isErased(key));
  const obsolete = new Set(eraser ? named.map(eraser) : []);
  return {
    names,
    record: found.map((stored) => stored.record).reduce(unite(shape), shape.empty()),
    main,
    aliases: [...leading].filter((key) => key !== main && !obsolete.has(key)).toSorted(),
    obsolete: [...obsolete].filter((key) => leading.has(key)),
    calls: sorted(found.flatMap((stored) => stored.calls ?? [])),
    slots,
    due: slots.length === 0 ? null : Math.min(...slots.map(({ at }) => at)),
    moves,
  };
}

/**
 * What lies under the names without what lies under the user id of somebody else: of who has a number now that the
 * person left. What is known of the two must not be taken for one person's, and the user id leads to its own.
 */
function withoutStranger<R>(
  { waId, userId, phone }: ContactNames,
  seen: Seen<R>,
  keys: Keys,
  eraser: Eraser | null,
): Seen<R> {
  if (!userId || !(waId || phone)) return seen;
  const [number] = keys.contact({ waId, userId: null, phone });
  const [id] = keys.contact({ waId: null, userId, phone: null });
  const place = endOf(number, seen);
  const { moves = {} } = recordAt(place, seen) ?? {};
  const isTheirs = endOf(id, seen) === place || moves[id] !== undefined;
  if (moves[number]?.left !== true || isTheirs) return seen;
  const ends = new Set([id, ...(eraser ? [eraser(id)] : [])].map((key) => endOf(key, seen)));
  return new Map([...seen].filter(([key]) => !ends.has(endOf(key, seen))));
}

/** The key at which a chain of aliases ends. */
function endOf<R>(key: string, seen: Seen<R>): string {
  const passed = new Set<string>();
  let end = key;
  for (let there = seen.get(end); there && isAlias(there); there = seen.get(end)) {
    if (passed.has(end)) break;
    passed.add(end);
    end = there.alias;
  }
  return end;
}

function recordAt<R>(key: string, seen: Seen<R>): StoredContact<R> | null {
  const there = seen.get(key) ?? null;
  return isRecord(there) ? there : null;
}

/** What somebody goes by now. Where each name was left for another one, whatever is known. */
function namesOf(told: ContactNames[], moves: Moves, keys: Keys): ContactNames {
  const present = told.map((names) => presentNames(names, moves, keys));
  const isNamed = present.some(({ waId, userId, phone }) => waId || userId || phone);
  return (isNamed ? present : told).reduce(mergeNames, NOBODY);
}

/** Where the remains of the person belong once it is erased: nothing there tells who it was. */
export function erasedPlace({ main, aliases }: Place, keys: Keys, eraser: Eraser): Place {
  const named = [main, ...aliases].filter((key) => !keys.isErased(key));
  const erased = new Set([...aliases.filter((key) => keys.isErased(key)), ...named.map(eraser)]);
  const place = eraser(main);
  erased.delete(place);
  return {
    names: null,
    main: place,
    aliases: sorted(erased),
    obsolete: named,
    calls: [],
    due: null,
    moves: {},
  };
}

/** Where the remains of an erased person stay that nobody has asked for since. */
export const stillErased = (main: string, keys: readonly string[]): Place => ({
  names: null,
  main,
  aliases: sorted(keys.filter((key) => key !== main)),
  obsolete: [],
  calls: [],
  due: null,
  moves: {},
});

/** Of whom no name is known. */
export const NOBODY: ContactNames = { waId: null, userId: null, phone: null };

/** The first that is known of each name: what was told now before what is stored, and never a null or "". */
const mergeNames = (first: ContactNames, second: ContactNames): ContactNames => ({
  waId: first.waId || second.waId || null,
  userId: first.userId || second.userId || null,
  phone: first.phone || second.phone || null,
});

const unite =
  <R>(shape: RecordShape<R>) =>
  (a: R, b: R): R =>
    shape.isEmpty(a) ? b : shape.unite(a, b);

/** Each of the texts once, in order. */
export const sorted = (texts: Iterable<string>): string[] => [...new Set(texts)].toSorted();

/**
 * What has to be written so that `record` lies under the main key of its place and all others lead straight to
 * it; or, where the record is empty, so that nothing of the contact is left. The record comes first.
 */
export function layOut<R>(
  { names, main, aliases, obsolete, calls, due, moves }: Place,
  record: R,
  seen: Seen<R>,
  shape: RecordShape<R>,
): Map<string, unknown> {
  const removed = (keys: string[]): [string, undefined][] =>
    keys.filter((key) => seen.get(key) !== null).map((key) => [key, undefined]);
  if (shape.isEmpty(record)) return new Map(removed([main, ...aliases, ...obsolete]));
  const stored = seen.get(main) ?? null;
  const wanted = storedContact({ names, record, aliases, calls, due, moves });
  const settled = new Set(isRecord(stored) ? stored.aliases : []);
  const astray = aliases.filter((key) => {
    const there = seen.get(key);
    return there === undefined ? !settled.has(key) : !isAlias(there) || there.alias !== main;
  });
  return new Map<string, unknown>([
    ...(isDeepStrictEqual(stored, wanted) ? [] : [[main, wanted] as const]),
    ...astray.map((key) => [key, { alias: main }] as const),
    ...removed(obsolete),
  ]);
}
