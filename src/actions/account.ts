import type { Clock } from '../clock';
import type { CloudApi } from '../cloud-api';
import type { RecordStore } from '../records';
import type { AccountState, CallCounts, ContactRecord, Policy } from '../rules';

/** One business number and all that an action needs of it. */
export interface Account {
  readonly cloudApi: CloudApi;
  readonly records: RecordStore<ContactRecord, AccountState, CallCounts>;
  readonly policy: Policy;
  readonly clock: Clock;
  /** A new key for a reservation: unique, at most 512 characters. */
  newKey(): string;
}
