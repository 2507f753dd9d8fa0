import {
  reasonOf,
  type AccountBlockReason,
  type AccountFact,
  type AccountFreed,
  type AccountMatter,
} from './account-facts';
import { compact } from './join';
import { SECOND, secondOf } from './time';

/** What holds for the whole number, as plain JSON. Times are epoch milliseconds. */
export interface AccountState {
  blocks?: Partial<Record<AccountMatter, AccountBlock>>;
  /** Which limits of the number are used up, by our own count. */
  full?: Partial<Record<CountedReason, Full>>;
}

/** The limits of the whole number that we count ourselves. */
export type CountedReason = Extract<AccountBlockReason, 'concurrent-calls' | 'daily-initiations'>;

/** A limit that is used up. */
export interface Full {
  /** From when there is room for one more, if nothing else happens. */
  until: number;
  /** How many were allowed: where more are by now, it says nothing. */
  allowed: number;
}

export interface AccountBlock {
  /** When it began to hold, or was lifted. */
  at: number;
  /** Until when it holds; null where WhatsApp named no end. Not after `at` where it was lifted. */
  until: number | null;
  /** The end is our guess: what WhatsApp tells goes before. */
  guessed?: true;
  /** While it holds WhatsApp answers no look-up either. */
  answersNothing?: true;
}

export const emptyAccountState = (): AccountState => ({});

export const isEmptyAccountState = (state: AccountState): boolean =>
  Object.keys(state).length === 0;

/**
 * The account's state after a fact. Of two facts on one matter the newer holds; of two at once, the stricter. Where
 * WhatsApp told of a block that explains a refusal, its end holds and not the one that we guessed.
 */
export function applyToAccount(state: AccountState, fact: AccountFact): AccountState {
  const block = blockOf(fact);
  const known = state.blocks?.[fact.reason];
  if (known && isBefore(block, known)) return state;
  return { ...state, blocks: { ...state.blocks, [fact.reason]: block } };
}

/** What two places know of the account, together. */
export function uniteAccountStates(a: AccountState, b: AccountState): AccountState {
  const blocks = { ...a.blocks };
  for (const [matter, block] of Object.entries(b.blocks ?? {}) as [AccountMatter, AccountBlock][]) {
    const known = blocks[matter];
    if (!known || isBefore(known, block)) blocks[matter] = block;
  }
  return Object.keys(blocks).length === 0 ? { ...a, ...b } : { ...a, ...b, blocks };
}

function blockOf(fact: AccountFact): AccountBlock {
  if (fact.type === 'account-freed') return { at: fact.at, until: fact.at };
  const { at, until, guessed, answersNothing } = fact;
  return compact({ at, until, guessed, answersNothing });
}

/**
 * What it shows of the whole number that WhatsApp answered a look-up sent at `sentAt` (epoch milliseconds): a block
 * while which it answers none is over, though no webhook told. Null where it shows nothing. Webhooks tell whole
 * seconds: the end is dated before the second of the look-up, so that a block from within it still holds.
 */
export function freedByAnswer(state: AccountState, sentAt: number): AccountFreed | null {
  const reason = 'account-not-eligible';
  const at = secondOf(sentAt) * SECOND - 1;
  const block = state.blocks?.[reason];
  const isOver = block?.answersNothing === true && block.at <= at && (block.until ?? Infinity) > at;
  return isOver ? { type: 'account-freed', at, reason } : null;
}

/** Whether of two blocks for one matter `a` has to give way to `b`. */
function isBefore(a: AccountBlock, b: AccountBlock): boolean {
  if (explains(b, a)) return true;
  if (explains(a, b)) return false;
  return b.at > a.at || (b.at === a.at && isStricter(b, a));
}

/** Whether `told` was in force when WhatsApp refused what made us guess. */
const explains = (told: AccountBlock, guess: AccountBlock): boolean =>
  guess.guessed === true &&
  told.guessed !== true &&
  told.at <= guess.at &&
  (told.until ?? Infinity) > guess.at;

const isStricter = (a: AccountBlock, b: AccountBlock): boolean =>
  (a.until ?? Infinity) >= (b.until ?? Infinity);

/** Until when `reason` stops the number, seen from `time`: null where it does not, Infinity where no end is known. */
export function accountBlockedUntil(
  state: AccountState,
  reason: AccountBlockReason,
  time: number,
): number | null {
  const ends = inForce(state, reason, time).map(({ until }) => until ?? Infinity);
  return ends.length === 0 ? null : Math.max(...ends);
}

/** Whether `reason` stopped the number at `time`, as far as its newest blocks tell. */
export const wasBlockedAt = (
  state: AccountState,
  reason: AccountBlockReason,
  time: number,
): boolean => inForce(state, reason, time).some(({ at }) => at <= time);

/** What stops the number for `reason` and is not over at `time`. */
const inForce = (
  { blocks = {} }: AccountState,
  reason: AccountBlockReason,
  time: number,
): AccountBlock[] =>
  (Object.keys(blocks) as AccountMatter[])
    .filter((matter) => reasonOf(matter) === reason)
    .flatMap((matter) => blocks[matter] ?? [])
    .filter(({ until }) => (until ?? Infinity) > time);
