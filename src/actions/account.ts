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
  /**
   * Since when the store is known to have lost nothing, epoch milliseconds: of whom WhatsApp answered before, it is
   * asked anew. Absent where a store loses nothing that was acknowledged, however a process ends.
   */
  readonly trustedSince?: number;
  /** A new key for a reservation: unique, at most 512 characters. */
  newKey(): string;
}
