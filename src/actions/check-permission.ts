import type { ContactNames } from '../rules';
import type { Account } from './account';
import { consult, type Ask, type Consulted } from './consult';

/** What may be done with a contact now. For branching: placing a call decides again by itself. Errors as {@link consult}. */
export const checkPermission = (
  account: Account,
  contact: ContactNames,
  ask: Ask,
): Promise<Consulted> => consult(account, contact, ask);
