import type { AccountBlockReason } from '../../src/rules';

/** Hears what stops the whole account; null where nothing does. */
type Listener = (reason: AccountBlockReason | null) => void;

interface Watched {
  reason: AccountBlockReason | null;
  listeners: Set<Listener>;
}

/** By the id of the account's node. Kept apart from it for the same reason as {@link ./listeners}. */
const watched = new Map<string, Watched>();

/** Tells what stops an account, now and whenever that changes; returns what ends it. */
export function watchStops(accountId: string, listener: Listener): () => void {
  const account = watched.get(accountId) ?? { reason: null, listeners: new Set() };
  watched.set(accountId, account);
  account.listeners.add(listener);
  if (account.reason !== null) listener(account.reason);
  return () => {
    account.listeners.delete(listener);
    forgetIfIdle(accountId, account);
  };
}

/** Says what stops an account from now on. */
export function sayStop(accountId: string, reason: AccountBlockReason | null): void {
  const account = watched.get(accountId) ?? { reason: null, listeners: new Set() };
  if (account.reason === reason) return;
  watched.set(accountId, account);
  account.reason = reason;
  for (const listener of account.listeners) listener(reason);
  forgetIfIdle(accountId, account);
}

function forgetIfIdle(accountId: string, { reason, listeners }: Watched): void {
  if (reason === null && listeners.size === 0) watched.delete(accountId);
}
