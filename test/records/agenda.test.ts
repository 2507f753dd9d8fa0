import { deepEqual, doesNotMatch, equal, match, ok, rejects } from 'node:assert/strict';
import * as fc from 'fast-check';
import { ContextStore } from '../../src/records/context-store';
import type { KeyValueStore } from '../../src/records/key-value-store';
import type { Records } from '../../src/records/records';
import type { ContactNames } from '../../src/rules/contact';
import { Disk } from './support/disk';
import { MapStore } from './support/map-store';
import {
  startNodeRedContext,
  type NodeRedContext,
  type StoreName,
} from './support/node-red-context';
import {
  clear,
  dueNote,
  dueNotesShape,
  keys,
  names,
  note,
  noteRecords,
  strike,
  type Notes,
  type Tally,
} from './support/notes';
import { describeRedis, RedisServer } from './support/redis-server';
import { seeded, WaywardContext } from './support/wayward-context';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const T = 20_700 * DAY + 10 * HOUR;

const ANA = names({ waId: '34600111222' });
const BEN = names({ waId: '573001234567' });
const CAI = names({ waId: '34600333444' });
const keyOf = (contact: ContactNames): string => keys.contact(contact)[0];
const slot = (contact: ContactNames, at: number) => ({ key: keyOf(contact), at });
const due = (at: number) => note(dueNote(at));
const settled = (at: number) => strike(dueNote(at));
const open = (store: KeyValueStore) => noteRecords(store, keys, dueNotesShape);

/** What every store must do. `make` opens a new one for each test. */
function keepsAnAgenda(make: () => KeyValueStore): void {
  let records: Records<Notes, Tally, Tally>;
  let reports: string[];
  let scheduled: number[];

  beforeEach(() => ({ records, reports, scheduled } = open(make())));
  afterEach(() => deepEqual(reports, []));

  it('tells who is due, the earliest first, and no more than wanted', async () => {
    deepEqual(await records.due(Infinity, 10), []);
    await records.update(ANA, due(T + DAY));
    await records.update(BEN, due(T));
    await records.update(CAI, due(T + 1));
    deepEqual(await records.due(T - 1, 10), []);
    deepEqual(await records.due(T, 10), [slot(BEN, T)]);
    deepEqual(await records.due(Infinity, 10), [
      slot(BEN, T),
      slot(CAI, T + 1),
      slot(ANA, T + DAY),
    ]);
    deepEqual(await records.due(Infinity, 2), [slot(BEN, T), slot(CAI, T + 1)]);
    deepEqual(scheduled, [T + DAY, T, T + 1]);
  });

  it('moves a contact forward at once, and puts it off only when it is woken', async () => {
    await records.update(ANA, due(T + HOUR));
    await records.update(ANA, due(T));
    deepEqual(await records.due(Infinity, 10), [slot(ANA, T)]);
    await records.update(ANA, settled(T));
    deepEqual(await records.due(Infinity, 10), [slot(ANA, T)]);
    const woken = await records.wake(slot(ANA, T), note('woken'));
    deepEqual(woken?.names, ANA);
    deepEqual(await records.due(Infinity, 10), [slot(ANA, T + HOUR)]);
    await records.wake(slot(ANA, T + HOUR), settled(T + HOUR));
    deepEqual(await records.due(Infinity, 10), []);
    deepEqual((await records.read(ANA)).record, { notes: ['woken'] });
  });

  it('puts off a contact that cannot be settled yet, and no other', async () => {
    await records.update(ANA, due(T));
    await records.update(BEN, due(T));
    await records.wake(slot(ANA, T), (record) => ({
      record,
      result: null,
      dueAt: T + MINUTE,
    }));
    deepEqual(await records.due(Infinity, 10), [slot(BEN, T), slot(ANA, T + MINUTE)]);
  });

  it('loses nobody where many are scheduled for one minute at a time', async () => {
    const crowd = Array.from({ length: 40 }, (_, index) => names({ waId: `3460000${index}000` }));
    await Promise.all(crowd.map((each, index) => records.update(each, due(T + index))));
    equal((await records.due(Infinity, 100)).length, 40);
    const all = await records.due(Infinity, 100);
    await Promise.all(all.map((each) => records.wake(each, clear)));
    deepEqual(await records.due(Infinity, 100), []);
  });
}

