import {
  MINUTE,
  accountBlockedUntil,
  apply,
  applyToAccount,
  compact,
  decide,
  tidy,
  type ContactNames,
  type ContactRecord,
  type Fact,
} from '../rules';
import type { RecordChange, Updated } from '../records';
import type { AccountChange, ContactChange, WebhookCall, WebhookChange } from '../webhooks';
import type { Account } from './account';
import { follow, hold, letGo } from './call-counts';
import { eventOf, isUnchanged, type CallingEvent } from './events';

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
  const results = await Promise.allSettled(
    endsLast(changes).map((change) => handle(account, change)),
  );
  return {
    events: results.flatMap((result) =>
      result.status === 'fulfilled' ? (result.value ?? []) : [],
    ),
    failures: results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    ),
  };
}

/** A body may hold the end of a call before the reason of it: the end is told once, so the reason goes first. */
const endsLast = (changes: WebhookChange[]): WebhookChange[] =>
  changes.toSorted((a, b) => Number(isEnd(a)) - Number(isEnd(b)));

const isEnd = (change: WebhookChange): boolean =>
  change.kind === 'contact' && change.fact.type === 'ended';

async function handle(account: Account, change: WebhookChange): Promise<CallingEvent | null> {
  switch (change.kind) {
    case 'contact':
      return handleContact(account, change);
    case 'account':
      return handleAccount(account, change);
    case 'other':
      return unknown(change, change.contact);
  }
}

/** What a change came to: told, passed on as it is, or nothing new. */
type News =
  { event: ReturnType<typeof eventOf>; after: ContactRecord } | 'not ours' | 'nothing new';

async function handleContact(
  account: Account,
  change: ContactChange,
): Promise<CallingEvent | null> {
  const { records, policy, clock } = account;
  const contact = await whose(account, change);
  if (contact === null) return unknown(change, null);
  // Before anything is stored: what fails afterwards would come again as known already, and never be told.
  const state = await records.readAccount();
  const { result, names } = await stored(account, contact, change);
  if (result === 'nothing new') return null;
  if (result === 'not ours' || result.event === null) return unknown(change, names);
  const verdict = decide(result.after, state, policy, clock.now());
  return { ...result.event, contact: names, verdict };
}

/** Stores a change of a contact, and counts the calls that go on. */
async function stored(
  account: Account,
  contact: ContactNames,
  change: ContactChange,
): Promise<Updated<ContactRecord, News>> {
  const { records, policy, clock } = account;
  const hear: RecordChange<ContactRecord, News> = (before, known) => {
    const now = clock.now();
    const isFormer = isFormerName(contact, known);
    if (!concerns(change.fact, before) || (isFormer && change.fact.type === 'granted'))
      return { record: before, result: 'not ours' };
    const applied = apply(before, change.fact);
    const after = tidy(isFormer ? withWindowOf(before, applied) : applied, now);
    const event = eventOf(change, before, after, policy);
    const isNews = event !== null || (isStatus(change.fact) && !isUnchanged(before, after));
    return {
      record: after,
      result: isNews ? { event, after } : 'nothing new',
      calls: indexChange(change, after),
    };
  };
  const former = change.former ? { names: change.former, at: change.at } : null;
  const held = await hold(account, change.fact);
  try {
    const updated = await records.update(contact, hear, former);
    await follow(account, updated, held);
    return updated;
  } catch (error) {
    await letGo(account, held);
    throw error;
  }
}

/**
 * Whether the webhook names the contact as it was called before it took another number: it is late, or somebody else
 * has that number by now. A permission and a service window under it are not the contact's.
 */
function isFormerName(told: ContactNames, known: ContactNames): boolean {
  if (told.waId !== null) return told.waId !== known.waId;
  return told.userId !== null && told.userId !== known.userId;
}

const withWindowOf = ({ wroteAt }: ContactRecord, record: ContactRecord): ContactRecord =>
  compact({ ...record, wroteAt });

/**
 * A webhook names the contact, or the call that leads to one. WhatsApp leaves out the number of users who go by a
 * user name (Meta, business-scoped-user-ids, 2026-06-29): the call tells which number we dialled.
 */
async function whose(
  account: Account,
  { contact, call }: ContactChange,
): Promise<ContactNames | null> {
  if (contact.waId !== null || contact.phone !== null) return contact;
  const called = call && (await calledContact(account, call));
  if (contact.userId === null) return called;
  const isSame = called?.userId === null || called?.userId === contact.userId;
  return called && isSame ? { ...called, userId: contact.userId } : contact;
}

async function calledContact(
  { records }: Account,
  { id, key }: WebhookCall,
): Promise<ContactNames | null> {
  return (await records.contactOf(id)) ?? (key === null ? null : records.contactOf(key));
}

/**
 * Delivery reports come for every message of the number; only those of permission requests are kept. One may come
 * before WhatsApp's answer to the request, which tells its id.
 */
function concerns(fact: Fact, { requests = [] }: ContactRecord): boolean {
  if (!isStatus(fact)) return true;
  const heard = fact.heard ?? fact.at;
  const mayBeUnconfirmed = requests.some(
    ({ id, released, at = 0 }) => id === undefined && !released && heard - at < MINUTE,
  );
  return mayBeUnconfirmed || requests.some(({ id }) => id === fact.id);
}

const isStatus = (
  fact: Fact,
): fact is Extract<Fact, { type: 'request-delivered' | 'request-failed' }> =>
  fact.type === 'request-delivered' || fact.type === 'request-failed';

/**
 * Until a call's last webhook its id leads to the contact, since not every webhook about it names the user. A
 * rejection is not the last: `terminate` follows (Meta, business-initiated-calls, 2026-06-26).
 */
function indexChange({ call, fact }: ContactChange, after: ContactRecord) {
  if (call === null) return {};
  const entry = after.calls?.find(({ id }) => id === call.id);
  if (entry?.endedAt === undefined) return fact.type === 'connecting' ? { add: [call.id] } : {};
  return { remove: entry.key === undefined ? [call.id] : [call.id, entry.key] };
}

async function handleAccount(
  account: Account,
  change: AccountChange,
): Promise<CallingEvent | null> {
  const { fact, id, at, raw } = change;
  const { before, after } = await account.records.updateAccount((state) => ({
    state: applyToAccount(state, fact),
    result: undefined,
  }));
  const now = account.clock.now();
  const was = accountBlockedUntil(before, fact.reason, now);
  const is = accountBlockedUntil(after, fact.reason, now);
  const wasFree = was === null && is === null;
  if (wasFree && before !== after) return unknown(change, null);
  if (was === is) return null;
  const type = is === null ? 'account-released' : 'account-restricted';
  return { type, id, at, raw, contact: null };
}

const unknown = ({ id, at, raw }: WebhookChange, contact: ContactNames | null): CallingEvent => ({
  type: 'unknown',
  id,
  at,
  raw,
  contact,
});
