import { accountBlockedUntil, applyToAccount, reasonOf, type AccountState } from '../rules';
import type { AccountChange, WebhookChange } from '../webhooks';
import type { Account } from './account';
import { unknownEvent, type CallingEvent } from './events';
import { hearContact } from './hear-contact';

/** What became of the changes of one webhook body. */
export interface Handled {
  /** What the flow should hear of, in the order of the body. All of it is stored. */
  events: CallingEvent[];
  /** Why some changes could not be stored; empty where all were. */
  failures: unknown[];
}

/**
 * Stores the changes of a webhook body and finds out what is new in them. Never rejects: what could be stored is
 * told even where something else could not, since a second delivery of it would be recognised and not told.
 */
export async function handleWebhook(account: Account, changes: WebhookChange[]): Promise<Handled> {
  const ends = changes.filter(isEnd);
  const others = changes.filter((change) => !isEnd(change));
  const results = [...(await handleAll(account, others)), ...(await handleAll(account, ends))];
  return {
    events: results.flatMap((result) =>
      result.status === 'fulfilled' ? (result.value ?? []) : [],
    ),
    failures: results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    ),
  };
}

const handleAll = (account: Account, changes: WebhookChange[]) =>
  Promise.allSettled(changes.map((change) => handle(account, change)));

/** A body may hold the end of a call before what led to it. After the end nothing is told of a call, so it goes last. */
const isEnd = (change: WebhookChange): boolean =>
  change.kind === 'contact' && change.fact.type === 'ended';

async function handle(account: Account, change: WebhookChange): Promise<CallingEvent | null> {
  switch (change.kind) {
    case 'contact':
      return hearContact(account, change);
    case 'account':
      return handleAccount(account, change);
    case 'other':
      return unknownEvent(change, change.contact);
  }
}

async function handleAccount(
  account: Account,
  change: AccountChange,
): Promise<CallingEvent | null> {
  const { records, clock } = account;
  const now = clock.now();
  const letter = account.newKey();
  const { result: event } = await records.updateAccount((before) => {
    const after = applyToAccount(before, change.fact);
    const event = newsOf(change, before, after, now);
    return { state: after, result: event, tell: event ? [{ id: letter, at: now, event }] : [] };
  });
  return event && { ...event, letter };
}

function newsOf(
  change: AccountChange,
  before: AccountState,
  after: AccountState,
  now: number,
): CallingEvent | null {
  const { fact, id, at, raw } = change;
  const was = accountBlockedUntil(before, reasonOf(fact.reason), now);
  const is = accountBlockedUntil(after, reasonOf(fact.reason), now);
  const wasFree = was === null && is === null;
  if (wasFree && before !== after) return unknownEvent(change, null);
  if (was === is) return null;
  const type = is === null ? 'account-released' : 'account-restricted';
  return { type, id, at, raw, contact: null };
}
