import { deepEqual, equal, match, doesNotMatch } from 'node:assert/strict';
import { MapStore } from './support/map-store';
import { keys, names, note, noteRecords } from './support/notes';
import { orders } from './support/orders';

const OLD = names({ waId: '34600111222' });
const OLD_ID = names({ userId: 'ES.1' });
const DIALLED = names({ waId: '34600111222', phone: '34600111222' });
const NEW = names({ waId: '573001234567', userId: 'CO.2' });
const LAST = names({ waId: '5511987654321' });

describe('Somebody who took another number', () => {
  let store: MapStore;
  let records: ReturnType<typeof noteRecords>['records'];
  beforeEach(() => {
    store = new MapStore();
    ({ records } = noteRecords(store));
  });

  it('has one record under both, and goes by the new names alone', async () => {
    await records.update({ ...DIALLED, userId: 'ES.1' }, note('before'));
    await records.update(NEW, note('moved'), { names: OLD, at: 10 });
    for (const name of [OLD, OLD_ID, DIALLED, NEW]) {
      deepEqual(await records.read(name), { record: { notes: ['before', 'moved'] }, names: NEW });
    }
  });

  it('is not called by a former name again, whoever uses it', async () => {
    await records.update(DIALLED, (record) => ({
      ...note('call')(record),
      calls: { add: ['wacid.1'] },
    }));
    await records.update(NEW, note('moved'), { names: OLD, at: 10 });
    const called = await records.contactOf('wacid.1');
    for (const name of [called!, OLD, { ...OLD, userId: 'ES.1' }, names({ phone: OLD.waId })]) {
      equal((await records.update(name, note('late'))).names.waId, NEW.waId);
    }
    deepEqual((await records.read(OLD)).names, NEW);
  });

  it('may take the former number back', async () => {
    await records.update(NEW, note('moved'), { names: OLD, at: 10 });
    await records.update(OLD, note('back'), { names: NEW, at: 20 });
    for (const name of [OLD, NEW]) {
      deepEqual(await records.read(name), { record: { notes: ['back', 'moved'] }, names: OLD });
    }
  });

  it('keeps its names where news of long ago come once more', async () => {
    const first = () => records.update(NEW, note('moved'), { names: OLD, at: 10 });
    await first();
    await records.update(OLD, note('back'), { names: NEW, at: 20 });
    await records.update({ ...OLD, userId: 'ES.3' }, note('wrote'));
    await first();
    deepEqual((await records.read(NEW)).names, { ...OLD, userId: 'ES.3' });
  });

  it('may have the former number still, where only the user id was changed', async () => {
    await records.update({ ...DIALLED, userId: 'ES.1' }, note('before'));
    await records.update(names({ userId: 'ES.9' }), note('moved'), { names: OLD_ID, at: 10 });
    deepEqual((await records.read(OLD)).names, names({ userId: 'ES.9' }));
    const still = { ...OLD, userId: 'ES.9' };
    await records.update(still, note('wrote'));
    for (const name of [OLD, OLD_ID, still]) {
      deepEqual(await records.read(name), {
        record: { notes: ['before', 'moved', 'wrote'] },
        names: still,
      });
    }
  });

  const STRANGER = names({ userId: 'ES.7' });
  for (const isKnown of [true, false]) {
    it(`is nobody else who has the former number by now, and ${isKnown ? 'was' : 'is later'} known by a user id`, async () => {
      await records.update(NEW, note('moved'), { names: OLD, at: 10 });
      if (isKnown) await records.update(STRANGER, note('stranger'));
      await records.update({ ...STRANGER, waId: OLD.waId }, note('wrote'));
      await records.update(STRANGER, note('later'));
      const known = isKnown ? ['later', 'stranger'] : ['later'];
      deepEqual(await records.read(STRANGER), { record: { notes: known }, names: STRANGER });
      for (const name of [OLD, NEW]) {
        deepEqual(await records.read(name), { record: { notes: ['moved', 'wrote'] }, names: NEW });
      }
    });
  }

  it('is not taken for somebody erased who has the former number by now', async () => {
    await records.update(NEW, note('moved'), { names: OLD, at: 10 });
    await records.update(STRANGER, note('stranger'));
    await records.forget(STRANGER, (record) => record);
    await records.update({ ...STRANGER, waId: OLD.waId }, note('wrote'));
    deepEqual((await records.read(NEW)).record, { notes: ['moved', 'wrote'] });
    deepEqual((await records.read(STRANGER)).record, { notes: ['stranger'] });
  });

  it('leaves no number behind when erased', async () => {
    await records.update({ ...DIALLED, userId: 'ES.1' }, note('opt-out'));
    await records.update(NEW, note('moved'), { names: OLD, at: 10 });
    match(JSON.stringify(store.content), /34600111222/);
    await records.forget(OLD, () => ({ notes: ['opt-out'] }));
    doesNotMatch(JSON.stringify(store.content), /34600111222|573001234567|ES|CO/);
    for (const name of [OLD, OLD_ID, NEW]) {
      deepEqual((await records.read(name)).record, { notes: ['opt-out'] });
    }
  });

  it('is recognised by what was erased under the former number', async () => {
    await records.update(OLD, note('opt-out'));
    await records.forget(OLD, (record) => record);
    const { after } = await records.update(NEW, note('moved'), { names: OLD, at: 10 });
    deepEqual(after, { notes: ['moved', 'opt-out'] });
    deepEqual((await records.read(NEW)).record, after);
  });

  it('ends as one record with the last number, in whatever order the news come', async () => {
    const news = [
      () => records.update({ ...DIALLED, userId: 'ES.1' }, note('old')),
      () => records.update(NEW, note('new')),
      () => records.update(NEW, note('first move'), { names: { ...OLD, userId: 'ES.1' }, at: 10 }),
      () => records.update(LAST, note('second move'), { names: NEW, at: 20 }),
      () => records.update(LAST, note('last')),
    ];
    for (const order of orders(news)) {
      store = new MapStore();
      ({ records } = noteRecords(store));
      for (const tell of order) await tell();
      for (const name of [OLD, OLD_ID, NEW, LAST]) {
        const { record, names: known } = await records.read(name);
        deepEqual(record, { notes: ['first move', 'last', 'new', 'old', 'second move'] });
        deepEqual(known, LAST);
      }
    }
  });

  it('is not known where what was stored of it cannot be read', async () => {
    await records.update(NEW, note('moved'), { names: OLD, at: 10 });
    const [main] = keys.contact(NEW);
    const stored = store.values.get(main) as object;
    store.values.set(main, { ...stored, moves: { [main]: { at: 'soon' } } });
    deepEqual((await records.read(NEW)).record, { notes: [] });
  });
});

