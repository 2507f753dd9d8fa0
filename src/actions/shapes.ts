import type { RecordsOptions } from '../records';
import {
  dueAt,
  emptyAccountState,
  emptyCallCounts,
  emptyRecord,
  isAccountState,
  isCallCounts,
  isContactRecord,
  isEmptyAccountState,
  isEmptyCallCounts,
  isEmptyRecord,
  keptUntil,
  unite,
  uniteAccountStates,
  uniteCallCounts,
  type AccountState,
  type CallCounts,
  type ContactRecord,
  type Policy,
} from '../rules';

type Options = RecordsOptions<ContactRecord, AccountState, CallCounts>;

/**
 * What the records have to know of what they keep.
 *
 * @param isTimeReal whether the account lives by the machine's time, as a store that lets values expire does
 */
export const shapesFor = (
  policy: Policy,
  isTimeReal: boolean,
): Pick<Options, 'contacts' | 'account' | 'counts'> => ({
  contacts: {
    empty: emptyRecord,
    isEmpty: isEmptyRecord,
    unite,
    isValid: isContactRecord,
    dueAt: (record) => dueAt(record, policy),
    ...(isTimeReal && { keptUntil }),
  },
  account: {
    empty: emptyAccountState,
    isEmpty: isEmptyAccountState,
    isValid: isAccountState,
    unite: uniteAccountStates,
  },
  counts: {
    empty: emptyCallCounts,
    isEmpty: isEmptyCallCounts,
    isValid: isCallCounts,
    unite: uniteCallCounts,
  },
});
