import { deepEqual, equal, rejects } from 'node:assert/strict';
import type { Records } from '../../src/records/records';
import { MapStore } from './support/map-store';
import {
  clear,
  count,
  countBoth,
  keys,
  names,
  note,
  noteRecords,
  notesShape,
  type Notes,
  type Tally,
} from './support/notes';

const ANA = names({ waId: '34600111222' });
const [ANA_KEY] = keys.contact(ANA);

describe('Records', () => {
  let store: MapStore;
  let records: Records<Notes, Tally, Tally>;
  let reports: string[];

  beforeEach(() => {
    store = new MapStore();
    ({ records, reports } = noteRecords(store));
  });

  it('know nothing of a stranger, and keep nothing for having been asked', async () => {
    deepEqual(await records.read(ANA), { record: { notes: [] }, names: ANA });
    deepEqual(store.changes, []);
  });

  it('give back what was stored, and tell what it was before', async () => {
    await records.update(ANA, note('one'));
    const updated = await records.update(ANA, (record) => ({ ...note('two')(record), result: 7 }));
    deepEqual(updated, {
      before: { notes: ['one'] },
      after: { notes: ['one', 'two'] },
      names: ANA,
      result: 7,
    });
    deepEqual((await records.read(ANA)).record, { notes: ['one', 'two'] });
    deepEqual(store.content, {
      [ANA_KEY]: { v: 1, names: ANA, record: { notes: ['one', 'two'] }, aliases: [] },
    });
  });

  it('write nothing where nothing changed', async () => {
    await records.update(ANA, clear);
    equal(store.changes.length, 0);
    await records.update(ANA, note('one'));
    await records.update(ANA, note('one'));
    equal(store.changes.length, 1);
  });

  it('read once and write one key where nothing but the record is new', async () => {
    await records.update(names({ waId: '34600111222', userId: 'ES.7700112233' }), note('one'));
    store.changes.length = 0;
    store.reads = 0;
    await records.update(ANA, note('two'));
    equal(store.reads, 1);
    deepEqual(
      store.changes.map((change) => change.map(([key]) => key)),
      [[ANA_KEY]],
    );
  });

  it('keep no empty record, and remove its other names with it', async () => {
    const known = names({ waId: '34600111222', userId: 'ES.7700112233', phone: '34600111333' });
    await records.update(known, note('one'));
    equal(store.values.size, 3);
    await records.update(ANA, clear);
    deepEqual(store.content, {});
  });

  it('queue the updates of one contact and run those of others meanwhile', async () => {
    const log: string[] = [];
    const logged = (name: string) => (record: Notes) => {
      log.push(name);
      return note(name)(record);
    };
    const others = names({ waId: '573001234567' });
    await Promise.all([
      records.update(ANA, logged('ana 1')),
      records.update(ANA, logged('ana 2')),
      records.update(others, logged('other 1')),
      records.update(ANA, logged('ana 3')),
    ]);
    deepEqual(log, ['ana 1', 'other 1', 'ana 2', 'ana 3']);
  });

  it('reject only the update whose change throws', async () => {
    const failing = records.update(ANA, () => {
      throw new Error('a fault in the change');
    });
    const next = records.update(ANA, note('next'));
    await rejects(failing, /a fault in the change/);
    deepEqual((await next).after, { notes: ['next'] });
  });

  it('fail closed while the backend fails, and go on when it is back', async () => {
    const unavailable = { code: 'records-unavailable' };
    store.failing = 'get';
    await rejects(records.read(ANA), unavailable);
    await rejects(records.update(ANA, note('lost')), unavailable);
    await rejects(records.readAccount(), unavailable);
    await rejects(records.contactOf('wacid.1'), unavailable);
    store.failing = 'set';
    await rejects(records.update(ANA, note('lost')), unavailable);
    await rejects(
      records.updateAccount(() => ({ state: { count: 9 }, result: null })),
      unavailable,
    );
    store.failing = null;
    deepEqual((await records.update(ANA, note('kept'))).after, { notes: ['kept'] });
    deepEqual(await records.readAccount(), { count: 0 });
  });

  it('refuse a contact without a name', async () => {
    await rejects(records.read(names({})), { code: 'contact-unnamed' });
    await rejects(records.update(names({}), note('x')), { code: 'contact-unnamed' });
  });

  describe('of what the account counts', () => {
    it('are written together with its state, and nothing where nothing changed', async () => {
      const { after, result } = await records.updateCounts(countBoth);
      deepEqual([after, result], [{ count: 1 }, null]);
      deepEqual(store.content, {
        [keys.account]: { v: 1, state: { count: 1 } },
        [keys.counts]: { v: 1, counts: { count: 1 } },
      });
      equal(store.changes.length, 1);
      await records.updateCounts((counts, state) => ({ counts, state, result: null }));
      equal(store.changes.length, 1);
      await records.updateCounts(() => ({
        counts: { count: 0 },
        state: { count: 0 },
        result: null,
      }));
      deepEqual(store.content, {});
    });

    it('lose none of many changes at a time, of both', async () => {
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          await records.updateCounts(countBoth);
          await records.updateAccount(count(1));
        }),
      );
      deepEqual(await records.readAccount(), { count: 100 });
      deepEqual(store.content[keys.counts], { v: 1, counts: { count: 50 } });
    });

    it('that cannot be read are taken for none, and that is said', async () => {
      store.values.set(keys.counts, { v: 1, counts: 'x' });
      await records.updateCounts(countBoth);
      deepEqual(store.content[keys.counts], { v: 1, counts: { count: 1 } });
      deepEqual(reports, [
        "In the records, the count of the account's calls cannot be read; it is taken for unknown.",
      ]);
    });

    it('the state is told whenever it was read or written, in that order', async () => {
      const heard: Tally[] = [];
      const hearing = noteRecords(store, keys, notesShape, {
        onAccount: (state) => heard.push(state),
      }).records;
      await hearing.readAccount();
      await Promise.all([hearing.updateCounts(countBoth), hearing.updateAccount(count(1))]);
      deepEqual(heard, [{ count: 0 }, { count: 1 }, { count: 2 }]);
    });
  });

  describe('of the account', () => {
    it('are kept beside those of contacts, and not at all when empty', async () => {
      deepEqual(await records.readAccount(), { count: 0 });
      deepEqual(await records.updateAccount(count(2)), {
        before: { count: 0 },
        after: { count: 2 },
        result: 2,
      });
      deepEqual(store.content, { [keys.account]: { v: 1, state: { count: 2 } } });
      await records.updateAccount(count(0));
      equal(store.changes.length, 1);
      await records.updateAccount(count(-2));
      deepEqual(store.content, {});
    });

    it('lose none of many updates at a time', async () => {
      await Promise.all(Array.from({ length: 100 }, () => records.updateAccount(count(1))));
      deepEqual(await records.readAccount(), { count: 100 });
    });
  });

  describe('of calls', () => {
    it('tell whose a call is, written together with its record, until it ended', async () => {
      equal(await records.contactOf('wacid.HBg='), null);
      await records.update(ANA, (record) => ({
        ...note('placed')(record),
        calls: { add: ['wacid.HBg='] },
      }));
      deepEqual(
        store.changes.map((change) => change.map(([key]) => key)),
        [[ANA_KEY, keys.call('wacid.HBg=')]],
      );
      deepEqual(await records.contactOf('wacid.HBg='), ANA);
      await records.update(ANA, (record) => ({
        ...note('placed')(record),
        calls: { remove: ['wacid.HBg='] },
      }));
      equal(await records.contactOf('wacid.HBg='), null);
    });
  });

  describe('that cannot be read', () => {
    const foreign: [string, unknown][] = [
      ['a text', 'hello'],
      ['a number', 7],
      ['a list', [1]],
      ['foreign JSON', { name: 'Ana' }],
      ['another version', { v: 2, names: ANA, record: { notes: [] }, aliases: [] }],
      ['a truncated value', { v: 1, names: ANA }],
      ['a foreign record', { v: 1, names: ANA, record: { a: 1 }, aliases: [] }],
      ['no names', { v: 1, names: names({}), record: { notes: [] }, aliases: [] }],
      ['foreign aliases', { v: 1, names: ANA, record: { notes: [] }, aliases: ['x'] }],
      ['an alias that leads elsewhere', { alias: 'theirs' }],
    ];

    for (const [what, value] of foreign) {
      it(`such as ${what}, are reported once and taken for unknown`, async () => {
        store.values.set(ANA_KEY, value);
        deepEqual((await records.read(ANA)).record, { notes: [] });
        deepEqual((await records.update(ANA, note('new'))).before, { notes: [] });
        deepEqual((await records.read(ANA)).record, { notes: ['new'] });
        deepEqual(reports, [
          'In the records, the record of the contact that ends in 1222 cannot be read; it is taken for unknown.',
        ]);
      });
    }

    for (const [what, value] of foreign) {
      it(`such as ${what}, are erased with the person, and not kept in mind`, async () => {
        const report = 'In the records, the record of the contact that ends in 1222 cannot be read';
        for (const times of [1, 2]) {
          store.values.set(ANA_KEY, value);
          await records.forget(ANA, (record) => record);
          deepEqual(store.content, {});
          equal(reports.filter((each) => each.startsWith(report)).length, times);
        }
      });
    }

    it('do not stop the account or the index of calls either', async () => {
      store.values.set(keys.account, { v: 1, state: 'x' });
      store.values.set(keys.call('wacid.1'), { v: 1, names: {} });
      deepEqual(await records.readAccount(), { count: 0 });
      equal(await records.contactOf('wacid.1'), null);
      equal(reports.length, 2);
    });

    it('are an alias whose record is gone, or a circle of them', async () => {
      const [otherKey] = keys.contact(names({ waId: '573001234567' }));
      store.values.set(ANA_KEY, { alias: otherKey });
      deepEqual((await records.read(ANA)).record, { notes: [] });
      store.values.set(otherKey, { alias: ANA_KEY });
      deepEqual((await records.read(ANA)).record, { notes: [] });
      deepEqual(reports, [
        'In the records, the record of the contact that ends in 1222 is not where it should be; it is taken for unknown.',
      ]);
      await records.update(ANA, note('new'));
      deepEqual((await records.read(names({ waId: '573001234567' }))).record, { notes: ['new'] });
    });
  });
});
