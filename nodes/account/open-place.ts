import { existsSync } from 'node:fs';
import type { Node, NodeAPI } from 'node-red';
import {
  ContextStore,
  nobodyElse,
  type Channel,
  type KeyValueStore,
  type Source,
} from '../../src/records';
import { storageOf, storesOf } from './context-stores';
import { DeployedPlace } from './deployed-place';
import { contextsIn } from './records-place';
import type { AccountSettings } from './settings';
import { diskFolder, useDisk, useRedis, type SharedStore } from './shared-stores';

/** The place that keeps an account's records. */
export interface OpenPlace {
  store: KeyValueStore;
  channel: Channel;
  /** Whether other processes may write there, too. */
  isShared: boolean;
  /** Whether what is kept there is known to end with the process. */
  isVolatile: boolean;
  /** What keeps the place from being used, as far as the flows tell; null where nothing does. */
  problem: () => Error | null;
  /** Takes the records over, by `take`, from each place that the account may have used before it came to this one. */
  succeed: (take: (from: Source) => Promise<void>) => Promise<void>;
  close: () => Promise<void>;
}

/** Opens the place that the account's settings name. `prefix`: what all of its keys begin with. */
export function openPlace(
  RED: NodeAPI,
  node: Node,
  settings: AccountSettings,
  prefix: string,
): OpenPlace {
  const { records, contextStore: storeName, redis } = settings;
  if (records === 'flow' || records === 'global') {
    const store = new DeployedPlace(RED, node, { scope: records, storeName, prefix });
    const close = async (): Promise<void> => store.close();
    const isVolatile = storageOf(RED, storeName).module === 'memory';
    const succeed = async (): Promise<void> => undefined;
    return {
      store,
      channel: nobodyElse,
      isShared: false,
      isVolatile,
      problem: () => store.problem,
      succeed,
      close,
    };
  }
  const shared: SharedStore = redis ? useRedis(redis, node) : useDisk(RED, node);
  if (!settings.isSimulated)
    void shared.risks().then((all) => all.forEach((risk) => node.warn(risk)));
  const succeed: OpenPlace['succeed'] = async (take) => {
    for (const context of contextsIn(RED, node)) {
      for (const name of storesOf(RED)) await take(new ContextStore(context, name));
    }
    if (records === 'redis') await takeFromDisk(RED, node, take);
  };
  return { ...shared, isShared: true, isVolatile: false, problem: () => null, succeed };
}

async function takeFromDisk(
  RED: NodeAPI,
  node: Node,
  take: (from: Source) => Promise<void>,
): Promise<void> {
  if (!existsSync(diskFolder(RED))) return;
  const disk = useDisk(RED, node);
  try {
    await take(disk.store);
  } finally {
    await disk.close();
  }
}
