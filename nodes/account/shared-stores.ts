import type { Node, NodeAPI } from 'node-red';
import { join } from 'node:path';
import {
  DiskStore,
  RedisChannel,
  RedisConnection,
  RedisStore,
  nobodyElse,
  risksOf,
  type Channel,
  type KeyValueStore,
  type RedisAddress,
  type Source,
} from '../../src/records';
import { SettingsError } from '../common/coded-error';

/** A store that all accounts of this process share which name the same one. */
export interface SharedStore<S extends KeyValueStore = KeyValueStore> {
  store: S;
  channel: Channel;
  /** What the place can lose by the way it is set up, for people. */
  risks: () => Promise<string[]>;
  close: () => Promise<void>;
}

interface Used {
  shared: SharedStore;
  /** The accounts that use it: they are told what happens to it. */
  users: Node[];
}

const used = new Map<string, Used>();

/** The records on the disk of this machine. */
export const useDisk = (RED: NodeAPI, user: Node): SharedStore<DiskStore & Source> => {
  const folder = diskFolder(RED);
  return use(`disk ${folder}`, user, (report) => {
    const store = new DiskStore({ folder, report });
    return { store, channel: nobodyElse, risks: async () => [], close: () => store.close() };
  });
};

/** The records in a Redis. */
export const useRedis = (address: RedisAddress, user: Node): SharedStore =>
  use(`redis ${JSON.stringify(address)}`, user, (report) => {
    const connection = new RedisConnection({ address, report });
    const channel = new RedisChannel(connection);
    const close = async (): Promise<void> => {
      channel.close();
      connection.close();
    };
    return { store: new RedisStore(connection), channel, risks: () => risksOf(connection), close };
  });

/**
 * Where the records on disk lie: in Node-RED's user directory.
 *
 * @throws {SettingsError} `records-not-available` where Node-RED has none
 */
export function diskFolder({ settings }: NodeAPI): string {
  const { userDir } = settings;
  if (typeof userDir === 'string' && userDir !== '') return join(userDir, 'whatsapp-calling');
  throw new SettingsError('records-not-available', 'Node-RED has no user directory for records.');
}

function use<S extends KeyValueStore>(
  name: string,
  user: Node,
  open: (report: (message: string) => void) => SharedStore<S>,
): SharedStore<S> {
  const known = used.get(name);
  const users = known?.users ?? [];
  const report = (message: string): void => users.forEach((each) => each.warn(message));
  const shared = (known?.shared ?? open(report)) as SharedStore<S>;
  users.push(user);
  used.set(name, { shared, users });
  return {
    ...shared,
    close: async () => {
      users.splice(users.indexOf(user), 1);
      if (users.length > 0) return;
      used.delete(name);
      await shared.close();
    },
  };
}
