import { deepEqual, doesNotMatch, equal, match, notEqual, ok, rejects } from 'node:assert/strict';
import * as fc from 'fast-check';
import { ContextStore } from '../../src/records/context-store';
import type { KeyValueStore } from '../../src/records/key-value-store';
import { Keys } from '../../src/records/keys';
import { Records } from '../../src/records/records';
import type { ContactNames } from '../../src/rules/contact';
import { MapStore } from './support/map-store';
import { clear, keys, names, note, noteRecords, type Notes, type Tally } from './support/notes';
import { seeded, WaywardContext } from './support/wayward-context';

const EVERYTHING: ContactNames = {
  waId: '551187654321',
  userId: 'BR.13491208655302741918',
  phone: '34600111222',
};
const BY_NUMBER = names({ waId: '551187654321' });
const OTHER_SPELLING = names({ phone: '5511987654321' });
const BY_USER_ID = names({ userId: 'BR.13491208655302741918' });
const OLD_NUMBER = names({ phone: '34600111222' });
const ALL_NAMES = [BY_NUMBER, OTHER_SPELLING, BY_USER_ID, OLD_NUMBER];

/** Every way to write who the person is, what was said and which calls there were. */
const ANYTHING_TOLD =
  /551187654321|5511987654321|87654321|34600111222|600111222|13491208655302741918|BR[._]|wacid|wamid|hello|waId/;

/** Of all notes only the opt-out may stay. */
const keep = ({ notes }: Notes): Notes => ({ notes: notes.filter((text) => text === 'opt-out') });
const keepNothing = (): Notes => ({ notes: [] });

const KEPT = { notes: ['opt-out'] };

interface Place {
  store: KeyValueStore;
  content: () => Record<string, unknown>;
}

function map(): Place {
  const store = new MapStore();
  return { store, content: () => store.content };
}

function wayward(seed: number): Place {
  const context = new WaywardContext(seeded(seed));
  return { store: new ContextStore(context), content: () => context.content };
}

const keysOf = (content: Record<string, unknown>): string[] =>
  Object.keys(content).filter((key) => key !== keys.secret);

/** A person with three names, two calls and an opt-out. */
async function meet(records: Records<Notes, Tally, Tally>): Promise<void> {
  await records.update(BY_USER_ID, (record) => ({
    ...note('opt-out')(record),
    calls: { add: ['our-key', 'wacid.1'] },
  }));
  await records.update(EVERYTHING, (record) => ({
    ...note('hello')(record),
    calls: { add: ['wacid.2'], remove: ['our-key'] },
  }));
}

