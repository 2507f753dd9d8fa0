import type { ContactNames } from '../rules/contact';
import type { Keys } from './keys';

/** The names by which somebody went until `at` (epoch milliseconds), and others took their place. */
export interface Former {
  names: ContactNames;
  at: number;
}

/** When a name was last taken (`left: false`) or left, epoch milliseconds. */
export interface Move {
  at: number;
  left: boolean;
}

/** What is known of names that changed hands, by the key of the name. */
export type Moves = Readonly<Record<string, Move>>;

/** The newest word on each name counts, in whatever order they come; in the same moment, that it was left. */
export function joinMoves(a: Moves, b: Moves): Moves {
  const joined: Record<string, Move> = { ...a };
  for (const [key, move] of Object.entries(b)) {
    const known = joined[key];
    if (!known || move.at > known.at || (move.at === known.at && move.left)) joined[key] = move;
  }
  return joined;
}

/**
 * What a change of names says: those that the contact goes by now were taken, and left were the former ones together
 * with all that was known beside them (a user id changes with the number; Meta, messages/system, 2026-08-11).
 */
export function movesOf(
  contact: ContactNames,
  { names: former, at }: Former,
  known: readonly ContactNames[],
  keys: Keys,
): Moves {
  const taken = keys.contact(contact);
  const formerKeys = keys.contact(former);
  const beside = known
    .map((names) => keys.contact(names))
    .filter((all) => overlap(all, formerKeys));
  const left = [...formerKeys, ...beside.flat()].filter((key) => !taken.includes(key));
  return Object.fromEntries([
    ...left.map((key) => [key, { at, left: true }] as const),
    ...taken.map((key) => [key, { at, left: false }] as const),
  ]);
}

const overlap = (a: readonly string[], b: readonly string[]): boolean =>
  a.some((key) => b.includes(key));

/** Those of the names that were not left. What was told together with a number that was left went with it. */
export function presentNames(
  { waId, userId, phone }: ContactNames,
  moves: Moves,
  keys: Keys,
): ContactNames {
  const isLeft = (name: Partial<ContactNames>): boolean =>
    moves[keys.contact({ waId: null, userId: null, phone: null, ...name })[0]]?.left === true;
  const numberLeft = waId ? isLeft({ waId }) : phone ? isLeft({ phone }) : false;
  if (numberLeft) return { waId: null, userId: null, phone: null };
  return {
    waId,
    userId: userId && !isLeft({ userId }) ? userId : null,
    phone: phone && !isLeft({ phone }) ? phone : null,
  };
}
