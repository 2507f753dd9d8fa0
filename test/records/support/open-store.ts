import { DiskStore } from '../../../src/records/disk-store';
import type { KeyValueStore } from '../../../src/records/key-value-store';
import { RedisConnection } from '../../../src/records/redis-connection';
import { RedisStore } from '../../../src/records/redis-store';
import { readRedisUrl } from '../../../src/records/redis-url';

const report = (message: string): void => {
  throw new Error(message);
};

/** A store that several processes can open, by its folder or its address. */
export function openStore(place: string): {
  store: KeyValueStore;
  close: () => unknown;
} {
  const address = readRedisUrl(place);
  if (address === null) {
    const store = new DiskStore({ folder: place, report });
    return { store, close: () => store.close() };
  }
  const connection = new RedisConnection({ address, report });
  return { store: new RedisStore(connection), close: () => connection.close() };
}
