import { apply, decide, isKnown, tidy, type ContactNames, type Verdict } from '../rules';
import type { Account } from './account';
import { askWhatsApp } from './look-up';

/** Whether to ask WhatsApp: `auto` does where the records do not know. */
export type Ask = 'auto' | 'always' | 'never';

/** A verdict, and where it comes from. */
export interface Consulted {
  verdict: Verdict;
  checked: 'whatsapp' | 'records';
  names: ContactNames;
}

/**
 * Finds out how a contact stands, asking WhatsApp where that is wanted.
 *
 * @throws {CloudApiError} where WhatsApp cannot be asked or its answer cannot be read: then nothing is known
 * @throws {RecordsError} where the records cannot be read or written
 */
export async function consult(
  account: Account,
  contact: ContactNames,
  ask: Ask,
): Promise<Consulted> {
  const { records, policy, clock } = account;
  const { record, names } = await records.read(contact);
  const isSettled = record.choice?.optedOut === true;
  const isTrusted = (record.answer?.at ?? -Infinity) >= (account.trustedSince ?? -Infinity);
  const asks =
    ask === 'always' ||
    (ask !== 'never' && !isSettled && !(isTrusted && isKnown(record, policy, clock.now())));
  if (asks) return { ...(await lookUp(account, names)), checked: 'whatsapp' };
  const verdict = decide(record, await records.readAccount(), policy, clock.now());
  return { verdict, names, checked: 'records' };
}

async function lookUp(
  account: Account,
  contact: ContactNames,
): Promise<Omit<Consulted, 'checked'>> {
  const { records, policy, clock } = account;
  const { facts, refusal } = await askWhatsApp(account, contact);
  const { after, names } = await records.update(contact, (record) => ({
    record: tidy(facts.reduce(apply, record), clock.now()),
    result: undefined,
  }));
  const verdict = decide(after, await records.readAccount(), policy, clock.now());
  // What a refusal does not forbid was not answered either: what the records know is not fresh enough to act upon.
  if (refusal && (verdict.canCall || verdict.canRequest)) throw refusal;
  return { verdict, names };
}
