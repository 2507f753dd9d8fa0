import type { Node, NodeAPI } from 'node-red';
import { shapesFor } from '../../src/actions';
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
import type { AccountState, CallCounts, ContactRecord } from '../../src/rules';
import { openPlace } from './open-place';
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
  const { channel, isShared, isVolatile } = place;
  const { locks, onScheduled, onAccount } = shared.get(keys.account) ?? newlyShared(keys.account);
  const topic = `${keys.prefix}scheduled`;
  // A store goes by the machine's time, the simulator does not.
  const shapes = shapesFor(settings.policy, !settings.isSimulated);
  const open = (store: KeyValueStore, own: Partial<Options>) =>
    new Records<ContactRecord, AccountState, CallCounts>({
      store,
      keys,
      isVolatile,
      ...shapes,
      report: (message) => node.warn(message),
      ...own,
    });
  // By itself: those who wait at the gate hold their locks.
  const behind = open(place.store, {});
  const gate = new Gate(place.store, () =>
    place.succeed(async (from) => {
      const moved = await takeOver({ from, into: behind, keys, ...shapes });
      if (moved > 0) node.log(`Moved the records of ${moved} contacts to ${settings.records}.`);
    }),
  );
  const records = open(gate, {
    locks,
    onScheduled: (at) => {
      onScheduled.forEach((listener) => listener(at));
      channel.publish(topic, String(at));
    },
    onAccount: (state) => onAccount.forEach((listener) => listener(state)),
  });
  const whenScheduled: OpenRecords['whenScheduled'] = (listener) => {
    const leave = joining(onScheduled, listener);
    const stopHearing = channel.subscribe(topic, (at) => listener(Number(at)));
    return () => {
      stopHearing();
      leave();
    };
  };
  return {
    records,
    whenScheduled,
    whenAccountIsKnown: (listener) => joining(onAccount, listener),
    channel,
    isShared,
    topic: keys.prefix,
    close: place.close,
  };
}

type Options = RecordsOptions<ContactRecord, AccountState, CallCounts>;

function joining<L>(listeners: Set<L>, listener: L): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function newlyShared(accountKey: string): Shared {
  const made: Shared = { locks: new Locks(), onScheduled: new Set(), onAccount: new Set() };
  shared.set(accountKey, made);
  return made;
}
