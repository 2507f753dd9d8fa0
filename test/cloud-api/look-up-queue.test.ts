import assert from 'node:assert/strict';
import { LookUpQueue } from '../../src/cloud-api/look-up-queue';
import { failureOf } from './actions';
import { FakeWhatsApp, graphError, PERMISSION } from './fake-whatsapp';

/** Time that passes only while somebody sleeps. */
function virtualTime(start = 1_000_000) {
  const time = { now: start };
  return {
    time,
    now: () => time.now,
    sleep: async (ms: number) => void (time.now += ms),
  };
}

const timesOf = async (queue: LookUpQueue, now: () => number, turns: number) =>
  Promise.all(Array.from({ length: turns }, () => queue.turn().then(now)));

const contact = (index: number) => ({
  waId: `57300123456${index}`,
  userId: null,
  phone: null,
});

describe('cloud-api: the look-up queue', () => {
  it('lets five a second through, evenly spaced, in the order of asking', async () => {
    const { now, sleep } = virtualTime(0);
    const closed = new AbortController().signal;
    const queue = new LookUpQueue({ perSecond: 5, now, sleep, closed });
    assert.deepEqual(await timesOf(queue, now, 7), [0, 200, 400, 600, 800, 1000, 1200]);
  });

  it('waits for nobody who comes late enough', async () => {
    const { time, now, sleep } = virtualTime(0);
    const closed = new AbortController().signal;
    const queue = new LookUpQueue({ perSecond: 5, now, sleep, closed });
    await queue.turn();
    time.now = 5000;
    assert.deepEqual(await timesOf(queue, now, 2), [5000, 5200]);
  });

  it('waits for one interval at most when the clock was set back', async () => {
    const { time, now, sleep } = virtualTime();
    const closed = new AbortController().signal;
    const queue = new LookUpQueue({ perSecond: 5, now, sleep, closed });
    await queue.turn();
    time.now = 0;
    assert.deepEqual(await timesOf(queue, now, 3), [200, 400, 600]);
  });

  it('sends all who wait away when it is closed, and whoever comes later', async () => {
    const closing = new AbortController();
    const queue = new LookUpQueue({
      perSecond: 5,
      now: () => 0,
      sleep: () => new Promise(() => {}),
      closed: closing.signal,
    });
    await queue.turn();
    const waiting = [queue.turn(), queue.turn(), queue.turn()].map(failureOf);
    closing.abort();
    for (const error of await Promise.all([...waiting, failureOf(queue.turn())])) {
      assert.deepEqual([error.code, error.outcome], ['closed', 'not-sent']);
    }
  });

  describe('of a client', () => {
    const whatsapp = new FakeWhatsApp();
    before(() => whatsapp.start());
    after(() => whatsapp.stop());
    it('spaces look-ups by 200 ms by default', async () => {
      const { now, sleep } = virtualTime(0);
      whatsapp.behave({ body: PERMISSION });
      const client = whatsapp.client({ now, sleep });
      const lookUps = [1, 2, 3].map((index) => client.lookUpPermission(contact(index)));
      assert.deepEqual(
        (await Promise.all(lookUps)).map(({ sentAt }) => sentAt),
        [0, 200, 400],
      );
    });

    it('makes repetitions wait for their turn too', async () => {
      const { now, sleep } = virtualTime(0);
      whatsapp.behave({ status: 429, body: graphError(613) }, { body: PERMISSION });
      const client = whatsapp.client({ now, sleep, retryDelay: () => 0 });
      assert.equal((await client.lookUpPermission(contact(1))).sentAt, 200);
    });

    it('sends away who waits when the client is closed, before anything was sent', async () => {
      whatsapp.behave(() => {});
      const client = whatsapp.client({ sleep: () => new Promise(() => {}) });
      const before = whatsapp.seen.length;
      const waiting = [1, 2, 3].map((index) => failureOf(client.lookUpPermission(contact(index))));
      await new Promise(setImmediate);
      client.close();
      const [, ...queued] = await Promise.all(waiting);
      for (const { code, outcome } of queued) {
        assert.deepEqual({ code, outcome }, { code: 'closed', outcome: 'not-sent' });
      }
      assert.ok(whatsapp.seen.length - before <= 1);
    });
  });
});
