import { deepEqual, equal, rejects } from 'node:assert/strict';
import type { Letter } from '../../src/records/outbox';
import { MapStore } from './support/map-store';
import { clear, keys, names, note, noteRecords, type Notes } from './support/notes';

const ANA = names({ waId: '34600111222', userId: 'ES.7700112233' });
const BEN = names({ waId: '34600111333' });

/** A change that adds a note, of which the flow is to be told. */
const telling = (text: string, ...letters: Letter[]) => {
  const change = note(text);
  return (record: Notes) => ({ ...change(record), tell: letters });
};

const letter = (id: string, at: number): Letter => ({ id, at, event: { type: 'news', id } });

describe('the outbox of the records', () => {
  const open = () => {
    const store = new MapStore();
    return { store, ...noteRecords(store) };
  };

  it('keeps what is to be told in the very change that it is about', async () => {
    const { store, records } = open();
    await records.update(ANA, telling('granted', letter('a', 10)));
    equal(store.changes.length, 1);
    deepEqual(await records.claim(10, 99), { letters: [letter('a', 10)], next: null });
  });

  it('keeps nothing of a change that could not be written', async () => {
    const { store, records } = open();
    store.failing = 'set';
    await rejects(records.update(ANA, telling('granted', letter('a', 10))));
    store.failing = null;
    deepEqual(await records.claim(10, 99), { letters: [], next: null });
  });

  it('lets go of what was told, and leaves nothing behind', async () => {
    const { store, records } = open();
    await records.update(ANA, telling('one', letter('a', 10), letter('b', 11)));
    await records.settle(['a', 'b', 'unknown']);
    deepEqual(await records.claim(99, 99), { letters: [], next: null });
    await records.update(ANA, clear);
    deepEqual(store.content, {});
  });

  it('gives out what has waited too long, the oldest first, and says when to look again', async () => {
    const { records } = open();
    await records.update(ANA, telling('one', letter('young', 30), letter('middle', 20)));
    await records.update(BEN, telling('two', letter('old', 10)));
    const { letters, next } = await records.claim(20, 100);
    deepEqual(
      letters.map(({ id }) => id),
      ['old', 'middle'],
    );
    equal(next, 30);
  });

  it('gives out each to one who asks only, until it has waited again', async () => {
    const store = new MapStore();
    const { records } = noteRecords(store);
    await records.update(ANA, telling('one', letter('a', 10)));
    const claims = await Promise.all([1, 2, 3].map(() => noteRecords(store).records.claim(10, 70)));
    // Each has locks of its own here, so more than one may have read the sheet before it was written.
    equal(
      claims.some(({ letters }) => letters.length === 1),
      true,
    );
    deepEqual(await records.claim(69, 100), { letters: [], next: 70 });
    deepEqual((await records.claim(70, 100)).letters, [letter('a', 70)]);
  });

  it('gives out nothing twice within a process', async () => {
    const { records } = open();
    await records.update(ANA, telling('one', letter('a', 10)));
    const claims = await Promise.all([1, 2, 3].map(() => records.claim(10, 70)));
    deepEqual(
      claims.map(({ letters }) => letters.length),
      [1, 0, 0],
    );
  });

  it('spreads many letters, and loses none of those that are stored at once', async () => {
    const { store, records } = open();
    const ids = Array.from({ length: 100 }, (_, index) => `letter-${index}`);
    await Promise.all(
      ids.map((id, index) =>
        records.update(
          names({ waId: String(34600100000 + index) }),
          telling(id, letter(id, index)),
        ),
      ),
    );
    const { letters } = await records.claim(100, 100);
    deepEqual(
      letters.map(({ id }) => id),
      ids,
    );
    const sheets = Object.keys(store.content).filter((key) => keys.isOutbox(key));
    equal(sheets.length, 16);
  });

  it('erases with a person what was still to be told of it, and of nobody else', async () => {
    const { store, records } = open();
    await records.update(ANA, telling('one', letter('of Ana', 10)));
    await records.update(BEN, telling('two', letter('of Ben', 20)));
    await records.forget(ANA, () => ({ notes: [] }));
    deepEqual((await records.claim(99, 99)).letters, [letter('of Ben', 20)]);
    equal(JSON.stringify(store.content).includes('Ana'), false);
  });

  it('keeps news of the whole number, too', async () => {
    const { records } = open();
    await records.updateAccount(({ count }) => ({
      state: { count: count + 1 },
      result: null,
      tell: [letter('account', 10)],
    }));
    deepEqual((await records.claim(10, 99)).letters, [letter('account', 10)]);
    equal((await records.readAccount()).count, 1);
  });

  it('stays empty where all that is kept ends with the process', async () => {
    const store = new MapStore();
    const { records } = noteRecords(store, keys, undefined, { isVolatile: true });
    await records.update(ANA, telling('one', letter('a', 10)));
    await records.updateAccount(() => ({
      state: { count: 1 },
      result: null,
      tell: [letter('b', 10)],
    }));
    deepEqual(await records.claim(99, 99), { letters: [], next: null });
  });

  it('reports a sheet that cannot be read, once, and goes on without it', async () => {
    const { store, records, reports } = open();
    store.values.set(keys.outbox(3), { v: 1, letters: { a: 'torn' } });
    deepEqual(await records.claim(99, 99), { letters: [], next: null });
    await records.claim(99, 99);
    deepEqual(reports, [
      'In the records, a part of what the flow is still to be told cannot be read; it is taken for unknown.',
    ]);
  });
});
