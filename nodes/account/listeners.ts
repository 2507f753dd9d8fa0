import type { CallingEvent } from '../../src/actions';

type Listener = (event: CallingEvent) => void;

/**
 * Who wants to hear of an account's events. Kept apart from the account's node, so that neither side loses the
 * other when only one of them is deployed again.
 */
const listeners = new Map<string, Set<Listener>>();

/** Listens to the events of an account, whether it is open now or later; returns what stops it. */
export function listenTo(accountId: string, listener: Listener): () => void {
  const all = listeners.get(accountId) ?? new Set();
  listeners.set(accountId, all.add(listener));
  return () => {
    all.delete(listener);
    if (all.size === 0) listeners.delete(accountId);
  };
}

/** Tells an event to all that listen. */
export function tell(accountId: string, event: CallingEvent): void {
  for (const listener of listeners.get(accountId) ?? []) listener(event);
}
