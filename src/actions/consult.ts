import { CloudApiError } from '../cloud-api';
import { apply, decide, isKnown, tidy, type ContactNames, type Fact, type Verdict } from '../rules';
import type { Account } from './account';
import { isRefusal, factsOfRefusal, rememberRefusal } from './refusals';

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
  const asks =
    ask === 'always' || (ask !== 'never' && !isSettled && !isKnown(record, policy, clock.now()));
  if (asks) return { ...(await lookUp(account, names)), checked: 'whatsapp' };
  const verdict = decide(record, await records.readAccount(), policy, clock.now());
  return { verdict, names, checked: 'records' };
}

async function lookUp(
  account: Account,
  contact: ContactNames,
): Promise<Omit<Consulted, 'checked'>> {
  const { cloudApi, records, policy, clock } = account;
  const told = await cloudApi.lookUpPermission(contact).catch((error: unknown) => {
    if (error instanceof CloudApiError && isRefusal(error)) return error;
    throw error;
  });
  const isRefused = told instanceof CloudApiError;
  if (isRefused) await rememberRefusal(account, told);
  const facts: Fact[] = isRefused
    ? factsOfRefusal(told, clock.now())
    : [{ type: 'whatsapp-answered', at: told.sentAt, answer: told.answer }];
  const { after, names } = await records.update(contact, (record) => ({
    record: tidy(facts.reduce(apply, record), clock.now()),
    result: undefined,
  }));
  const verdict = decide(after, await records.readAccount(), policy, clock.now());
  // What a refusal does not forbid was not answered either: what the records know is not fresh enough to act upon.
  if (isRefused && (verdict.canCall || verdict.canRequest)) throw told;
  return { verdict, names };
}
