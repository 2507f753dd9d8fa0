import { deepEqual, equal } from 'node:assert/strict';
import { ContextStore } from '../../src/records/context-store';
import type { KeyValueStore } from '../../src/records/key-value-store';
import { Disk } from './support/disk';
import { MapStore } from './support/map-store';
import {
  startNodeRedContext,
  type NodeRedContext,
  type StoreName,
} from './support/node-red-context';
import { clear, count, countBoth, keys, names, note, noteRecords } from './support/notes';
import { runWorker } from './support/processes';
import { describeRedis, RedisServer } from './support/redis-server';
import { seeded, WaywardContext } from './support/wayward-context';

const ANA = names({ waId: '34600111222', userId: 'ES.7700112233' });
const BY_NUMBER = names({ waId: '34600111222' });
const BY_USER_ID = names({ userId: 'ES.7700112233' });

const texts = (length: number): string[] => Array.from({ length }, (_, i) => `note ${i}`);

/** What must hold in every store. */
function keepsItsPromises(open: () => KeyValueStore): void {
  it('loses none of 100 updates of one contact at a time', async () => {
    const { records } = noteRecords(open());
    await Promise.all(texts(100).map((text) => records.update(BY_NUMBER, note(text))));
    deepEqual((await records.read(BY_NUMBER)).record, { notes: texts(100).toSorted() });
  });

  it('loses nothing while two records turn out to be one person', async () => {
    const { records } = noteRecords(open());
    const ways = [BY_NUMBER, BY_USER_ID, BY_NUMBER, BY_USER_ID, ANA];
    await Promise.all(
      texts(30).map((text, i) => records.update(ways[i % ways.length] ?? ANA, note(text))),
    );
    for (const name of [BY_NUMBER, BY_USER_ID]) {
      deepEqual((await records.read(name)).record, { notes: texts(30).toSorted() });
    }
  });

  it('keeps contacts, the account and calls apart', async () => {
    const { records } = noteRecords(open());
    const contacts = texts(20).map((text, i) => ({
      text,
      contact: names({ phone: `5730012340${10 + i}` }),
    }));
    await Promise.all(
      contacts.map(async ({ text, contact }) => {
        await records.updateAccount(count(1));
        await records.updateCounts(countBoth);
        const calls = { add: [`wacid.${text}`] };
        await records.update(contact, (record) => ({ ...note(text)(record), calls }));
      }),
    );
    for (const { text, contact } of contacts) {
      deepEqual(await records.read(contact), { record: { notes: [text] }, names: contact });
      deepEqual(await records.contactOf(`wacid.${text}`), contact);
      const calls = { remove: [`wacid.${text}`] };
      await records.update(contact, () => ({ ...clear(), calls }));
    }
    deepEqual(await records.readAccount(), { count: 40 });
    await records.updateCounts((counts, state) => {
      deepEqual([counts.count, state.count], [20, 40]);
      return { counts, state, result: null };
    });
  });

  it('leaves nothing behind for what is forgotten', async () => {
    const store = open();
    const { records } = noteRecords(store);
    await records.update(ANA, note('one'));
    await records.update(ANA, clear);
    const left = await store.get(keys.contact(ANA));
    equal(
      left.every((value) => value === undefined || value === null),
      true,
    );
  });
}

describe('Records in a map', () => keepsItsPromises(() => new MapStore()));

describe('Records in an asynchronous store of a third party', () => {
  for (const seed of [1, 2, 3]) {
    describe(`seed ${seed}`, () =>
      keepsItsPromises(() => new ContextStore(new WaywardContext(seeded(seed)))));
  }
});

describe("Records in Node-RED's own context", () => {
  const stores: StoreName[] = ['memory', 'file', 'uncached'];
  let context: NodeRedContext;

  beforeEach(async () => {
    context = await startNodeRedContext();
  });
  afterEach(() => context.end());

  for (const name of stores) {
    for (const scope of ['flow', 'global'] as const) {
      describe(`${scope}, store ${name}`, () =>
        keepsItsPromises(() => new ContextStore(context[scope], name)));
    }
  }

  for (const name of ['file', 'uncached'] as const) {
    it(`are there again after a restart from store ${name}`, async () => {
      await noteRecords(new ContextStore(context.flow, name)).records.update(ANA, note('kept'));
      await context.restart();
      const { records, reports } = noteRecords(new ContextStore(context.flow, name));
      deepEqual(await records.read(BY_USER_ID), { record: { notes: ['kept'] }, names: ANA });
      deepEqual(reports, []);
    });
  }

  it('are never changed by who changes what was read', async () => {
    const { records } = noteRecords(new ContextStore(context.flow, 'memory'));
    await records.update(ANA, note('kept'));
    (await records.read(ANA)).record.notes.push('slipped in');
    const { after } = await records.update(ANA, note('also kept'));
    after.notes.push('slipped in');
    deepEqual((await records.read(ANA)).record, { notes: ['also kept', 'kept'] });
  });
});

/** What must hold where several processes write one place. */
function isSharedByProcesses(place: () => string, open: () => KeyValueStore): void {
  it('loses none of 100 updates of one contact by 4 processes at a time', async () => {
    const workers = ['a', 'b', 'c', 'd'];
    await Promise.all(workers.map((name) => runWorker('adding-worker', place(), name, '25')));
    const { records, reports } = noteRecords(open());
    const all = workers.flatMap((name) => texts(25).map((_, i) => `${name}-${i}`));
    deepEqual((await records.read(BY_NUMBER)).record, { notes: all.toSorted() });
    deepEqual(await records.readAccount(), { count: 100 });
    deepEqual(reports, []);
  });
}

describe('Records on disk', () => {
  let disk: Disk;

  beforeEach(async () => void (disk = await Disk.make()));
  afterEach(() => disk.end());

  keepsItsPromises(() => disk.open());
  isSharedByProcesses(
    () => disk.folder,
    () => disk.open(),
  );
});

describeRedis('Records in Redis', () => {
  let server: RedisServer;

  before(async () => void (server = await RedisServer.start()));
  afterEach(() => server.clear());
  after(() => server.end());

  keepsItsPromises(() => server.open());
  isSharedByProcesses(
    () => server.url,
    () => server.open(),
  );
});