function erasesThePerson(open: () => Place): void {
  let place: Place;
  let records: Records<Notes, Tally, Tally>;
  let reports: string[];

  beforeEach(async () => {
    place = open();
    ({ records, reports } = noteRecords(place.store));
    await meet(records);
  });
  afterEach(() => deepEqual(reports, []));

  for (const name of [...ALL_NAMES, EVERYTHING]) {
    it(`tells nothing of the person anywhere, erased by ${JSON.stringify(name)}`, async () => {
      match(JSON.stringify(place.content()), ANYTHING_TOLD);
      deepEqual(await records.forget(name, keep), {
        names: name === OTHER_SPELLING ? { ...EVERYTHING, phone: name.phone } : EVERYTHING,
        kept: KEPT,
      });
      doesNotMatch(JSON.stringify(place.content()), ANYTHING_TOLD);
      equal(keysOf(place.content()).length, 3);
    });
  }

  it('finds what was kept under each name and spelling, and changes nothing by looking', async () => {
    await records.forget(OLD_NUMBER, keep);
    const erased = place.content();
    for (const name of ALL_NAMES) {
      deepEqual(await records.read(name), { record: KEPT, names: name });
    }
    deepEqual((await records.read(EVERYTHING)).record, KEPT);
    deepEqual(place.content(), erased);
  });

  it('lets no call lead to the person any more', async () => {
    deepEqual(await records.contactOf('wacid.1'), BY_USER_ID);
    deepEqual(await records.contactOf('wacid.2'), EVERYTHING);
    await records.forget(BY_NUMBER, keep);
    for (const id of ['our-key', 'wacid.1', 'wacid.2']) equal(await records.contactOf(id), null);
  });

  it('leaves nothing at all where nothing is to be kept, not even a secret', async () => {
    await records.forget(BY_USER_ID, keepNothing);
    deepEqual(place.content(), {});
  });

  it('keeps nothing of who was never known', async () => {
    const before = place.content();
    const stranger = names({ waId: '573001234567' });
    deepEqual(await records.forget(stranger, keep), { names: stranger, kept: { notes: [] } });
    deepEqual(place.content(), before);
  });

  it('changes nothing when it is done twice, by any name, and forgets what was kept when told to', async () => {
    await records.forget(EVERYTHING, keep);
    const erased = place.content();
    await records.forget(EVERYTHING, keep);
    deepEqual(place.content(), erased);
    for (const name of ALL_NAMES) {
      deepEqual((await records.forget(name, keep)).kept, KEPT);
      deepEqual(keysOf(place.content()).toSorted(), keysOf(erased).toSorted());
    }
    for (const name of ALL_NAMES) deepEqual((await records.read(name)).record, KEPT);
    await records.forget(OLD_NUMBER, keepNothing);
    deepEqual(keysOf(place.content()), []);
  });

  it('makes what was kept part of the record when the person comes back', async () => {
    await records.forget(EVERYTHING, keep);
    const { before, after } = await records.update(EVERYTHING, note('back'));
    deepEqual([before, after], [KEPT, { notes: ['back', 'opt-out'] }]);
    deepEqual(keysOf(place.content()).toSorted(), keys.contact(EVERYTHING).toSorted());
  });

  it('finds it under every other name too, once the person came back under one', async () => {
    for (const back of ALL_NAMES) {
      await records.forget(EVERYTHING, keep);
      await records.update(back, note('back'));
      doesNotMatch(JSON.stringify(place.content()), /hello|wacid/);
      for (const name of ALL_NAMES) {
        deepEqual((await records.read(name)).record, { notes: ['back', 'opt-out'] });
      }
      for (const name of ALL_NAMES.toReversed()) await records.update(name, note('again'));
      deepEqual(keysOf(place.content()).toSorted(), keys.contact(EVERYTHING).toSorted());
    }
  });

  it('erases again who came back under one name, under all of them', async () => {
    await records.forget(EVERYTHING, keep);
    await records.update(BY_USER_ID, note('hello'));
    await records.forget(BY_USER_ID, keep);
    doesNotMatch(JSON.stringify(place.content()), ANYTHING_TOLD);
    equal(keysOf(place.content()).length, 3);
    for (const name of ALL_NAMES) deepEqual((await records.read(name)).record, KEPT);
  });

  it('leaves nothing when the person came back and there is nothing left to know', async () => {
    await records.forget(EVERYTHING, keep);
    await records.update(BY_USER_ID, clear);
    deepEqual(keysOf(place.content()), []);
  });

  it('unites it with what another name of the person had of its own', async () => {
    await records.forget(EVERYTHING, keep);
    const moved = names({ waId: '573001234567' });
    await records.update(moved, note('another number'));
    const both = { ...moved, userId: EVERYTHING.userId };
    const all = { notes: ['another number', 'opt-out'] };
    deepEqual((await records.read(both)).record, all);
    await records.update(both, note('opt-out'));
    for (const name of [...ALL_NAMES, moved]) deepEqual((await records.read(name)).record, all);
  });

  it('happens wholly before or wholly after an update, as they were asked for', async () => {
    const [, first] = await Promise.all([
      records.update(BY_USER_ID, note('before')),
      records.forget(BY_USER_ID, keep),
    ]);
    deepEqual(first.kept, KEPT);
    const [, second] = await Promise.all([
      records.forget(OLD_NUMBER, keep),
      records.update(OLD_NUMBER, note('after')),
    ]);
    deepEqual([second.before, second.after], [KEPT, { notes: ['after', 'opt-out'] }]);
  });
}

