import assert from 'node:assert/strict';
import { Stage, USER } from './support/stage';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ANA = { payload: `+${USER}` };

describe('the outputs of the nodes and their reasons', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = new Stage([{ waId: USER }]);
    await stage.open();
  });
  afterEach(() => stage.close());

  const user = () => stage.simulator.user(USER);
  const number = () => stage.simulator.numbers[0]!;

  /** Where a message leaves, and why. */
  async function leaves(id: string): Promise<string> {
    const { output, msg } = await stage.send(id, { ...ANA });
    return output === 0 ? `caught ${msg['error'].code}` : `${output} ${msg['permission'].reason}`;
  }

  async function permit(kind: 'temporary' | 'permanent' = 'temporary'): Promise<void> {
    await stage.send('check', { ...ANA });
    await stage.pass(MINUTE);
    await stage.send('request', { ...ANA });
    await stage.pass(MINUTE);
    user().accept(undefined, kind);
    await stage.pass(MINUTE);
  }

  /** One call, and how the user takes it; returns when it is over. */
  async function call(how: 'answer' | 'reject' | 'ignore'): Promise<void> {
    const { output, msg } = await stage.send('place', { ...ANA });
    assert.equal(output, 1, `not placed: ${msg['permission']?.reason}`);
    await stage.pass(10_000);
    if (how !== 'ignore') user()[how]();
    await stage.pass(2 * MINUTE);
    if (how === 'answer') user().hangUp();
    await stage.pass(MINUTE);
  }

  describe('check permission', () => {
    it('1: callable by a temporary permission, with its end', async () => {
      await permit();
      const { output, msg } = await stage.send('check', { ...ANA });
      assert.equal(output, 1);
      const { reason, kind, expiresAt, canCall, callsLeft, retryAt } = msg['permission'];
      assert.deepEqual(
        { reason, kind, canCall, callsLeft, retryAt },
        {
          reason: 'temporary-permission',
          kind: 'temporary',
          canCall: true,
          callsLeft: 10,
          retryAt: null,
        },
      );
      assert.match(expiresAt, /^2026-09-08T12:0\d:\d\d\.000Z$/);
    });

    it('1: callable by a permanent permission, without an end', async () => {
      await permit('permanent');
      const { output, msg } = await stage.send('check', { ...ANA });
      assert.equal(output, 1);
      assert.equal(msg['permission'].reason, 'permanent-permission');
      assert.equal(msg['permission'].expiresAt, null);
      assert.equal(msg['permission'].canRequest, false);
    });

    it('2: needs a request where none was ever sent', async () => {
      assert.equal(await leaves('check'), '2 never-requested');
    });

    it('2: needs a request after the permission has run out', async () => {
      await permit();
      await stage.pass(8 * DAY);
      assert.equal(await leaves('check'), '2 expired');
    });

    it('2: needs a request again while an old one still waits, once the courtesy is over', async () => {
      await stage.send('request', { ...ANA });
      await stage.pass(73 * HOUR);
      assert.equal(await leaves('check'), '2 awaiting-reply');
    });

    it('2: needs a request after a "no", once the courtesy is over', async () => {
      await stage.send('request', { ...ANA });
      await stage.pass(MINUTE);
      user().decline();
      await stage.pass(169 * HOUR);
      assert.equal(await leaves('check'), '2 declined');
    });

    it('3: limited while a request waits for its answer', async () => {
      await stage.send('request', { ...ANA });
      await stage.pass(MINUTE);
      assert.equal(await leaves('check'), '3 awaiting-reply');
    });

    it('3: limited after a "no"', async () => {
      await stage.send('request', { ...ANA });
      await stage.pass(MINUTE);
      user().decline();
      await stage.pass(MINUTE);
      assert.equal(await leaves('check'), '3 declined');
    });

    it('3: limited while a call goes on', async () => {
      await permit();
      await stage.send('place', { ...ANA });
      await stage.pass(10_000);
      assert.equal(await leaves('check'), '3 call-in-progress');
    });

    it('3: limited by unanswered calls, before WhatsApp revokes', async () => {
      await permit();
      await call('ignore');
      await call('reject');
      const { output, msg } = await stage.send('check', { ...ANA });
      assert.equal(output, 3);
      assert.equal(msg['permission'].reason, 'unanswered-streak');
      assert.equal(msg['permission'].unanswered, 2);
    });

    it('3: limited by the connected calls of a day', async () => {
      await permit();
      for (let placed = 0; placed < 10; placed += 1) await call('answer');
      const { output, msg } = await stage.send('check', { ...ANA });
      assert.equal(output, 3);
      assert.equal(msg['permission'].reason, 'connected-calls-per-24h');
      assert.equal(msg['permission'].callsLeft, 0);
    });

    it('3: limited while WhatsApp restricts the number, until it says', async () => {
      await stage.send('check', { ...ANA });
      number().restrict(7);
      await stage.pass(MINUTE);
      const { output, msg } = await stage.send('check', { ...ANA });
      assert.equal(output, 3);
      assert.equal(msg['permission'].reason, 'account-restricted');
      assert.match(msg['permission'].retryAt, /^2026-09-08T12:/);
    });

    it('3: limited while calling is switched off, with no end known', async () => {
      number().changeSettings({ status: 'DISABLED' });
      await stage.pass(MINUTE);
      const { output, msg } = await stage.send('check', { ...ANA });
      assert.equal(output, 3);
      assert.equal(msg['permission'].reason, 'account-not-eligible');
      assert.equal(msg['permission'].retryAt, null);
      assert.equal(msg['delay'], HOUR);
    });

    it('4: revoked by the user', async () => {
      await permit();
      user().revoke();
      await stage.pass(MINUTE);
      assert.equal(await leaves('check'), '4 revoked-by-user');
    });

    it('4: revoked by WhatsApp after four unanswered calls in a row', async () => {
      await permit('permanent');
      for (let placed = 0; placed < 4; placed += 1) {
        await call('ignore');
        await stage.pass(3 * DAY);
      }
      assert.equal(await leaves('check'), '4 revoked-after-unanswered');
    });

    it('4: revoked where the user told us not to call', async () => {
      await permit('permanent');
      await stage.send('to-opt-out', { ...ANA });
      assert.equal(await leaves('check'), '4 opted-out');
    });

    it('tells on limited outputs when it is worth trying again, in milliseconds', async () => {
      await stage.send('request', { ...ANA });
      const { msg } = await stage.send('check', { ...ANA });
      assert.equal(msg['delay'], 72 * HOUR);
      assert.equal(
        Date.parse(msg['permission'].retryAt),
        stage.simulator.clock.now() + msg['delay'],
      );
    });

    it('has a delay on limited outputs only', async () => {
      const { msg } = await stage.send('check', { ...ANA });
      assert.equal('delay' in msg, false);
    });
  });

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
      user().write('hello');
      await stage.pass(MINUTE);
      const { msg } = await stage.send('request', { ...ANA });
      assert.equal(msg['request'].kind, 'free-form');
    });

    it('1: requested again after a revocation, where the limits allow it', async () => {
      await permit();
      user().revoke();
      await stage.pass(DAY);
      const { output } = await stage.send('request', { ...ANA });
      assert.equal(output, 1);
    });

    it('2: callable already, and nothing is sent', async () => {
      await permit();
      assert.equal(await leaves('request'), '2 temporary-permission');
      assert.equal(stage.asked.filter((each) => each === 'POST messages').length, 1);
    });

    it('3: limited while a request waits', async () => {
      await stage.send('request', { ...ANA });
      assert.equal(await leaves('request'), '3 awaiting-reply');
      assert.equal(stage.asked.filter((each) => each === 'POST messages').length, 1);
    });

    it('3: limited, not revoked, where a revocation meets the limits', async () => {
      await permit();
      user().revoke();
      await stage.pass(MINUTE);
      const { output, msg } = await stage.send('request', { ...ANA });
      assert.equal(output, 3);
      assert.equal(msg['permission'].state, 'revoked');
      assert.equal(msg['permission'].canRequest, false);
      assert.ok(msg['delay'] > 0 && msg['delay'] < DAY);
    });

    it('4: revoked where the user told us not to call', async () => {
      await stage.send('to-opt-out', { ...ANA });
      assert.equal(await leaves('request'), '4 opted-out');
      assert.deepEqual(stage.asked, []);
    });
  });

  describe('place call', () => {
    it('1: placed, with the id of the call', async () => {
      await permit();
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
      assert.equal(await leaves('place'), '2 never-requested');
      assert.equal(stage.asked.includes('POST calls'), false);
    });

    it('3: limited while a call goes on: the phone rings once', async () => {
      await permit();
      await stage.send('place', { ...ANA });
      const { output, msg } = await stage.send('place', { ...ANA });
      assert.equal(output, 3);
      assert.equal(msg['permission'].reason, 'call-in-progress');
      assert.equal(typeof msg['delay'], 'number');
      assert.equal(stage.asked.filter((each) => each === 'POST calls').length, 1);
    });

    it('4: revoked, and nobody is called', async () => {
      await permit();
      user().revoke();
      await stage.pass(MINUTE);
      assert.equal(await leaves('place'), '4 revoked-by-user');
      assert.equal(stage.asked.includes('POST calls'), false);
    });

    it('places one call of many that are asked for at once', async () => {
      await permit();
      for (let sent = 0; sent < 20; sent += 1) stage.node('place').receive({ ...ANA } as never);
      await stage.next('place-1');
      while (stage.received('place-').length < 20) await stage.quiet();
      assert.equal(stage.received('place-1').length, 1);
      assert.equal(stage.received('place-3').length, 19);
    });
  });

  describe('end call', () => {
    it('1: ended, by the id in msg.call', async () => {
      await permit();
      const placed = await stage.send('place', { ...ANA });
      await stage.pass(10_000);
      const { output, msg } = await stage.send('end', placed.msg);
      assert.equal(output, 1);
      assert.equal(msg['call'].state, 'ended');
      await stage.pass(MINUTE);
      assert.equal(stage.received('webhook-5')[0]?.['call'].outcome, 'cancelled');
    });

    it('is content with a call that is over', async () => {
      await permit();
      const placed = await stage.send('place', { ...ANA });
      await stage.pass(5 * MINUTE);
      assert.equal((await stage.send('end', placed.msg)).output, 1);
    });

    it('does not turn an unanswered call into a cancelled one by hanging up too late', async () => {
      await permit();
      user().setScript({ onCall: 'unreachable' });
      const placed = await stage.send('place', { ...ANA });
      await stage.pass(5 * MINUTE);
      await stage.send('end', placed.msg);
      const { msg } = await stage.send('check', { ...ANA });
      assert.equal(msg['permission'].unanswered, 1);
      assert.equal(number().state(USER).unanswered, 1);
    });
  });

  describe('revoke', () => {
    it('blocks calls and requests until it is restored', async () => {
      await permit('permanent');
      const { output, msg } = await stage.send('to-opt-out', { ...ANA });
      assert.equal(output, 1);
      assert.equal(msg['permission'].reason, 'opted-out');
      assert.equal(await leaves('place'), '4 opted-out');
      assert.equal(await leaves('request'), '4 opted-out');
      await stage.pass(MINUTE);
      assert.equal((await stage.send('to-restore', { ...ANA })).output, 1);
      assert.equal(await leaves('check'), '1 permanent-permission');
    });
  });

  describe('what WhatsApp refuses', () => {
    it('no permission (138006): the records were wrong, and the call leaves by "revoked"', async () => {
      await permit('permanent');
      number().pair(user()).takePermission();
      assert.equal(await leaves('place'), '4 revoked-by-user');
      assert.equal((await stage.send('check', { ...ANA })).msg['permission'].unanswered, 0);
    });

    it('calling switched off (138000): "limited" for the whole number', async () => {
      await permit('permanent');
      number().settings.change({ status: 'DISABLED' });
      assert.equal(await leaves('place'), '3 account-not-eligible');
    });

    it('a restriction (138014): "limited" for the whole number', async () => {
      await permit('permanent');
      number().settings.restrictedUntil = stage.simulator.clock.now() + DAY;
      assert.equal(await leaves('place'), '3 account-restricted');
    });

    it('too many requests (138009) is told before by the look-up', async () => {
      number().pair(user()).countRequest(stage.simulator.clock.now());
      assert.equal(await leaves('request'), '3 requests-per-24h');
      assert.equal(stage.asked.includes('POST messages'), false);
    });
  });
});
