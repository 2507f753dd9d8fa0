import assert from 'node:assert/strict';
import { VirtualClock } from '../../src/simulator';
import { Agenda } from '../../src/simulator/agenda';
import { TaskQueue } from '../../src/simulator/task-queue';

const still = (now = 1000): VirtualClock => new VirtualClock({ manual: true, now });

describe('the virtual clock', () => {
  it('stands still until it is moved', async () => {
    const clock = still();
    assert.equal(clock.now(), 1000);
    await clock.advance(500);
    assert.equal(clock.now(), 1500);
    await clock.moveTo(5000);
    assert.equal(clock.now(), 5000);
  });

  it('runs what falls due in order, each at its own time', async () => {
    const clock = still();
    const ran: [string, number][] = [];
    clock.schedule(3000, () => void ran.push(['late', clock.now()]));
    clock.schedule(2000, () => void ran.push(['early', clock.now()]));
    clock.schedule(2000, () => void ran.push(['early too', clock.now()]));
    clock.schedule(9000, () => void ran.push(['never', clock.now()]));
    await clock.moveTo(4000);
    assert.deepEqual(ran, [
      ['early', 2000],
      ['early too', 2000],
      ['late', 3000],
    ]);
  });

  it('runs what is scheduled meanwhile, and waits for what takes time', async () => {
    const clock = still();
    const ran: number[] = [];
    clock.schedule(2000, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      ran.push(clock.now());
      clock.schedule(2500, () => void ran.push(clock.now()));
    });
    clock.schedule(2700, () => void ran.push(clock.now()));
    await clock.moveTo(3000);
    assert.deepEqual(ran, [2000, 2500, 2700]);
  });

  it('is not broken by a task that fails', async () => {
    const errors: unknown[] = [];
    const clock = new VirtualClock({ manual: true, now: 0, onError: (e) => errors.push(e) });
    let ran = false;
    clock.schedule(1, () => {
      throw new Error('bad task');
    });
    clock.schedule(2, async () => Promise.reject(new Error('bad too')));
    clock.schedule(3, () => void (ran = true));
    await clock.advance(3);
    assert.ok(ran);
    assert.equal(errors.length, 2);
  });

  it('does not run what was cancelled', async () => {
    const clock = still();
    let ran = 0;
    const cancel = clock.schedule(2000, () => void (ran += 1));
    clock.schedule(2001, () => void (ran += 10));
    cancel();
    await clock.moveTo(3000);
    cancel();
    assert.equal(ran, 10);
  });

  it('refuses to go back, and what is not a time', async () => {
    const clock = still();
    await assert.rejects(clock.moveTo(999), { code: 'clock-backwards' });
    await assert.rejects(clock.advance(-1), { code: 'clock-backwards' });
    await assert.rejects(clock.advance(Number.NaN), { code: 'clock-backwards' });
    await clock.advance(1);
    assert.equal(clock.now(), 1001);
  });

  it('queues moves that are asked for at once', async () => {
    const clock = still(0);
    const seen: number[] = [];
    clock.schedule(150, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(clock.now());
    });
    await Promise.all([clock.advance(100), clock.advance(100), clock.advance(100)]);
    assert.deepEqual(seen, [150]);
    assert.equal(clock.now(), 300);
  });

  it('runs at once what is due already, even standing still', async () => {
    const clock = still();
    let ran = false;
    clock.schedule(1000, () => void (ran = true));
    await clock.settled();
    assert.ok(ran);
  });

  it('runs with real time by default, and jumps on top of it', async () => {
    const clock = new VirtualClock({ now: 1_000_000 });
    let ranAt = 0;
    clock.schedule(1_000_000 + 3_600_000, () => void (ranAt = clock.now()));
    await clock.advance(3_600_000);
    assert.equal(ranAt, 4_600_000);
    assert.ok(clock.now() >= 4_600_000 && clock.now() < 4_610_000);
    await new Promise<void>((resolve) => clock.schedule(clock.now() + 5, () => resolve()));
  });
});

describe('the agenda of a simulator', () => {
  it('lays its tasks aside while it is paused, and leaves the clock to others', async () => {
    const clock = still(0);
    const agenda = new Agenda(clock);
    const ran: string[] = [];
    agenda.schedule(10, () => void ran.push('ours'));
    clock.schedule(20, () => void ran.push('theirs'));
    agenda.pause();
    await clock.advance(30);
    assert.deepEqual(ran, ['theirs']);
    agenda.resume();
    await clock.settled();
    assert.deepEqual(ran, ['theirs', 'ours']);
  });
});

describe('the queue of tasks', () => {
  it('gives tasks by time, then by the order they came in, whatever is taken out', () => {
    const queue = new TaskQueue();
    const expected: number[] = [];
    const given: number[] = [];
    for (let i = 0; i < 500; i += 1) {
      const time = (i * 7919) % 101;
      const remove = queue.add({ time, run: () => void given.push(time * 1000 + i) });
      if (i % 3 === 0) remove();
      else expected.push(time * 1000 + i);
    }
    for (let task = queue.takeDue(Infinity); task; task = queue.takeDue(Infinity)) void task.run();
    assert.deepEqual(
      given,
      expected.toSorted((a, b) => a - b),
    );
  });
});