describe('Erasing a person, with the records in a map', () => erasesThePerson(map));

for (const seed of [1, 2, 3]) {
  describe(`Erasing a person, with an asynchronous store, seed ${seed}`, () =>
    erasesThePerson(() => wayward(seed)));
}

describe('Erasing persons', () => {
  it('follows a chain of aliases to the end', async () => {
    const store = new MapStore();
    const { records } = noteRecords(store);
    const [main] = keys.contact(BY_NUMBER);
    const [id] = keys.contact(BY_USER_ID);
    const [old] = keys.contact(OLD_NUMBER);
    await records.update(BY_NUMBER, note('opt-out'));
    store.values.set(id, { alias: old });
    store.values.set(old, { alias: main });
    await records.forget(BY_USER_ID, keep);
    doesNotMatch(JSON.stringify(store.content), ANYTHING_TOLD);
    for (const name of ALL_NAMES) deepEqual((await records.read(name)).record, KEPT);
  });

  it('is one write, and takes a second only for the secret of the account, once', async () => {
    const store = new MapStore();
    const { records } = noteRecords(store);
    await meet(records);
    const carlos = names({ waId: '573001234567' });
    await records.update(carlos, note('opt-out'));
    store.changes.length = 0;
    await records.forget(EVERYTHING, keep);
    deepEqual(
      store.changes.map((change) => change.length),
      [1, 3 + 3 + 2],
    );
    deepEqual(store.changes[0]?.[0]?.[0], keys.secret);
    const secret = store.values.get(keys.secret);
    await records.forget(carlos, keep);
    equal(store.changes.length, 3);
    deepEqual(store.values.get(keys.secret), secret);
  });

  it('uses a secret of 256 random bits, another for each account', async () => {
    const secrets = await Promise.all(
      [map(), map()].map(async ({ store, content }) => {
        const { records } = noteRecords(store);
        await meet(records);
        await records.forget(EVERYTHING, keep);
        return (content()[keys.secret] as { secret: string }).secret;
      }),
    );
    for (const secret of secrets) match(secret, /^[0-9a-f]{64}$/);
    notEqual(secrets[0], secrets[1]);
  });

  it('makes one secret only, however many are erased at a time', async () => {
    const { store, content } = wayward(7);
    const { records } = noteRecords(store);
    const people = Array.from({ length: 20 }, (_, i) => names({ waId: `5730012340${10 + i}` }));
    await Promise.all(people.map((person) => records.update(person, note('opt-out'))));
    await Promise.all(people.map((person) => records.forget(person, keep)));
    doesNotMatch(JSON.stringify(content()), /5730012340/);
    for (const person of people) deepEqual((await records.read(person)).record, KEPT);
  });

  it('is known after a restart, and at once to whoever else uses the same store', async () => {
    const store = new MapStore();
    const { records } = noteRecords(store);
    await meet(records);
    const other = noteRecords(store).records;
    deepEqual((await other.read(BY_USER_ID)).record, { notes: ['hello', 'opt-out'] });
    await records.forget(EVERYTHING, keep);
    deepEqual((await other.read(BY_USER_ID)).record, KEPT);
    deepEqual((await noteRecords(store).records.read(OLD_NUMBER)).record, KEPT);
  });

  it('costs no further reading, neither where nobody was erased nor afterwards', async () => {
    const store = new MapStore();
    const { records } = noteRecords(store);
    await records.update(BY_NUMBER, note('opt-out'));
    const readsOf = async (task: () => Promise<unknown>): Promise<number> => {
      store.reads = 0;
      await task();
      return store.reads;
    };
    const carlos = names({ waId: '573001234567' });
    equal(await readsOf(() => records.read(carlos)), 1);
    equal(await readsOf(() => records.update(BY_NUMBER, note('hello'))), 1);
    await records.forget(BY_NUMBER, keep);
    equal(await readsOf(() => records.read(carlos)), 1);
    equal(await readsOf(() => records.read(BY_NUMBER)), 1);
    equal(await readsOf(() => records.update(BY_NUMBER, note('hello'))), 1);
  });

  it('erases nothing on the simulator for a contact of the real account, and the other way round', async () => {
    const store = new MapStore();
    const { records } = noteRecords(store);
    const virtual = noteRecords(
      store,
      new Keys({ phoneNumberId: '106540352242922', simulated: true }),
    );
    await virtual.records.update(BY_NUMBER, note('virtual'));
    await records.update(BY_NUMBER, note('opt-out'));
    await records.forget(BY_NUMBER, keep);
    deepEqual((await virtual.records.read(BY_NUMBER)).record, { notes: ['virtual'] });
  });

  it('leaves the person whole where the change throws or the backend fails', async () => {
    const store = new MapStore();
    const { records } = noteRecords(store);
    await meet(records);
    const before = store.content;
    const broken = (): never => {
      throw new Error('a fault in the change');
    };
    await rejects(records.forget(EVERYTHING, broken), /a fault in the change/);
    for (const failing of ['get', 'set'] as const) {
      store.failing = failing;
      await rejects(records.forget(EVERYTHING, keep), { code: 'records-unavailable' });
    }
    store.failing = null;
    deepEqual(store.content, before);
    deepEqual((await records.forget(EVERYTHING, keep)).kept, KEPT);
  });

  it('reports a secret that cannot be read, without which nobody is found any more', async () => {
    const store = new MapStore();
    await meet(noteRecords(store).records);
    await noteRecords(store).records.forget(EVERYTHING, keep);
    store.values.set(keys.secret, { v: 1, secret: 7 });
    const { records, reports } = noteRecords(store);
    deepEqual((await records.read(BY_NUMBER)).record, { notes: [] });
    await records.read(BY_NUMBER);
    deepEqual(reports, [
      'In the records, the secret of the erased contacts cannot be read; it is taken for unknown.',
    ]);
  });

  it('keeps an opt-out through whatever happens, at a time or one after the other', async () => {
    const someNames = fc
      .subarray(['waId', 'userId', 'phone'] as const, { minLength: 1 })
      .map((known) => names(Object.fromEntries(known.map((name) => [name, EVERYTHING[name]]))));
    const step = fc.record({ contact: someNames, isForgotten: fc.boolean() });
    const scenario = fc.record({
      steps: fc.array(step, { maxLength: 10 }),
      seed: fc.integer(),
      atOnce: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ steps, seed, atOnce }) => {
        const { store, content } = wayward(seed);
        const processes = [noteRecords(store), noteRecords(store)] as const;
        const { records } = processes[0];
        await meet(records);
        const tasks = steps.map(({ contact, isForgotten }, i) => () => {
          const turn = atOnce ? records : (processes[i % 2]?.records ?? records);
          const calls = { add: [`wacid.late.${i}`] };
          return isForgotten
            ? turn.forget(contact, keep)
            : turn.update(contact, (record) => ({ ...note(`hello ${i}`)(record), calls }));
        });
        if (atOnce) await Promise.all(tasks.map((task) => task()));
        else for (const task of tasks) await task();
        const { notes } = (await records.read(EVERYTHING)).record;
        ok(notes.includes('opt-out'));
        for (const name of ALL_NAMES) deepEqual((await records.read(name)).record.notes, notes);
        for (const [i, { isForgotten }] of steps.entries()) {
          const isThere = notes.includes(`hello ${i}`);
          if (!atOnce) equal(isThere, !isForgotten && survives(steps, i));
          equal((await records.contactOf(`wacid.late.${i}`)) !== null, isThere);
        }
        await records.forget(BY_USER_ID, keep);
        doesNotMatch(JSON.stringify(content()), ANYTHING_TOLD);
        equal(keysOf(content()).length, 3);
        deepEqual(
          processes.flatMap(({ reports }) => reports),
          [],
        );
      }),
      { numRuns: Number(process.env['RUNS'] ?? 200) },
    );
  });
});

/** Whether a note is still there at the end: nobody erased the person after it. */
const survives = (steps: { isForgotten: boolean }[], index: number): boolean =>
  !steps.slice(index).some(({ isForgotten }) => isForgotten);
