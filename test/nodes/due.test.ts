import assert from 'node:assert/strict';
import { replied, seconds, terminated } from './support/bodies';
import { ShakyStore } from './support/shaky-store';
import { everyNode, Stage, USER, type Deploy, type FlowNode, type Message } from './support/stage';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ANA = { payload: `+${USER}` };

/** All nodes that can remind do. */
const reminding = (account: object = {}): FlowNode[] =>
  everyNode({
    account,
    check: { remind: true },
    request: { remind: true },
    place: { remind: true },
  });

describe('handle webhook tells what time alone brings about', () => {
  let stage: Stage;

  beforeEach(() => {
    stage = new Stage();
  });
  afterEach(() => stage.close());

  /** What was told about permissions and calls, and forgets it; statuses of the requests' messages are none. */
  const news = (): string[] => stage.told().filter((each) => each !== '7:unknown');
  const user = () => stage.simulator.user(USER);
  const only = (id: string): Message => {
    const all = stage.received(id);
    assert.equal(all.length, 1);
    return all[0]!;
  };

  async function request(memo?: unknown): Promise<void> {
    assert.equal((await stage.send('request', { ...ANA, memo })).output, 1);
    await stage.pass(MINUTE);
  }

  async function permit(memo?: unknown): Promise<void> {
    await request(memo);
    user().accept();
    await stage.pass(MINUTE);
    news();
  }

  it('a permission that has run out, after asking WhatsApp, as "revoked or expired"', async () => {
    await stage.open();
    await permit({ order: 77 });
    const asked = stage.asked.length;
    await stage.pass(7 * DAY);
    const msg = only('webhook-3');
    assert.equal(msg.payload, ANA.payload);
    assert.equal(msg['event'].type, 'permission-expired');
    assert.match(msg['event'].at, /^2026-09-08T12:0\d:\d\d\.000Z$/);
    assert.deepEqual([msg['event'].id, msg['event'].raw, msg['event'].again], [null, null, false]);
    assert.equal(msg['permission'].reason, 'expired');
    assert.equal(msg['permission'].canRequest, true);
    assert.deepEqual(msg['memo'], { order: 77 });
    assert.deepEqual(stage.asked.slice(asked), ['GET call_permissions']);
    await stage.pass(30 * DAY);
    assert.deepEqual(news(), ['3:permission-expired']);
  });

  it('nothing of a permission that the user has made permanent, though the webhook was lost', async () => {
    await stage.open();
    await permit();
    stage.simulator.numbers[0]!.sendWebhooksTo(null);
    user().grant();
    await stage.pass(30 * DAY);
    assert.deepEqual(news(), []);
    assert.equal((await stage.send('check', { ...ANA })).msg['permission'].kind, 'permanent');
  });

  it('a request that nobody answered, with its memo', async () => {
    await stage.open();
    const { msg: sent } = await stage.send('request', { ...ANA, memo: 'K-77' });
    await stage.pass(8 * DAY);
    const msg = only('webhook-3');
    assert.equal(msg['event'].type, 'request-lapsed');
    assert.equal(msg['memo'], 'K-77');
    assert.equal(msg['request'].id, sent['request'].id);
    assert.equal(msg['event'].at, msg['request'].expiresAt);
    await stage.pass(30 * DAY);
    assert.deepEqual(news(), ['3:request-lapsed']);
  });

  it('a call of which WhatsApp says no more, and a late end only corrects what is known', async () => {
    await stage.open();
    await permit();
    stage.simulator.numbers[0]!.sendWebhooksTo(null);
    const { msg: sent } = await stage.send('place', { ...ANA, memo: 'call 1' });
    await stage.pass(5 * MINUTE);
    const msg = only('webhook-5');
    assert.equal(msg['call'].id, sent['call'].id);
    assert.deepEqual([msg['call'].state, msg['call'].outcome], ['ended', 'no-answer']);
    assert.deepEqual([msg['memo'], msg['permission'].unanswered], ['call 1', 1]);
    await restoreWebhooks();
    const after = (ms: number) => seconds(2 * 60 + ms / SECOND);
    await stage.tell(terminated({ id: sent['call'].id, at: after(MINUTE), talked: 20 }));
    assert.deepEqual(news(), ['5:call-ended']);
    assert.equal((await stage.send('check', { ...ANA })).msg['permission'].unanswered, 0);
  });

  /** A deploy connects the number again. */
  async function restoreWebhooks(): Promise<void> {
    await stage.deploy(everyNode({ account: { name: 'again' } }), 'full');
  }

  describe('"try again"', () => {
    it('with the memo, when it is worth trying, from each node that leaves by "limited"', async () => {
      await stage.open(reminding());
      await request();
      for (const [id, memo] of [
        ['check', { from: 'check' }],
        ['request', { from: 'request' }],
        ['place', { from: 'place' }],
      ] as const) {
        const { output, msg } = await stage.send(id, { ...ANA, memo });
        assert.equal(output, 3);
        const wait = msg['delay'] as number;
        await stage.pass(wait - 1);
        assert.deepEqual(news(), []);
        await stage.pass(1);
        const again = only('webhook-6');
        assert.equal(again.payload, ANA.payload);
        assert.equal(again['event'].type, 'try-again');
        assert.equal(again['event'].at, msg['permission'].retryAt);
        assert.deepEqual(again['memo'], memo);
        assert.equal(again['permission'].state, 'needs-request');
        assert.deepEqual(news(), ['6:try-again']);
        await request();
      }
    });

    it('not without the check box, and not where a message leaves otherwise', async () => {
      await stage.open();
      await request();
      assert.equal((await stage.send('check', { ...ANA, memo: 1 })).output, 3);
      await stage.pass(6 * DAY);
      assert.deepEqual(news(), []);
      await stage.deploy(reminding(), 'full');
      assert.equal((await stage.send('check', { ...ANA, memo: 1 })).output, 2);
      await stage.pass(30 * DAY);
      assert.deepEqual(news(), ['3:request-lapsed']);
    });

    it('keeps no memo that it cannot keep: check permission says so, and only where it reminds', async () => {
      await stage.open(reminding());
      const memo = 'x'.repeat(2000);
      assert.equal(await stage.failureOf('check', { ...ANA, memo }), 'memo-too-large');
      await stage.deploy(everyNode({ account: { name: 'other' } }), 'full');
      assert.equal((await stage.send('check', { ...ANA, memo })).output, 2);
    });

    it('says it to nobody who was forgotten or opted out', async () => {
      await stage.open(reminding());
      await request();
      await stage.send('check', { ...ANA, memo: 'secret' });
      await stage.send('to-forget', { ...ANA });
      await stage.pass(30 * DAY);
      await request();
      await stage.send('check', { ...ANA });
      await stage.send('to-opt-out', { ...ANA });
      await stage.pass(6 * DAY);
      assert.deepEqual(news(), []);
    });

    for (const how of ['full', 'flows', 'nodes'] satisfies Deploy[]) {
      it(`once, days and deploys (${how}) later`, async () => {
        await stage.open(reminding());
        await request();
        await stage.send('check', { ...ANA, memo: 'kept' });
        for (let day = 0; day < 5; day += 1) {
          await stage.pass(DAY);
          await stage.deploy(reminding({ name: `day ${day}` }), how);
        }
        assert.equal(only('webhook-6')['memo'], 'kept');
      });
    }

    it('once, as soon as Node-RED runs again, where the moment has passed meanwhile', async () => {
      const store = new ShakyStore();
      const flow = reminding({ contextStore: 'shaky' });
      await stage.open(flow, store.options);
      await request();
      await stage.send('check', { ...ANA, memo: 'kept' });
      await stage.restartAfter(5 * DAY, flow, store.options);
      await stage.pass(MINUTE);
      const msg = only('webhook-6');
      assert.equal(msg['memo'], 'kept');
      assert.match(msg['event'].at, /^2026-09-04T/);
    });

    it('a minute late where the store failed at that moment, with a warning', async () => {
      const store = new ShakyStore();
      await stage.open(reminding({ contextStore: 'shaky' }), store.options);
      await request();
      const { msg } = await stage.send('check', { ...ANA, memo: 'kept' });
      await stage.pass((msg['delay'] as number) - 1);
      store.isBroken = true;
      await stage.pass(1);
      assert.deepEqual(news(), []);
      assert.match(stage.logged('account').join(), /warn: .*cannot be told yet.*could not be/);
      store.isBroken = false;
      await stage.pass(MINUTE);
      assert.deepEqual(news(), ['6:try-again']);
    });
  });

  describe('calling hours', () => {
    const hours = {
      timeZone: 'America/Bogota',
      ranges: [{ days: ['tue', 'wed'], from: '08:00', to: '18:00' }],
      holidays: ['2026-09-02'],
    };
    const policyOverrides = JSON.stringify({ callingHours: hours });

    it('limit calls, not requests, with the exact moment at which they open', async () => {
      await stage.open(reminding({ policyOverrides }));
      // Tuesday, 07:00 in Bogota.
      await request();
      user().accept();
      await stage.pass(MINUTE);
      news();
      for (const id of ['check', 'place']) {
        const { output, msg } = await stage.send(id, { ...ANA });
        assert.equal(output, 3);
        assert.equal(msg['permission'].reason, 'outside-calling-hours');
        assert.equal(msg['permission'].retryAt, '2026-09-01T13:00:00.000Z');
      }
      await stage.pass(HOUR - 2 * MINUTE);
      assert.deepEqual(news(), ['6:try-again']);
      assert.equal((await stage.send('place', { ...ANA })).output, 1);
      await stage.pass(10 * HOUR);
      const { msg } = await stage.send('check', { ...ANA });
      // The permission has run out before the next Tuesday's hours: that is when asking makes sense.
      assert.match(msg['permission'].retryAt, /^2026-09-08T12:0\d/);
    });

    it('that cannot be read stop the account, and say why', async () => {
      const wrong = JSON.stringify({ callingHours: { ...hours, timeZone: 'Bogota' } });
      await stage.open(reminding({ policyOverrides: wrong }));
      assert.equal(await stage.failureOf('check', { ...ANA }), 'invalid-policy');
      assert.match(stage.logged('account').join(), /time zone/);
    });
  });

  it('in order after a week without Node-RED, while WhatsApp repeats what it could not tell', async () => {
    const store = new ShakyStore();
    const flow = reminding({ contextStore: 'shaky' });
    await stage.open(flow, store.options);
    await request('first');
    await stage.restartAfter(8 * DAY, flow, store.options);
    await stage.pass(SECOND);
    assert.deepEqual(news(), ['3:request-lapsed']);
    await stage.tell(replied('accept', { at: seconds(3 * 24 * 3600) }));
    assert.deepEqual(news(), ['1:permission-granted']);
  });
});
