import { deepEqual, equal, rejects } from 'node:assert/strict';
import { ChangedMeanwhile, type KeyValueStore } from '../../src/records/key-value-store';
import { Locks } from '../../src/records/lock';
import { Updates } from '../../src/records/updates';

/** A place where others are faster for some time. */
class ContestedStore implements KeyValueStore {
  begun = 0;

  constructor(private readonly contested: number) {}

  get = async (keys: readonly string[]): Promise<unknown[]> => keys.map(() => undefined);
  set = async (): Promise<void> => undefined;

  begin(): KeyValueStore {
    this.begun += 1;
    const isContested = this.begun <= this.contested;
    const set = async (): Promise<void> => {
      if (isContested) throw new ChangedMeanwhile();
    };
    return { get: this.get, set };
  }
}

describe('An update', () => {
  const pauses: number[] = [];
  const updates = (store: KeyValueStore): Updates =>
    new Updates(store, new Locks(), async (attempt) => void pauses.push(attempt));
  beforeEach(() => void (pauses.length = 0));

  it('is run again on new values as long as other processes are faster', async () => {
    const store = new ContestedStore(3);
    let runs = 0;
    const outcome = await updates(store).run(['a'], async (_held, values) => {
      runs += 1;
      await values.set(new Map([['a', runs]]));
      return runs;
    });
    equal(outcome, 4);
    deepEqual(pauses, [1, 2, 3]);
  });

  it('keeps its place before later ones of its own process meanwhile', async () => {
    const all = updates(new ContestedStore(2));
    const done: string[] = [];
    const one = (name: string): Promise<null> =>
      all.run(['a'], async (_held, values) => {
        await values.set(new Map());
        done.push(name);
        return null;
      });
    await Promise.all([one('first'), one('second')]);
    deepEqual(done, ['first', 'second']);
  });

  it('gives up in the end, and fails closed', async () => {
    const store = new ContestedStore(Infinity);
    await rejects(
      updates(store).run(['a'], async (_held, values) => values.set(new Map())),
      { code: 'records-unavailable' },
    );
    equal(store.begun, 200);
  });

  it('that fails by itself is not run again', async () => {
    const store = new ContestedStore(0);
    const fault = new Error('of its own');
    await rejects(
      updates(store).run(['a'], () => Promise.reject(fault)),
      fault,
    );
    equal(store.begun, 1);
  });
});
