import { apply, decide, remains, tidy, type ContactNames, type ContactRecord } from '../rules';
import type { Account } from './account';
import type { Consulted } from './consult';

/** What a flow may do at the user's wish. */
export type Revocation = 'opt-out' | 'restore' | 'forget';

/**
 * Does what the user told us, on any channel. `opt-out` blocks calls and requests until `restore`; `forget` erases
 * the person and keeps, without a name, the opt-out and the limits that have not run out. WhatsApp is not told: only
 * its user can revoke a permission, in the app.
 *
 * The names are those that are known; after `forget` those that were told, which are not stored.
 *
 * @throws {RecordsError} where the records cannot be read or written
 */
export async function revoke(
  account: Account,
  contact: ContactNames,
  action: Revocation,
): Promise<Consulted> {
  const { records, policy, clock } = account;
  const at = clock.now();
  const { record, names } = await (action === 'forget'
    ? forget(account, contact, at)
    : choose(account, contact, action, at));
  return {
    verdict: decide(record, await records.readAccount(), policy, at),
    names,
    checked: 'records',
  };
}

interface Stands {
  record: ContactRecord;
  names: ContactNames;
}

async function choose(
  { records }: Account,
  contact: ContactNames,
  action: 'opt-out' | 'restore',
  at: number,
): Promise<Stands> {
  const fact = { type: action === 'opt-out' ? 'opted-out' : 'restored', at } as const;
  const { after, names } = await records.update(contact, (record) => ({
    record: tidy(apply(record, fact), at),
    result: undefined,
  }));
  return { record: after, names };
}

async function forget(
  { records, policy }: Account,
  contact: ContactNames,
  at: number,
): Promise<Stands> {
  const { kept } = await records.forget(contact, (record) => remains(record, at, policy));
  return { record: kept, names: contact };
}
