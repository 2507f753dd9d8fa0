import type { Node, NodeAPI } from 'node-red';
import {
  ContextStore,
  Keys,
  Locks,
  Records,
  type KeyValueStore,
  type RecordStore,
} from '../../src/records';
import {
  emptyAccountState,
  emptyRecord,
  isEmptyAccountState,
  isAccountState,
  isContactRecord,
  isEmptyRecord,
  unite,
  type AccountState,
  type ContactRecord,
} from '../../src/rules';
import { afterEachDeploy } from './after-each-deploy';
import { placeOfRecords } from './records-place';
import type { AccountSettings } from './settings';

/** By account key: an update that is still under way while its account is deployed anew is waited for. */
const locks = new Map<string, Locks>();

/** The records of an account, in the place that its settings name. */
export function openRecords(
  RED: NodeAPI,
  node: Node,
  settings: AccountSettings,
): { records: RecordStore<ContactRecord, AccountState>; close: () => void } {
  const place = new DeployedPlace(RED, node, settings);
  const keys = new Keys({ phoneNumberId: settings.phoneNumberId, simulated: settings.isSimulated });
  const shared = locks.get(keys.account) ?? new Locks();
  locks.set(keys.account, shared);
  const records = new Records<ContactRecord, AccountState>({
    store: place,
    keys,
    locks: shared,
    contacts: {
      empty: emptyRecord,
      isEmpty: isEmptyRecord,
      unite,
      isValid: isContactRecord,
    },
    account: {
      empty: emptyAccountState,
      isEmpty: isEmptyAccountState,
      isValid: isAccountState,
    },
    report: (message) => node.warn(message),
  });
  return { records, close: () => place.close() };
}

/** The context store of the place, found anew after each deploy: nodes may have moved to another tab. */
class DeployedPlace implements KeyValueStore {
  #store: ContextStore | null = null;
  readonly #stopForgetting: () => void;

  constructor(
    private readonly RED: NodeAPI,
    private readonly node: Node,
    private readonly settings: AccountSettings,
  ) {
    this.#stopForgetting = afterEachDeploy(RED, () => (this.#store = null));
  }

  async get(keys: readonly string[]): Promise<unknown[]> {
    return this.#open().get(keys);
  }

  async set(entries: ReadonlyMap<string, unknown>): Promise<void> {
    return this.#open().set(entries);
  }

  close(): void {
    this.#stopForgetting();
  }

  #open(): ContextStore {
    const { records, contextStore } = this.settings;
    this.#store ??= new ContextStore(placeOfRecords(this.RED, this.node, records), contextStore);
    return this.#store;
  }
}
