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
import type { CallIndexChange } from '../records';
import type { Account } from './account';
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
}

/** How an attempt ended: sent, with WhatsApp's id, or held back; and how the contact stands after it. */
export interface Attempt {
  sent: { id: string; at: number } | null;
  verdict: Verdict;
  checked: 'whatsapp' | 'records';
  names: ContactNames;
}

/**
 * Decides, reserves, sends, and confirms or releases. No lock and no access to the records spans the sending,
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
  const key = account.newKey();
  const reserved = await reserve(account, known, reservation, key);
  if (!reserved.allowed)
    return { sent: null, checked, verdict: reserved.verdict, names: reserved.names };
  try {
    const { id, ...told } = await reservation.send(reserved.names, key);
    const at = account.clock.now();
    const facts = [reservation.accepted(key, id, at)];
    const confirmed = await record(account, renamed(reserved.names, told), facts, (after) =>
      reservation.isUnderWay(after, key) ? { add: [id] } : { remove: [key] },
    );
    return { sent: { id, at }, checked, ...(await standing(account, confirmed)) };
  } catch (error) {
    if (!(error instanceof CloudApiError)) throw error;
    return {
      sent: null,
      checked,
      ...(await afterFailure(account, reserved.names, reservation, key, error)),
    };
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
  key: string,
) {
  const { records, policy, clock } = account;
  const state = await records.readAccount();
  const { result, names } = await records.update(contact, (before) => {
    const now = clock.now();
    const verdict = decide(before, state, policy, now);
    if (!reservation.isAllowed(verdict))
      return { record: before, result: { allowed: false, verdict } };
    const counted = tidy(apply(before, reservation.reserved(key, now, before)), now);
    const calls = reservation.isUnderWay(counted, key) ? { add: [key] } : {};
    return { record: counted, result: { allowed: true, verdict }, calls };
  });
  return { ...result, names };
}

async function afterFailure(
  account: Account,
  contact: ContactNames,
  reservation: Reservation,
  key: string,
  error: CloudApiError,
): Promise<{ verdict: Verdict; names: ContactNames }> {
  if (error.outcome === 'unknown') {
    throw new ActionError(
      'outcome-unknown',
      `It is unknown whether WhatsApp carried it out: ${error.message}`,
    );
  }
  const now = account.clock.now();
  const facts = [reservation.released(key, now), ...factsOfRefusal(error, now)];
  const released = await record(account, contact, facts, () => ({ remove: [key] }));
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
): Promise<Recorded> {
  return records.update(contact, (before) => {
    const after = tidy(facts.reduce(apply, before), clock.now());
    return { record: after, result: undefined, calls: callsOf(after) };
  });
}

interface Recorded {
  after: ContactRecord;
  names: ContactNames;
}

async function standing(
  { records, policy, clock }: Account,
  { after, names }: Recorded,
): Promise<{ verdict: Verdict; names: ContactNames }> {
  return { verdict: decide(after, await records.readAccount(), policy, clock.now()), names };
}
