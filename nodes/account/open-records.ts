import type { Node, NodeAPI } from 'node-red';
import {
  Gate,
  Keys,
  Locks,
  Records,
  takeOver,
  type Channel,
  type KeyValueStore,
  type RecordStore,
  type RecordsOptions,
} from '../../src/records';
import {
  emptyAccountState,
  emptyRecord,
  isEmptyAccountState,
  isAccountState,
  isContactRecord,
  dueAt,
  isEmptyRecord,
  keptUntil,
  unite,
  uniteAccountStates,
  type AccountState,
  type ContactRecord,
} from '../../src/rules';
import { openPlace } from './open-place';
import type { AccountSettings } from './settings';

/** What all deployments of an account share: updates of the last may still be under way. */
interface Shared {
  locks: Locks;
  /** Who wants to hear of a moment at which a contact is scheduled. */
  onScheduled: Set<(at: number) => void>;
}

/** By account key. */
const shared = new Map<string, Shared>();

export interface OpenRecords {
  records: RecordStore<ContactRecord, AccountState>;
  /** Tells each moment (epoch milliseconds) that a contact is scheduled for; returns what stops it. */
  whenScheduled: (listener: (at: number) => void) => () => void;
  channel: Channel;
  /** Whether other processes may write the records, too. */
  isShared: boolean;
  /** Names the account's number, also in other processes. */
  topic: string;
  close: () => Promise<void>;
}

/** The records of an account, in the place that its settings name. */
export function openRecords(RED: NodeAPI, node: Node, settings: AccountSettings): OpenRecords {
  const keys = new Keys({ phoneNumberId: settings.phoneNumberId, simulated: settings.isSimulated });
  const place = openPlace(RED, node, settings, keys.prefix);
  const { channel, isShared } = place;
  const { locks, onScheduled } = shared.get(keys.account) ?? newlyShared(keys.account);
  const topic = `${keys.prefix}scheduled`;
  const open = (store: KeyValueStore, own: Partial<RecordsOptions<ContactRecord, AccountState>>) =>
    new Records<ContactRecord, AccountState>({
      store,
      keys,
      ...shapes(settings),
      report: (message) => node.warn(message),
      ...own,
    });
  // By itself: those who wait at the gate hold their locks.
  const behind = open(place.store, {});
  const gate = new Gate(place.store, () =>
    place.succeed(async (from) => {
      const moved = await takeOver({ from, into: behind, keys, ...shapes(settings) });
      if (moved > 0) node.log(`Moved the records of ${moved} contacts to ${settings.records}.`);
    }),
  );
  const records = open(gate, {
    locks,
    onScheduled: (at) => {
      onScheduled.forEach((listener) => listener(at));
      channel.publish(topic, String(at));
    },
  });
  const whenScheduled: OpenRecords['whenScheduled'] = (listener) => {
    onScheduled.add(listener);
    const stopHearing = channel.subscribe(topic, (at) => listener(Number(at)));
    return () => {
      stopHearing();
      onScheduled.delete(listener);
    };
  };
  return { records, whenScheduled, channel, isShared, topic: keys.prefix, close: place.close };
}

function shapes({
  policy,
  isSimulated,
}: AccountSettings): Pick<RecordsOptions<ContactRecord, AccountState>, 'contacts' | 'account'> {
  return {
    contacts: {
      empty: emptyRecord,
      isEmpty: isEmptyRecord,
      unite,
      isValid: isContactRecord,
      dueAt: (record) => dueAt(record, policy),
      // A store goes by the machine's time, the simulator does not.
      ...(!isSimulated && { keptUntil }),
    },
    account: {
      empty: emptyAccountState,
      isEmpty: isEmptyAccountState,
      isValid: isAccountState,
      unite: uniteAccountStates,
    },
  };
}

function newlyShared(accountKey: string): Shared {
  const made = { locks: new Locks(), onScheduled: new Set<(at: number) => void>() };
  shared.set(accountKey, made);
  return made;
}
