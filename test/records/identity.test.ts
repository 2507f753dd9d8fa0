import { deepEqual, equal } from 'node:assert/strict';
import * as fc from 'fast-check';
import { ContextStore } from '../../src/records/context-store';
import type { ContactNames } from '../../src/rules/contact';
import { MapStore } from './support/map-store';
import { clear, keys, names, note, noteRecords } from './support/notes';
import { seeded, WaywardContext } from './support/wayward-context';

const BY_NUMBER = names({ waId: '551187654321' });
const BY_USER_ID = names({ userId: 'BR.13491208655302741918' });
const DIALLED = names({ phone: '5511987654321' });
const OLD_NUMBER = names({ phone: '34600111222' });
const EVERYTHING: ContactNames = {
  waId: '551187654321',
  userId: 'BR.13491208655302741918',
  phone: '34600111222',
};
const keyOf = (contact: ContactNames): string => keys.contact(contact)[0];

describe('One person with several names', () => {
  it('has one record under each of them', async () => {
    const { records } = noteRecords(new MapStore());
    await records.update(EVERYTHING, note('known'));
    for (const name of [BY_NUMBER, BY_USER_ID, DIALLED, OLD_NUMBER]) {
      deepEqual((await records.read(name)).record, { notes: ['known'] });
    }
    deepEqual((await records.read(BY_USER_ID)).names, EVERYTHING);
  });

  it('is found under both spellings of a number', async () => {
    const { records } = noteRecords(new MapStore());
    await records.update(DIALLED, note('dialled'));
    const { after, names: known } = await records.update(BY_NUMBER, note('told by WhatsApp'));
    deepEqual(after, { notes: ['dialled', 'told by WhatsApp'] });
    deepEqual(known, { ...BY_NUMBER, phone: DIALLED.phone });
  });

  it('gets one record of two, in one write, the record first and every other name leading there', async () => {
    const store = new MapStore();
    const { records } = noteRecords(store);
    await records.update(BY_USER_ID, note('by id'));
    await records.update(BY_NUMBER, note('by number'));
    await records.update(OLD_NUMBER, note('by old number'));
    store.changes.length = 0;
    await records.update(EVERYTHING, note('all'));
    const [change] = store.changes;
    equal(store.changes.length, 1);
    equal(change?.[0]?.[0], keyOf(BY_NUMBER));
    deepEqual(store.content, {
      [keyOf(BY_NUMBER)]: {
        v: 1,
        names: EVERYTHING,
        record: { notes: ['all', 'by id', 'by number', 'by old number'] },
        aliases: [keyOf(BY_USER_ID), keyOf(OLD_NUMBER)].toSorted(),
      },
      [keyOf(BY_USER_ID)]: { alias: keyOf(BY_NUMBER) },
      [keyOf(OLD_NUMBER)]: { alias: keyOf(BY_NUMBER) },
    });
  });

  it('is seen whole by who only reads, before anything is written', async () => {
    const store = new MapStore();
    const { records } = noteRecords(store);
    await records.update(BY_USER_ID, note('by id'));
    await records.update(BY_NUMBER, note('by number'));
    deepEqual(await records.read({ ...BY_NUMBER, userId: BY_USER_ID.userId }), {
      record: { notes: ['by id', 'by number'] },
      names: { ...BY_NUMBER, userId: BY_USER_ID.userId },
    });
    equal(store.changes.length, 2);
  });

  it('goes by the same number whoever asks, where its two records name different ones', async () => {
    const { records } = noteRecords(new MapStore());
    await records.update(names({ waId: '34600111222', userId: 'ES.1' }), note('one'));
    await records.update(names({ waId: '573001234567', userId: 'CO.2' }), note('two'));
    const asked = [
      names({ phone: '34600111222', userId: 'CO.2' }),
      names({ phone: '573001234567', userId: 'ES.1' }),
    ];
    for (const contact of asked) {
      const { record, names: known } = await records.read(contact);
      deepEqual(record, { notes: ['one', 'two'] });
      equal(known.waId, '34600111222');
    }
  });

  it('loses no name to a null, and learns the newer where two differ', async () => {
    const { records } = noteRecords(new MapStore());
    await records.update(EVERYTHING, note('known'));
    const moved = names({ waId: '573001234567', userId: EVERYTHING.userId });
    const { names: known } = await records.update(moved, note('moved'));
    deepEqual(known, { ...EVERYTHING, waId: '573001234567' });
    for (const name of [BY_NUMBER, BY_USER_ID, OLD_NUMBER, moved]) {
      deepEqual((await records.read(name)).record, { notes: ['known', 'moved'] });
    }
  });

  it('is found through a chain of aliases, which the next write makes straight', async () => {
    const store = new MapStore();
    const { records } = noteRecords(store);
    await records.update(BY_NUMBER, note('known'));
    store.values.set(keyOf(BY_USER_ID), { alias: keyOf(OLD_NUMBER) });
    store.values.set(keyOf(OLD_NUMBER), { alias: keyOf(BY_NUMBER) });
    await records.update(BY_USER_ID, note('more'));
    deepEqual(store.content[keyOf(BY_USER_ID)], { alias: keyOf(BY_NUMBER) });
    deepEqual((await records.read(OLD_NUMBER)).record, { notes: ['known', 'more'] });
  });

  it('keeps a record that came up under one of its other names meanwhile', async () => {
    const store = new MapStore();
    const { records } = noteRecords(store);
    await records.update(EVERYTHING, note('known'));
    store.values.delete(keyOf(BY_USER_ID));
    await records.update(BY_USER_ID, note('came up'));
    await records.update(names({ waId: '573001234567', phone: '34600111222' }), note('moved'));
    deepEqual((await records.read(BY_USER_ID)).record, { notes: ['came up', 'known', 'moved'] });
  });

  it('leaves nothing behind when there is nothing left to know', async () => {
    for (const name of [BY_NUMBER, BY_USER_ID, DIALLED, OLD_NUMBER]) {
      const store = new MapStore();
      const { records } = noteRecords(store);
      await records.update(EVERYTHING, note('known'));
      await records.update(name, clear);
      deepEqual(store.content, {});
    }
  });

  const anyNames = fc
    .record({
      waId: fc.constantFrom(null, '551187654321', '5511987654321'),
      userId: fc.constantFrom(null, 'BR.13491208655302741918'),
      phone: fc.constantFrom(null, '5511987654321', '34600111222'),
    })
    .filter(({ waId, userId, phone }) => waId !== null || userId !== null || phone !== null);

  it('ends as one record, in whatever order and however much at a time it is told', async () => {
    const scenario = fc.record({
      told: fc.array(anyNames, { maxLength: 12 }),
      seed: fc.integer(),
      atOnce: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ told, seed, atOnce }) => {
        const { records, reports } = noteRecords(
          new ContextStore(new WaywardContext(seeded(seed))),
        );
        const random = seeded(seed);
        const updates = [...told, EVERYTHING]
          .map((contact, i) => ({ contact, text: `note ${i}`, place: random() }))
          .toSorted((a, b) => a.place - b.place)
          .map(
            ({ contact, text }) =>
              () =>
                records.update(contact, note(text)),
          );
        if (atOnce) await Promise.all(updates.map((update) => update()));
        else for (const update of updates) await update();
        const all = { notes: [...told, null].map((_, i) => `note ${i}`).toSorted() };
        for (const name of [BY_NUMBER, BY_USER_ID, DIALLED, OLD_NUMBER]) {
          deepEqual((await records.read(name)).record, all);
        }
        deepEqual(reports, []);
      }),
      { numRuns: 150 },
    );
  });

  it('is stored alike in every order of arrival', async () => {
    const told = [
      BY_USER_ID,
      OLD_NUMBER,
      { ...BY_NUMBER, userId: BY_USER_ID.userId },
      { ...BY_NUMBER, phone: OLD_NUMBER.phone },
    ].map((contact, i) => ({ contact, text: `note ${i}` }));
    let expected: Record<string, unknown> | null = null;
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(told, { minLength: 4 }), async (order) => {
        const store = new MapStore();
        const { records } = noteRecords(store);
        for (const { contact, text } of order) await records.update(contact, note(text));
        expected ??= store.content;
        deepEqual(store.content, expected);
      }),
    );
  });
});
