import assert from 'node:assert/strict';
import { ANA, AnasStage, DAY, HOUR, MINUTE } from './support/ana';

describe('check permission', () => {
  let stage: AnasStage;

  beforeEach(async () => {
    stage = new AnasStage();
    await stage.open();
  });
  afterEach(() => stage.close());

  it('1: callable by a temporary permission, with its end', async () => {
    await stage.permit();
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
    await stage.permit('permanent');
    const { output, msg } = await stage.send('check', { ...ANA });
    assert.equal(output, 1);
    assert.equal(msg['permission'].reason, 'permanent-permission');
    assert.equal(msg['permission'].expiresAt, null);
    assert.equal(msg['permission'].canRequest, false);
  });

  it('2: needs a request where none was ever sent', async () => {
    assert.equal(await stage.leaves('check'), '2 never-requested');
  });

  it('2: needs a request after the permission has run out', async () => {
    await stage.permit();
    await stage.pass(8 * DAY);
    assert.equal(await stage.leaves('check'), '2 expired');
  });

  it('2: needs a request again while an old one still waits, once the courtesy is over', async () => {
    await stage.send('request', { ...ANA });
    await stage.pass(73 * HOUR);
    assert.equal(await stage.leaves('check'), '2 awaiting-reply');
  });

  it('2: needs a request after a "no", once the courtesy is over', async () => {
    await stage.send('request', { ...ANA });
    await stage.pass(MINUTE);
    stage.user.decline();
    await stage.pass(169 * HOUR);
    assert.equal(await stage.leaves('check'), '2 declined');
  });

  it('3: limited while a request waits for its answer', async () => {
    await stage.send('request', { ...ANA });
    await stage.pass(MINUTE);
    assert.equal(await stage.leaves('check'), '3 awaiting-reply');
  });

  it('3: limited after a "no"', async () => {
    await stage.send('request', { ...ANA });
    await stage.pass(MINUTE);
    stage.user.decline();
    await stage.pass(MINUTE);
    assert.equal(await stage.leaves('check'), '3 declined');
  });

  it('3: limited while a call goes on', async () => {
    await stage.permit();
    await stage.send('place', { ...ANA });
    await stage.pass(10_000);
    assert.equal(await stage.leaves('check'), '3 call-in-progress');
  });

  it('3: limited by unanswered calls, before WhatsApp revokes', async () => {
    await stage.permit();
    await stage.call('ignore');
    await stage.call('reject');
    const { output, msg } = await stage.send('check', { ...ANA });
    assert.equal(output, 3);
    assert.equal(msg['permission'].reason, 'unanswered-streak');
    assert.equal(msg['permission'].unanswered, 2);
  });

  it('3: limited by the connected calls of a day', async () => {
    await stage.permit();
    for (let placed = 0; placed < 10; placed += 1) await stage.call('answer');
    const { output, msg } = await stage.send('check', { ...ANA });
    assert.equal(output, 3);
    assert.equal(msg['permission'].reason, 'connected-calls-per-24h');
    assert.equal(msg['permission'].callsLeft, 0);
  });

  it('3: limited while WhatsApp restricts the number, until it says', async () => {
    await stage.send('check', { ...ANA });
    stage.number.restrict(7);
    await stage.pass(MINUTE);
    const { output, msg } = await stage.send('check', { ...ANA });
    assert.equal(output, 3);
    assert.equal(msg['permission'].reason, 'account-restricted');
    assert.match(msg['permission'].retryAt, /^2026-09-08T12:/);
  });

  it('3: limited while calling is switched off, with no end known', async () => {
    stage.number.changeSettings({ status: 'DISABLED' });
    await stage.pass(MINUTE);
    const { output, msg } = await stage.send('check', { ...ANA });
    assert.equal(output, 3);
    assert.equal(msg['permission'].reason, 'account-not-eligible');
    assert.equal(msg['permission'].retryAt, null);
    assert.equal(msg['delay'], HOUR);
  });

  it('4: revoked by the user', async () => {
    await stage.permit();
    stage.user.revoke();
    await stage.pass(MINUTE);
    assert.equal(await stage.leaves('check'), '4 revoked-by-user');
  });

  it('4: revoked by WhatsApp after four unanswered calls in a row', async () => {
    await stage.permit('permanent');
    for (let placed = 0; placed < 4; placed += 1) {
      await stage.call('ignore');
      await stage.pass(3 * DAY);
    }
    assert.equal(await stage.leaves('check'), '4 revoked-after-unanswered');
  });

  it('4: revoked where the user told us not to call', async () => {
    await stage.permit('permanent');
    await stage.send('to-opt-out', { ...ANA });
    assert.equal(await stage.leaves('check'), '4 opted-out');
  });

  it('tells on limited outputs when it is worth trying again, in milliseconds', async () => {
    await stage.send('request', { ...ANA });
    const { msg } = await stage.send('check', { ...ANA });
    assert.equal(msg['delay'], 72 * HOUR);
    assert.equal(Date.parse(msg['permission'].retryAt), stage.simulator.clock.now() + msg['delay']);
  });

  it('never tells a delay that the Delay node would take for none', async () => {
    await stage.send('check', { ...ANA });
    stage.number.restrict(30);
    await stage.pass(MINUTE);
    const { msg } = await stage.send('check', { ...ANA });
    assert.equal(msg['delay'], 2 ** 31 - 1);
  });

  it('has a delay on limited outputs only', async () => {
    const { msg } = await stage.send('check', { ...ANA });
    assert.equal('delay' in msg, false);
  });
});
