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
  earlier: Moves,
  keys: Keys,
): Moves {
  const taken = keys.contact(contact);
  const formerKeys = keys.contact(former);
  // A name that changed hands again since then says nothing of what is beside it now.
  const settled = formerKeys.filter((key) => !((earlier[key]?.at ?? -Infinity) > at));
  const beside = known.map((names) => keys.contact(names)).filter((all) => overlap(all, settled));
  const left = [...formerKeys, ...beside.flat()].filter((key) => !taken.includes(key));
  return Object.fromEntries([
    ...left.map((key) => [key, { at, left: true }] as const),
    ...taken.map((key) => [key, { at, left: false }] as const),
  ]);
}

const overlap = (a: readonly string[], b: readonly string[]): boolean =>
  a.some((key) => b.includes(key));

/**
 * Those of the names that were not left. What was told together with a number that was left went with it, unless it
 * is the user id that was taken: then the user has that number again.
 */
export function presentNames(
  { waId, userId, phone }: ContactNames,
  moves: Moves,
  keys: Keys,
): ContactNames {
  const moveOf = (name: Partial<ContactNames>): Move | undefined =>
    moves[keys.contact({ waId: null, userId: null, phone: null, ...name })[0]];
  const idMove = userId ? moveOf({ userId }) : undefined;
  const isPhoneLeft = phone ? moveOf({ phone })?.left === true : false;
  const isNumberLeft = waId ? moveOf({ waId })?.left === true : isPhoneLeft;
  const isIdTaken = idMove?.left === false;
  if (isNumberLeft && !isIdTaken) return { waId: null, userId: null, phone: null };
  return {
    waId,
    userId: idMove?.left ? null : userId,
    phone: isPhoneLeft ? null : phone,
  };
}