describe('The agenda of the records', () => {
  describe('in a map', () => keepsAnAgenda(() => new MapStore()));

  for (const seed of [1, 2, 3]) {
    describe(`in an asynchronous store of a third party, seed ${seed}`, () =>
      keepsAnAgenda(() => new ContextStore(new WaywardContext(seeded(seed)))));
  }

  describe('on disk', () => {
    let disk: Disk;
    beforeEach(async () => void (disk = await Disk.make()));
    afterEach(() => disk.end());

    keepsAnAgenda(() => disk.open());
  });

  describeRedis('in Redis', () => {
    let server: RedisServer;
    before(async () => void (server = await RedisServer.start()));
    afterEach(() => server.clear());
    after(() => server.end());

    keepsAnAgenda(() => server.open());
  });

  describe("in Node-RED's own context", () => {
    let context: NodeRedContext;
    beforeEach(async () => void (context = await startNodeRedContext()));
    afterEach(() => context.end());

    for (const name of ['memory', 'file', 'uncached'] satisfies StoreName[]) {
      describe(`store ${name}`, () => keepsAnAgenda(() => new ContextStore(context.flow, name)));
    }

    for (const name of ['file', 'uncached'] as const) {
      it(`is there again after a restart from store ${name}`, async () => {
        await open(new ContextStore(context.flow, name)).records.update(ANA, due(T));
        await context.restart();
        const { records } = open(new ContextStore(context.flow, name));
        deepEqual(await records.due(T, 10), [slot(ANA, T)]);
      });
    }
  });

  describe('costs little', () => {
    let store: MapStore;
    let records: Records<Notes, Tally, Tally>;

    beforeEach(() => {
      store = new MapStore();
      ({ records } = open(store));
    });

    it('nothing where news only puts off what is due', async () => {
      await records.update(ANA, due(T));
      store.changes.length = 0;
      store.reads = 0;
      await records.update(ANA, due(T + HOUR));
      equal(store.reads, 1);
      deepEqual(
        store.changes.map((change) => change.map(([key]) => key)),
        [[keyOf(ANA)]],
      );
    });

    it('one more key for one more contact of a crowded minute, and that one small', async () => {
      for (let index = 0; index < 1000; index += 1)
        await records.update(names({ waId: String(34600100000 + index) }), due(T));
      store.changes.length = 0;
      await records.update(ANA, due(T + 1));
      const [[, [page, value]]] = store.changes as [[unknown, [string, { due: object }]]];
      equal(store.changes[0]!.length, 2);
      ok(keys.isAgenda(page));
      ok(Object.keys(value.due).length < 100);
    });

    it('no scan: as many readings for the first of many as for the only one', async () => {
      await records.update(ANA, due(T));
      store.reads = 0;
      await records.due(Infinity, 1);
      const forOne = store.reads;
      for (let day = 1; day < 30; day += 1)
        await records.update(names({ waId: `34600111${day}00` }), due(T + day * DAY));
      store.reads = 0;
      await records.due(Infinity, 1);
      equal(store.reads, forOne);
    });
  });

  it('is one whole change with the record: a failing store leaves both as they were', async () => {
    const store = new MapStore();
    const { records, scheduled } = open(store);
    await records.update(ANA, due(T + HOUR));
    const before = store.content;
    store.failing = 'set';
    await rejects(records.update(ANA, due(T)), { code: 'records-unavailable' });
    await rejects(records.wake(slot(ANA, T + HOUR), clear), { code: 'records-unavailable' });
    store.failing = null;
    deepEqual(store.content, before);
    deepEqual(scheduled, [T + HOUR]);
    store.changes.length = 0;
    await records.update(ANA, due(T));
    equal(store.changes.length, 1);
  });

  it('leaves no trace of a contact of whom nothing is kept', async () => {
    const store = new MapStore();
    const { records } = open(store);
    await records.update(ANA, due(T));
    await records.update(ANA, clear);
    deepEqual(store.content, {});
  });

  describe('when a contact turns out to have further names', () => {
    const BY_ID = names({ userId: 'ES.7700112233' });
    const BOTH = names({ waId: '34600111222', userId: 'ES.7700112233' });
    let store: MapStore;
    let records: Records<Notes, Tally, Tally>;

    beforeEach(() => {
      store = new MapStore();
      ({ records } = open(store));
    });

    it('lists the one person once, at its earliest', async () => {
      await records.update(ANA, due(T + DAY));
      await records.update(BY_ID, due(T));
      equal((await records.due(Infinity, 10)).length, 2);
      await records.update(BOTH, note('one person'));
      deepEqual(await records.due(Infinity, 10), [slot(ANA, T)]);
      const woken = await records.wake(slot(ANA, T), settled(T));
      deepEqual(woken?.names, BOTH);
      deepEqual(await records.due(Infinity, 10), [slot(ANA, T + DAY)]);
    });

    it('follows a name that was listed when another became the first', async () => {
      await records.update(BY_ID, due(T));
      const [old] = await records.due(T, 1);
      await records.update(BOTH, note('has a number'));
      const woken = await records.wake(old!, settled(T));
      deepEqual(woken?.names, BOTH);
      deepEqual(await records.due(Infinity, 10), []);
    });
  });

  describe('of an erased person', () => {
    const EVERYTHING = names({
      waId: '34600111222',
      userId: 'ES.7700112233',
      phone: '34600999888',
    });
    const TRACES = /34600111222|7700112233|34600999888|w34|uES/;
    const keep = ({ notes }: Notes): Notes => ({
      notes: notes.filter((text) => text === 'opt-out'),
    });

    it('keeps nothing, whatever is kept of the record', async () => {
      for (const kept of ['opt-out', 'hello']) {
        const store = new MapStore();
        const { records } = open(store);
        await records.update(names({ userId: 'ES.7700112233' }), due(T));
        await records.update(EVERYTHING, due(T - HOUR));
        await records.update(EVERYTHING, note(kept));
        match(JSON.stringify(store.content), TRACES);
        await records.forget(names({ phone: '34600999888' }), keep);
        doesNotMatch(JSON.stringify(store.content), TRACES);
        doesNotMatch(JSON.stringify(store.content), /due-/);
        deepEqual(await records.due(Infinity, 10), []);
      }
    });

    it('wakes nobody, though the waking was under way', async () => {
      const store = new MapStore();
      const { records } = open(store);
      await records.update(EVERYTHING, due(T));
      await records.update(EVERYTHING, note('opt-out'));
      const [listed] = await records.due(T, 1);
      await records.forget(EVERYTHING, keep);
      const erased = store.content;
      equal(
        await records.wake(listed!, () => {
          throw new Error('there is nobody');
        }),
        null,
      );
      deepEqual(store.content, erased);
    });
  });

  it('lets go of an entry that leads to nobody', async () => {
    const store = new MapStore();
    const { records } = open(store);
    await records.update(ANA, due(T));
    await records.update(BEN, due(T));
    store.values.delete(keyOf(ANA));
    equal(await records.wake(slot(ANA, T), clear), null);
    deepEqual(await records.due(Infinity, 10), [slot(BEN, T)]);
    equal(await records.wake({ key: 'theirs', at: T }, clear), null);
  });

  it('reports a page that cannot be read, names nobody, and goes on', async () => {
    const store = new MapStore();
    const { records, reports } = open(store);
    await records.update(ANA, due(T));
    const page = [...store.values.keys()].find((key) => key.includes('due-'))!;
    store.values.set(page, 'hello');
    await records.due(Infinity, 10);
    await records.update(BEN, due(T));
    deepEqual(reports, [
      'In the records, a page of the agenda cannot be read; it is taken for unknown.',
    ]);
    deepEqual(await records.due(Infinity, 10), [slot(BEN, T)]);
  });

  it('lists nobody for a moment that no calendar has', async () => {
    const { records, reports } = open(new MapStore());
    for (const at of [Infinity, 1e300, Number.NaN]) await records.update(ANA, due(at));
    deepEqual(await records.due(Infinity, 10), []);
    deepEqual(reports, []);
  });

  it('holds each contact exactly where its record says, whatever happens in whatever order', async () => {
    const people = [
      ANA,
      BEN,
      names({ userId: 'ES.77' }),
      names({ waId: '34600111222', userId: 'ES.77' }),
    ];
    const moment = fc
      .constantFrom(0, 1, 500, MINUTE, HOUR, DAY, 40 * DAY)
      .map((after) => T + after);
    const step = fc.record({
      who: fc.constantFrom(...people),
      what: fc.constantFrom('due', 'due', 'settled', 'wake', 'put off', 'forget', 'clear'),
      at: moment,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.nat(), async (steps, seed) => {
        const context = new WaywardContext(seeded(seed));
        const { records, reports } = open(new ContextStore(context));
        await Promise.all(
          steps.map(async ({ who, what, at }) => {
            if (what === 'due') return records.update(who, due(at));
            if (what === 'settled') return records.update(who, settled(at));
            if (what === 'clear') return records.update(who, clear);
            if (what === 'forget') return records.forget(who, nothing);
            const [first] = await records.due(Infinity, 1);
            const dueAt = what === 'put off' ? at : undefined;
            if (first) return records.wake(first, (record) => ({ record, result: null, dueAt }));
          }),
        );
        deepEqual(reports, []);
        const content = context.content as Record<string, { due?: number }>;
        const wanted = Object.entries(content)
          .filter(([key, value]) => keys.isContact(key) && value.due !== undefined)
          .map(([key, value]) => ({ key, at: value.due! }));
        const listed = await records.due(Infinity, 100);
        const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1);
        deepEqual(listed.toSorted(byKey), wanted.toSorted(byKey));
        const pages = Object.keys(content).filter((key) => keys.isAgenda(key));
        if (listed.length === 0) deepEqual(pages, []);
        ok(pages.length <= 1 + 3 * listed.length, 'no empty page stays');
      }),
      { numRuns: 300 },
    );
  }).timeout(20_000);
});

/** Keeps nothing of an erased contact. */
const nothing = (): Notes => ({ notes: [] });
