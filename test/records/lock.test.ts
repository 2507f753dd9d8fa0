import { deepEqual, equal, rejects } from 'node:assert/strict';
import { Locks, NeedsKeys } from '../../src/records/lock';
import { seeded } from './support/wayward-context';

/** A gate that a task waits at until the test opens it. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
};

describe('Locks', () => {
  it('let those who want the same key in one after the other, in their order', async () => {
    const locks = new Locks();
    const log: string[] = [];
    const work = (name: string, hops: number) =>
      locks.exclusive(['a'], async () => {
        log.push(`${name} begins`);
        await turns(hops);
        log.push(`${name} ends`);
      });
    await Promise.all([work('first', 5), work('second', 0), work('third', 2)]);
    deepEqual(log, [
      'first begins',
      'first ends',
      'second begins',
      'second ends',
      'third begins',
      'third ends',
    ]);
  });

  it('let those with different keys work side by side', async () => {
    const locks = new Locks();
    const { opened, open } = gate();
    const waiting = locks.exclusive(['a'], () => opened);
    await locks.exclusive(['b', 'c'], async () => open());
    await waiting;
  });

  it('are free again after a task that failed, at once or later', async () => {
    const locks = new Locks();
    const throwing = locks.exclusive(['a', 'b'], () => {
      throw new Error('at once');
    });
    const rejecting = locks.exclusive(['b'], async () => {
      await turns(1);
      throw new Error('later');
    });
    const next = locks.exclusive(['a', 'b'], async () => 'in');
    await rejects(throwing, /at once/);
    await rejects(rejecting, /later/);
    equal(await next, 'in');
  });

  it('give a task further keys without losing its place to those who came later', async () => {
    const locks = new Locks();
    const log: string[] = [];
    const { opened, open } = gate();
    const holder = locks.exclusive(['main'], () => opened);
    const first = locks.exclusive(['alias'], async (held) => {
      if (!held.has('main')) return new NeedsKeys(['main']);
      log.push(`first holds ${[...held].join(' and ')}`);
      return null;
    });
    const later = ['alias', 'main'].map((key) =>
      locks.exclusive([key], async () => void log.push(`later at ${key}`)),
    );
    await turns(3);
    deepEqual(log, []);
    open();
    await Promise.all([holder, first, ...later]);
    equal(log[0], 'first holds alias and main');
    deepEqual(new Set(log.slice(1)), new Set(['later at alias', 'later at main']));
  });

  it('never wait for each other, whatever keys are wanted in whatever order', async () => {
    const random = seeded(7);
    const pick = (): string => 'abcdef'.charAt(Math.floor(random() * 6));
    const locks = new Locks();
    const busy = new Set<string>();
    const work = (wanted: string[], more: string[]) =>
      locks.exclusive(wanted, async (held) => {
        for (const key of held) equal(busy.has(key), false);
        for (const key of held) busy.add(key);
        await turns(Math.floor(random() * 3));
        for (const key of held) busy.delete(key);
        return more.every((key) => held.has(key)) ? 'done' : new NeedsKeys(more);
      });
    const all = Array.from({ length: 300 }, () => work([pick(), pick()], [pick(), pick()]));
    equal((await Promise.all(all)).filter((outcome) => outcome === 'done').length, 300);
  });
});