describe('The many names of one person', () => {
  const told = [
    names({ userId: 'BR.13491208655302741918' }),
    names({ waId: '551187654321' }),
    names({ phone: '5511987654321', userId: 'BR.13491208655302741918' }),
    names({ waId: '551187654321', phone: '34600111222' }),
  ];
  const spellings = [
    ['Brazil', '5511987654321', '551187654321'],
    ['Mexico', '525512345678', '5215512345678'],
    ['Argentina', '541123456789', '5491123456789'],
  ] as const;

  for (const [index, optedOut] of told.entries()) {
    it(`lead to an opt-out under name ${index + 1}, in every order of arrival`, async () => {
      for (const order of orders([...told.keys()])) {
        const { records } = noteRecords(new MapStore());
        for (const each of order) {
          await records.update(told[each]!, note(each === index ? 'opt-out' : `note ${each}`));
        }
        for (const name of [...told, names({ phone: '34600111222' })]) {
          const { notes } = (await records.read(name)).record;
          equal(notes.length, told.length);
          equal(notes.includes('opt-out'), true, `${JSON.stringify(optedOut)} by ${order.join()}`);
        }
      }
    });
  }

  for (const [country, dialled, written] of spellings) {
    it(`lead to one record with a user id whose number is learnt later, as ${country} spells it`, async () => {
      const all = [
        names({ userId: 'XX.1' }),
        names({ phone: dialled }),
        names({ waId: written }),
        names({ waId: written, userId: 'XX.1' }),
      ];
      for (const order of orders([...all.keys()])) {
        for (const optedOut of all.keys()) {
          const { records } = noteRecords(new MapStore());
          for (const each of order) {
            await records.update(all[each]!, note(each === optedOut ? 'opt-out' : `note ${each}`));
          }
          for (const name of all) equal((await records.read(name)).record.notes.length, 4);
          equal((await records.read(names({ userId: 'XX.1' }))).names.waId, written);
        }
      }
    });
  }
});
