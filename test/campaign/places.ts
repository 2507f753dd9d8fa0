import type { KeyValueStore } from '../../src/records';
import { ContextStore } from '../../src/records/context-store';
import { Disk } from '../records/support/disk';
import { startNodeRedContext } from '../records/support/node-red-context';
import { hasRedis, RedisServer } from '../records/support/redis-server';
import { Alternating } from './alternating';
import { MemoryStore } from './memory-store';

/** Where the records of a campaign are kept, empty at first. */
export interface Place {
  store: KeyValueStore;
  end(): Promise<void>;
}

export interface PlaceKind {
  name: string;
  /** Why it is not to be had on this machine; null where it is. */
  missing: string | null;
  open(): Promise<Place>;
}

/** What several processes can share is opened this often, and each update takes the next. */
const OPENINGS = 4;

const sharing = (open: () => KeyValueStore): KeyValueStore =>
  new Alternating(Array.from({ length: OPENINGS }, open));

export const PLACES: readonly PlaceKind[] = [
  {
    name: 'memory',
    missing: null,
    open: async () => ({ store: new MemoryStore(), end: async () => undefined }),
  },
  {
    name: 'disk',
    missing: null,
    async open() {
      const disk = await Disk.make();
      return { store: sharing(() => disk.open()), end: () => disk.end() };
    },
  },
  {
    name: 'redis',
    missing: hasRedis ? null : 'no redis-server here',
    async open() {
      const server = await RedisServer.start();
      return { store: sharing(() => server.open()), end: () => server.end() };
    },
  },
  {
    name: 'localfilesystem',
    missing: null,
    async open() {
      const context = await startNodeRedContext();
      return { store: new ContextStore(context.flow, 'file'), end: () => context.end() };
    },
  },
];
