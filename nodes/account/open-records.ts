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
  emptyCallCounts,
  emptyRecord,
  isEmptyAccountState,
  isEmptyCallCounts,
  isAccountState,
  isCallCounts,
  isContactRecord,
  dueAt,
  isEmptyRecord,
  unite,
  type AccountState,
  type CallCounts,
  type ContactRecord,
} from '../../src/rules';
import { afterEachDeploy } from './after-each-deploy';
import { endsWithProcess } from './context-stores';
import { placeOfRecords } from './records-place';
import type { AccountSettings } from './settings';

/** What all deployments of an account share: updates of the last may still be under way. */
interface Shared {
  locks: Locks;
  /** Who wants to hear of a moment at which a contact is scheduled. */
  onScheduled: Set<(at: number) => void>;
  /** Who wants to hear of the account's state. */
  onAccount: Set<(state: AccountState) => void>;
}

/** By account key. */
const shared = new Map<string, Shared>();

export interface OpenRecords {
  records: RecordStore<ContactRecord, AccountState, CallCounts>;
  /** Tells each moment (epoch milliseconds) that a contact is scheduled for; returns what stops it. */
  whenScheduled: (listener: (at: number) => void) => () => void;
  /** Tells the account's state whenever it was read or written; returns what stops it. */
  whenAccountIsKnown: (listener: (state: AccountState) => void) => () => void;
  close: () => void;
}

/** The records of an account, in the place that its settings name. */
export function openRecords(RED: NodeAPI, node: Node, settings: AccountSettings): OpenRecords {
  const place = new DeployedPlace(RED, node, settings);
  const keys = new Keys({ phoneNumberId: settings.phoneNumberId, simulated: settings.isSimulated });
  const { locks, onScheduled, onAccount } = shared.get(keys.account) ?? newlyShared(keys.account);
  const records = new Records<ContactRecord, AccountState, CallCounts>({
    store: place,
    keys,
    locks,
    onScheduled: (at) => onScheduled.forEach((listener) => listener(at)),
    onAccount: (state) => onAccount.forEach((listener) => listener(state)),
    contacts: {
      empty: emptyRecord,
      isEmpty: isEmptyRecord,
      unite,
      isValid: isContactRecord,
      dueAt: (record) => dueAt(record, settings.policy),
    },
    account: {
      empty: emptyAccountState,
      isEmpty: isEmptyAccountState,
      isValid: isAccountState,
    },
    counts: {
      empty: emptyCallCounts,
      isEmpty: isEmptyCallCounts,
      isValid: isCallCounts,
    },
    report: (message) => node.warn(message),
    isVolatile: endsWithProcess(RED, settings.contextStore),
  });
  return {
    records,
    whenScheduled: (listener) => joining(onScheduled, listener),
    whenAccountIsKnown: (listener) => joining(onAccount, listener),
    close: () => place.close(),
  };
}

function joining<L>(listeners: Set<L>, listener: L): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function newlyShared(accountKey: string): Shared {
  const made: Shared = { locks: new Locks(), onScheduled: new Set(), onAccount: new Set() };
  shared.set(accountKey, made);
  return made;
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
