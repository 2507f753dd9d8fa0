import assert from 'node:assert/strict';
import { everyNode, Stage, USER } from './support/stage';

const HOUR = 3_600_000;

describe('the recommended flow, on the simulator', () => {
  let stage: Stage;

  beforeEach(() => {
    stage = new Stage();
  });
  afterEach(() => stage.close());

  it('asks for permission, waits, calls, hangs up, and asks again after a revocation', async () => {
    await stage.open(everyNode());
    const contact = { payload: `+${USER}`, memo: { order: 'K-77' } };

    const checked = await stage.send('check', contact);
    assert.equal(checked.output, 2);
    assert.equal(checked.msg['permission'].reason, 'never-requested');
    const requested = await stage.send('request', checked.msg);
    assert.equal(requested.output, 1);

    const granted = stage.next('webhook-1');
    await stage.simulator.clock.advance(60_000);
    stage.simulator.user(USER).accept();
    await stage.simulator.clock.advance(60_000);
    const { payload, memo, permission } = await granted;
    assert.equal(payload, `+${USER}`);
    assert.deepEqual(memo, { order: 'K-77' });
    assert.equal(permission.state, 'callable');

    const placed = await stage.send('place', { payload });
    assert.equal(placed.output, 1);
    const progress = stage.next('webhook-4');
    const ringing = stage.nextEvent('webhook-4', 'call-ringing');
    await stage.simulator.clock.advance(10_000);
    const { call } = await progress;
    await ringing;
    assert.equal(call.id, placed.msg['call'].id);
    assert.equal(call.session.sdp_type, 'answer');

    const answered = stage.next('webhook-4');
    stage.simulator.user(USER).answer();
    await stage.simulator.clock.advance(10_000);
    assert.equal((await answered)['event'].type, 'call-answered');

    const ended = stage.next('webhook-5');
    const hungUp = await stage.send('end', placed.msg);
    assert.equal(hungUp.output, 1);
    await stage.simulator.clock.advance(10_000);
    assert.equal((await ended)['call'].outcome, 'answered');

    const revoked = stage.next('webhook-3');
    stage.simulator.user(USER).revoke();
    await stage.simulator.clock.advance(HOUR);
    assert.equal((await revoked)['event'].type, 'permission-revoked');
    const after = await stage.send('check', { payload });
    assert.equal(after.output, 4);
    assert.equal(after.msg['permission'].reason, 'revoked-by-user');
    assert.equal((await stage.send('request', { payload })).output, 1);
  });
});
