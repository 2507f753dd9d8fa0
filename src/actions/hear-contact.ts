import {
  MINUTE,
  apply,
  compact,
  decide,
  tidy,
  type ContactNames,
  type ContactRecord,
  type Fact,
} from '../rules';
import type { RecordChange, Updated } from '../records';
import type { ContactChange, WebhookCall } from '../webhooks';
import type { Account } from './account';
import { follow, hold, letGo } from './call-counts';
import { eventOf, isUnchanged, unknownEvent, type CallingEvent } from './events';

/** What a change came to: what is told of it, or that it is passed on as it is, or that it is nothing new. */
type News = CallingEvent | 'not ours' | 'nothing new';

/**
 * Stores what a webhook says of a contact, and in the same change what the flow is to be told of it; null where that is
 * nothing.
 *
 * @throws {RecordsError} where it cannot be stored
 */
export async function hearContact(
  account: Account,
  change: ContactChange,
): Promise<CallingEvent | null> {
  const { records, policy, clock } = account;
  const contact = await whose(account, change);
  if (contact === null) return unknownEvent(change, null);
  // Before anything is stored: what fails afterwards would come again as known already, and never be told.
  const state = await records.readAccount();
  const letter = account.newKey();
  const { result, after, names } = await stored(account, contact, change, letter);
  if (result === 'nothing new') return null;
  if (result === 'not ours') return unknownEvent(change, names);
  return { ...result, verdict: decide(after, state, policy, clock.now()), letter };
}

/** Stores a change of a contact, and counts the calls that go on. */
async function stored(
  account: Account,
  contact: ContactNames,
  change: ContactChange,
  letter: string,
): Promise<Updated<ContactRecord, News>> {
  const former = change.former ? { names: change.former, at: change.at } : null;
  const hear = hearing(account, contact, change, letter);
  const held = await hold(account, change.fact);
  try {
    const updated = await account.records.update(contact, hear, former);
    await follow(account, updated, held);
    return updated;
  } catch (error) {
    await letGo(account, held);
    throw error;
  }
}

function hearing(
  { policy, clock }: Account,
  contact: ContactNames,
  change: ContactChange,
  letter: string,
): RecordChange<ContactRecord, News> {
  const { fact } = change;
  return (before, names) => {
    const now = clock.now();
    const isFormer = isFormerName(contact, names);
    if (!concerns(fact, before) || (isFormer && isOverture(fact, before)))
      return { record: before, result: 'not ours' };
    const applied = apply(before, fact);
    const after = tidy(isFormer ? withWindowOf(before, applied) : applied, now);
    const calls = indexChange(change, after);
    const event = eventOf(change, before, after, policy);
    const isNews = event !== null || (isStatus(fact) && !isUnchanged(before, after));
    if (!isNews) return { record: after, result: 'nothing new', calls };
    const news = event ? { ...event, contact: names } : unknownEvent(change, names);
    return { record: after, result: news, calls, tell: [{ id: letter, at: now, event: news }] };
  };
}

/**
 * Whether the webhook names the contact as it was called before it took another number: it is late, or somebody else
 * has that number by now. A permission, a service window and calls of the user under it are not the contact's.
 */
function isFormerName(told: ContactNames, known: ContactNames): boolean {
  if (told.waId !== null) return told.waId !== known.waId;
  return told.userId !== null && told.userId !== known.userId;
}

/** The user lets us call, or begins to call us, which takes limits away. */
function isOverture(fact: Fact, { calls = [] }: ContactRecord): boolean {
  if (fact.type === 'granted') return true;
  const isFromUser = 'direction' in fact && fact.direction === 'user';
  return isFromUser && !calls.some(({ id }) => id === fact.id);
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
