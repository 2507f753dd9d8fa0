import type { AccountBlockReason, AccountFact } from './account-facts';

/** What holds for the whole number, as plain JSON. Times are epoch milliseconds. */
export interface AccountState {
  blocks?: Partial<Record<AccountBlockReason, AccountBlock>>;
}

export interface AccountBlock {
  /** When it began to hold, or was lifted. */
  at: number;
  /** Until when it holds; null where WhatsApp named no end. Not after `at` where it was lifted. */
  until: number | null;
}

export const emptyAccountState = (): AccountState => ({});

export const isEmptyAccountState = (state: AccountState): boolean =>
  Object.keys(state).length === 0;

/** The account's state after a fact. Of two facts on one matter the newer holds; of two at once, the stricter. */
export function applyToAccount(state: AccountState, fact: AccountFact): AccountState {
  const block: AccountBlock = {
    at: fact.at,
    until: fact.type === 'account-freed' ? fact.at : fact.until,
  };
  const known = state.blocks?.[fact.reason];
  if (known && (known.at > block.at || (known.at === block.at && isStricter(known, block))))
    return state;
  return { ...state, blocks: { ...state.blocks, [fact.reason]: block } };
}

const isStricter = (a: AccountBlock, b: AccountBlock): boolean =>
  (a.until ?? Infinity) >= (b.until ?? Infinity);

/** Until when `reason` stops the number, seen from `time`: null where it does not, Infinity where no end is known. */
export function accountBlockedUntil(
  state: AccountState,
  reason: AccountBlockReason,
  time: number,
): number | null {
  const block = state.blocks?.[reason];
  if (!block) return null;
  const until = block.until ?? Infinity;
  return until > time ? until : null;
}
