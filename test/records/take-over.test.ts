import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { takeOver, type Source } from '../../src/records/take-over';
import type { Records } from '../../src/records/records';
import { MapStore } from './support/map-store';
import {
  count,
  countBoth,
  keys,
  names,
  note,
  noteRecords,
  notesShape,
  tallyShape,
  type Notes,
  type Tally,
} from './support/notes';

const ANA = names({ waId: '34600111222', userId: 'ES.77' });
const BEN = names({ waId: '573001234567' });
const CAI = names({ waId: '34600333444' });
const DAN = names({ waId: '34600555666' });
const DAN_NOW = names({ waId: '34600777888' });
const LETTER = { id: 'letter', at: 9, event: { type: 'news' } };
const keep = ({ notes }: Notes): Notes => ({ notes: notes.filter((text) => text === 'opt-out') });

async function countsIn(records: Records<Notes, Tally, Tally>): Promise<Tally> {
  const { result } = await records.updateCounts((counts, state) => ({
    counts,
    state,
    result: counts,
  }));
  return result;
}

class ListedStore extends MapStore implements Source {
  async keys(prefix: string): Promise<string[]> {
    return [...this.values.keys()].filter((key) => key.startsWith(prefix));
  }
}

describe('Records that move to another place', () => {
  let from: ListedStore;
  let to: MapStore;
  let old: Records<Notes, Tally, Tally>;
  let into: Records<Notes, Tally, Tally>;

  beforeEach(async () => {
    from = new ListedStore();
    to = new MapStore();
    old = noteRecords(from).records;
    into = noteRecords(to).records;
    await old.update(ANA, (record) => ({ ...note('ana')(record), calls: { add: ['wacid.1'] } }));
    await old.update(BEN, note('ben'));
    await old.update(CAI, note('cai'));
    await old.update(CAI, note('opt-out'));
    await old.forget(CAI, keep);
    await old.updateAccount(count(3));
    await old.updateCounts(countBoth);
    await old.update(DAN, note('dan'));
    await old.update(DAN_NOW, note('moved'), { names: DAN, at: 7 });
    await old.update(BEN, (record) => ({ ...note('ben')(record), tell: [LETTER] }));
    from.values.set('theirs', { of: 'somebody else' });
  });

  const move = (): Promise<number> =>
    takeOver({
      from,
      into,
      keys,
      contacts: notesShape,
      account: tallyShape,
      counts: tallyShape,
    });

  const isThere = async (): Promise<void> => {
    const { records, reports } = noteRecords(to);
    deepEqual(await records.read(names({ userId: 'ES.77' })), {
      record: { notes: ['ana'] },
      names: ANA,
    });
    deepEqual((await records.read(BEN)).record, { notes: ['ben'] });
    deepEqual((await records.read(CAI)).record, { notes: ['opt-out'] });
    deepEqual(await records.readAccount(), { count: 4 });
    deepEqual(await countsIn(records), { count: 1 });
    deepEqual((await records.read(DAN)).names, DAN_NOW);
    deepEqual((await records.claim(9, 9)).letters, [{ ...LETTER, at: 9 }]);
    deepEqual(await records.contactOf('wacid.1'), ANA);
    deepEqual(reports, []);
  };

  it('are all there, erased contacts too, and nothing of them stays behind', async () => {
    equal(await move(), 4);
    await isThere();
    deepEqual(from.content, { theirs: { of: 'somebody else' } });
    equal(await move(), 0);
  });

  it('are joined with what is known there already', async () => {
    await into.update(ANA, note('newer'));
    await move();
    deepEqual((await into.read(ANA)).record, { notes: ['ana', 'newer'] });
  });

  it('stay in the old place until all of them are acknowledged in the new one', async () => {
    const before = from.content;
    for (const failing of [1, 2, 3]) {
      to = new MapStore();
      into = noteRecords(to).records;
      const set = to.set.bind(to);
      let left = failing;
      to.set = async (entries) => {
        left -= 1;
        if (left === 0) to.failing = 'set';
        return set(entries);
      };
      await rejects(move(), { code: 'records-unavailable' });
      deepEqual(from.content, before);
      to.failing = null;
    }
    equal(await move(), 4);
    await isThere();
  });

  it('can be moved on where the old place was left half empty', async () => {
    const set = from.set.bind(from);
    from.set = async () => {
      from.set = set;
      throw new Error('killed');
    };
    await rejects(move(), { message: 'killed' });
    from.values.delete(keys.contact(BEN)[0]);
    await move();
    await isThere();
    deepEqual(Object.keys(from.content), ['theirs']);
  });

  it('that cannot be read stay where they are', async () => {
    const [key] = keys.contact(BEN);
    from.values.set(key, { v: 99 });
    equal(await move(), 3);
    deepEqual(Object.keys(from.content).toSorted(), [key, keys.secret, 'theirs'].toSorted());
  });

  it('are not moved where the erased contacts of both places could not be found any more', async () => {
    await into.update(BEN, note('opt-out'));
    await into.forget(BEN, keep);
    const before = from.content;
    await rejects(move(), ({ code, message }: Error & { code: string }) => {
      match(message, /erased in both places/);
      return code === 'records-unavailable';
    });
    deepEqual(from.content, before);
  });
});
