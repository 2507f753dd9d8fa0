import { CloudApiError, type Accepted } from '../cloud-api';
import {
  apply,
  decide,
  tidy,
  type ContactNames,
  type ContactRecord,
  type Fact,
  type Verdict,
} from '../rules';
import type { CallIndexChange, Updated } from '../records';
import type { Account } from './account';
import { follow, type Change, type Room } from './call-counts';
import { consult } from './consult';
import { ActionError } from './errors';
import { factsOfRefusal, isRefusal, rememberRefusal } from './refusals';

/** Something that is counted before it is sent, and un-counted only where WhatsApp definitely refused it. */
export interface Reservation {
  /** Whether the verdict lets it through. */
  isAllowed(verdict: Verdict): boolean;
  /** The fact that counts it, seen from the record before; called again where the record changed meanwhile. */
  reserved(key: string, at: number, record: ContactRecord): Fact;
  /** Sends it. Called once, or not at all. */
  send(contact: ContactNames, key: string): Promise<Accepted>;
  /** The fact that WhatsApp accepted it. */
  accepted(key: string, id: string, at: number): Fact;
  /** The fact that it never happened. */
  released(key: string, at: number): Fact;
  /** Whether webhooks are going to tell more of it by its id: until then the id leads to the contact. */
  isUnderWay(record: ContactRecord, key: string): boolean;
  /** What the whole number allows; absent where that is no matter. */
  room?: {
    /** Counts it as reserved at `at` (epoch milliseconds), if there is room for one more. */
    take(change: Change, at: number): Promise<Room>;
    /** Takes that back once WhatsApp refused it. Never rejects. */
    giveBack(change: Change, at: number): Promise<void>;
  };
}

/** Something that is counted with its contact. */
interface Reserved extends Change {
  key: string;
  /** When it was, epoch milliseconds. */
  at: number;
  names: ContactNames;
}

/** How a contact stands, and by which names it is known. */
interface Standing {
  verdict: Verdict;
  names: ContactNames;
}

/** How an attempt ended: sent, with WhatsApp's id, or held back; and how the contact stands after it. */
export interface Attempt extends Standing {
  sent: { id: string; at: number } | null;
  checked: 'whatsapp' | 'records';
}

/**
 * Decides, reserves, finds room, sends, and confirms or releases. No lock and no access to the records spans the sending,
 * so webhooks that arrive meanwhile go through; whoever decides meanwhile finds the reservation.
 *
 * @throws {ActionError} `outcome-unknown` where it may have taken effect: it stays counted
 * @throws {CloudApiError} on a fault that is no answer (token, network, settings): nothing is counted
 * @throws {RecordsError} where the records cannot be read or written
 */
export async function attempt(
  account: Account,
  contact: ContactNames,
  reservation: Reservation,
): Promise<Attempt> {
  const { checked, names: known } = await consult(account, contact, 'auto');
  const { reserved, verdict, names } = await reserve(account, known, reservation);
  if (reserved === null) return { sent: null, checked, verdict, names };
  const heldBack = await withoutRoom(account, reservation, reserved);
  if (heldBack) return { sent: null, checked, ...heldBack };
  try {
    const { key } = reserved;
    const { id, ...told } = await reservation.send(names, key);
    const at = account.clock.now();
    const facts = [reservation.accepted(key, id, at)];
    const confirmed = await record(account, renamed(names, told), facts, (after) =>
      reservation.isUnderWay(after, key) ? { add: [id] } : { remove: [key] },
    );
    await follow(account, confirmed);
    return { sent: { id, at }, checked, ...(await standing(account, confirmed)) };
  } catch (error) {
    if (!(error instanceof CloudApiError)) throw error;
    const stands = await afterFailure(account, reservation, reserved, error);
    return { sent: null, checked, ...stands };
  }
}

/** The names that WhatsApp uses, and the number that it was sent to: so the reservation is found again. */
function renamed(
  { waId, userId, phone }: ContactNames,
  told: Pick<Accepted, 'waId' | 'userId'>,
): ContactNames {
  return { waId: told.waId ?? waId, userId: told.userId ?? userId, phone: phone ?? waId };
}

async function reserve(
  account: Account,
  contact: ContactNames,
  reservation: Reservation,
): Promise<Standing & { reserved: Reserved | null }> {
  const { records, policy, clock } = account;
  const key = account.newKey();
  const state = await records.readAccount();
  const { result, names, before, after } = await records.update(contact, (record) => {
    const at = clock.now();
    const verdict = decide(record, state, policy, at);
    if (!reservation.isAllowed(verdict))
      return { record, result: { isAllowed: false, verdict, at } };
    const counted = tidy(apply(record, reservation.reserved(key, at, record)), at);
    const calls = reservation.isUnderWay(counted, key) ? { add: [key] } : {};
    return { record: counted, result: { isAllowed: true, verdict, at }, calls };
  });
  const { isAllowed, verdict, at } = result;
  return { verdict, names, reserved: isAllowed ? { key, at, names, before, after } : null };
}

/**
 * How the contact stands where the number has no room for one more; null where it has. The contact comes first, so
 * that only what is going to be sent takes room away from others.
 */
async function withoutRoom(
  account: Account,
  reservation: Reservation,
  reserved: Reserved,
): Promise<Standing | null> {
  let room: Room | undefined;
  try {
    room = await reservation.room?.take(reserved, reserved.at);
  } catch (error) {
    await release(account, reservation, reserved);
    throw error;
  }
  if (!room || room.isThere) return null;
  const { after, names } = await release(account, reservation, reserved);
  return { verdict: decide(after, room.account, account.policy, room.at), names };
}

const release = (
  account: Account,
  reservation: Reservation,
  { key, names }: Reserved,
  lessons: Fact[] = [],
): Promise<Updated<ContactRecord, undefined>> =>
  record(account, names, [reservation.released(key, account.clock.now()), ...lessons], () => ({
    remove: [key],
  }));

async function afterFailure(
  account: Account,
  reservation: Reservation,
  reserved: Reserved,
  error: CloudApiError,
): Promise<Standing> {
  if (error.outcome === 'unknown') {
    throw new ActionError(
      'outcome-unknown',
      `It is unknown whether WhatsApp carried it out: ${error.message}`,
    );
  }
  const lessons = factsOfRefusal(error, account.clock.now());
  const released = await release(account, reservation, reserved, lessons);
  await reservation.room?.giveBack(released, reserved.at);
  await rememberRefusal(account, error);
  const stands = await standing(account, released);
  if (!isRefusal(error) || reservation.isAllowed(stands.verdict)) throw error;
  return stands;
}

function record(
  { records, clock }: Account,
  contact: ContactNames,
  facts: Fact[],
  callsOf: (after: ContactRecord) => CallIndexChange,
): Promise<Updated<ContactRecord, undefined>> {
  return records.update(contact, (before) => {
    const after = tidy(facts.reduce(apply, before), clock.now());
    return { record: after, result: undefined, calls: callsOf(after) };
  });
}

async function standing(
  { records, policy, clock }: Account,
  { after, names }: Updated<ContactRecord, undefined>,
): Promise<Standing> {
  return { verdict: decide(after, await records.readAccount(), policy, clock.now()), names };
}
