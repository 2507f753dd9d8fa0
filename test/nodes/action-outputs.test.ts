import assert from 'node:assert/strict';
import { ANA, AnasStage, DAY, MINUTE } from './support/ana';
import { USER } from './support/stage';

describe('the outputs of the nodes that act', () => {
  let stage: AnasStage;

  beforeEach(async () => {
    stage = new AnasStage();
    await stage.open();
  });
  afterEach(() => stage.close());

  describe('request permission', () => {
    it('1: requested, with what was sent and when it lapses', async () => {
      await stage.send('check', { ...ANA });
      await stage.pass(MINUTE);
      const { output, msg } = await stage.send('request', { ...ANA });
      assert.equal(output, 1);
      const { id, kind, sentAt, expiresAt } = msg['request'];
      assert.match(id, /^wamid\./);
      assert.equal(kind, 'template');
      assert.equal(sentAt, '2026-09-01T12:01:00.000Z');
      assert.equal(expiresAt, '2026-09-08T12:01:00.000Z');
      assert.equal(msg['permission'].requestsLeft, 0);
      assert.equal(msg['permission'].reason, 'awaiting-reply');
    });

    it('1: free-form inside the service window, by template outside', async () => {
      stage.user.write('hello');
      await stage.pass(MINUTE);
      const { msg } = await stage.send('request', { ...ANA });
      assert.equal(msg['request'].kind, 'free-form');
    });

    it('1: requested again after a revocation, where the limits allow it', async () => {
      await stage.permit();
      stage.user.revoke();
      await stage.pass(DAY);
      const { output } = await stage.send('request', { ...ANA });
      assert.equal(output, 1);
    });

    it('2: callable already, and nothing is sent', async () => {
      await stage.permit();
      assert.equal(await stage.leaves('request'), '2 temporary-permission');
      assert.equal(stage.asked.filter((each) => each === 'POST messages').length, 1);
    });

    it('3: limited while a request waits', async () => {
      await stage.send('request', { ...ANA });
      assert.equal(await stage.leaves('request'), '3 awaiting-reply');
      assert.equal(stage.asked.filter((each) => each === 'POST messages').length, 1);
    });

    it('3: limited, not revoked, where a revocation meets the limits', async () => {
      await stage.permit();
      stage.user.revoke();
      await stage.pass(MINUTE);
      const { output, msg } = await stage.send('request', { ...ANA });
      assert.equal(output, 3);
      assert.equal(msg['permission'].state, 'revoked');
      assert.equal(msg['permission'].canRequest, false);
      assert.ok(msg['delay'] > 0 && msg['delay'] < DAY);
    });

    it('4: revoked where the user told us not to call', async () => {
      await stage.send('to-opt-out', { ...ANA });
      assert.equal(await stage.leaves('request'), '4 opted-out');
      assert.deepEqual(stage.asked, []);
    });
  });

  describe('place call', () => {
    it('1: placed, with the id of the call', async () => {
      await stage.permit();
      const { output, msg } = await stage.send('place', { ...ANA });
      assert.equal(output, 1);
      assert.match(msg['call'].id, /^wacid\./);
      const { state, outcome, startedAt, endedAt, durationSeconds, error, session } = msg['call'];
      assert.deepEqual(
        { state, outcome, startedAt, endedAt, durationSeconds, error, session },
        {
          state: 'placed',
          outcome: null,
          startedAt: null,
          endedAt: null,
          durationSeconds: null,
          error: null,
          session: null,
        },
      );
      assert.equal(msg['permission'].reason, 'call-in-progress');
    });

    it('2: needs a request, and nobody is called', async () => {
      assert.equal(await stage.leaves('place'), '2 never-requested');
      assert.equal(stage.asked.includes('POST calls'), false);
    });

    it('3: limited while a call goes on: the phone rings once', async () => {
      await stage.permit();
      await stage.send('place', { ...ANA });
      const { output, msg } = await stage.send('place', { ...ANA });
      assert.equal(output, 3);
      assert.equal(msg['permission'].reason, 'call-in-progress');
      assert.equal(typeof msg['delay'], 'number');
      assert.equal(stage.asked.filter((each) => each === 'POST calls').length, 1);
    });

    it('4: revoked, and nobody is called', async () => {
      await stage.permit();
      stage.user.revoke();
      await stage.pass(MINUTE);
      assert.equal(await stage.leaves('place'), '4 revoked-by-user');
      assert.equal(stage.asked.includes('POST calls'), false);
    });

    it('places one call of many that are asked for at once', async () => {
      await stage.permit();
      for (let sent = 0; sent < 20; sent += 1) stage.node('place').receive({ ...ANA });
      await stage.next('place-1');
      while (stage.received('place-').length < 20) await stage.quiet();
      assert.equal(stage.received('place-1').length, 1);
      assert.equal(stage.received('place-3').length, 19);
    });
  });

  describe('end call', () => {
    it('1: ended, by the id in msg.call', async () => {
      await stage.permit();
      const placed = await stage.send('place', { ...ANA });
      await stage.pass(10_000);
      const { output, msg } = await stage.send('end', placed.msg);
      assert.equal(output, 1);
      assert.equal(msg['call'].state, 'ended');
      await stage.pass(MINUTE);
      assert.equal(stage.received('webhook-5')[0]?.['call'].outcome, 'cancelled');
    });

    it('is content with a call that is over', async () => {
      await stage.permit();
      const placed = await stage.send('place', { ...ANA });
      await stage.pass(5 * MINUTE);
      assert.equal((await stage.send('end', placed.msg)).output, 1);
    });

    it('does not turn an unanswered call into a cancelled one by hanging up too late', async () => {
      await stage.permit();
      stage.user.setScript({ onCall: 'unreachable' });
      const placed = await stage.send('place', { ...ANA });
      await stage.pass(5 * MINUTE);
      await stage.send('end', placed.msg);
      const { msg } = await stage.send('check', { ...ANA });
      assert.equal(msg['permission'].unanswered, 1);
      assert.equal(stage.number.state(USER).unanswered, 1);
    });
  });

  describe('revoke', () => {
    it('blocks calls and requests until it is restored', async () => {
      await stage.permit('permanent');
      const { output, msg } = await stage.send('to-opt-out', { ...ANA });
      assert.equal(output, 1);
      assert.equal(msg['permission'].reason, 'opted-out');
      assert.equal(await stage.leaves('place'), '4 opted-out');
      assert.equal(await stage.leaves('request'), '4 opted-out');
      await stage.pass(MINUTE);
      assert.equal((await stage.send('to-restore', { ...ANA })).output, 1);
      assert.equal(await stage.leaves('check'), '1 permanent-permission');
    });
  });

  describe('what WhatsApp refuses', () => {
    it('no permission (138006): the records were wrong, and the call leaves by "revoked"', async () => {
      await stage.permit('permanent');
      stage.number.pair(stage.user).takePermission();
      assert.equal(await stage.leaves('place'), '4 revoked-by-user');
      assert.equal((await stage.send('check', { ...ANA })).msg['permission'].unanswered, 0);
    });

    it('calling switched off (138000): "limited" for the whole number', async () => {
      await stage.permit('permanent');
      stage.number.settings.change({ status: 'DISABLED' });
      assert.equal(await stage.leaves('place'), '3 account-not-eligible');
    });

    it('a restriction (138014): "limited" for the whole number', async () => {
      await stage.permit('permanent');
      stage.number.settings.restrictedUntil = stage.simulator.clock.now() + DAY;
      assert.equal(await stage.leaves('place'), '3 account-restricted');
    });

    it('too many requests (138009) is told before by the look-up', async () => {
      stage.number.pair(stage.user).countRequest(stage.simulator.clock.now());
      assert.equal(await stage.leaves('request'), '3 requests-per-24h');
      assert.equal(stage.asked.includes('POST messages'), false);
    });
  });
});
