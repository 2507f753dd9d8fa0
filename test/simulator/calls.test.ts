import assert from 'node:assert/strict';
import { DAY, START, World } from './world';

const session = (sdp: string, type = 'offer') => ({ session: { sdp_type: type, sdp } });

describe('calls on the virtual WhatsApp', () => {
  let world: World;

  beforeEach(async () => {
    world = await new World().listen();
    world.ana.grant();
    await world.pass(1);
  });
  afterEach(() => world.simulator.close());

  const callNews = (): string[] =>
    world.webhooks
      .map(({ entry }) => entry[0].changes[0])
      .filter(({ field }) => field === 'calls')
      .map(({ value }) => value.calls?.[0].event ?? value.statuses[0].status);

  it('are connected to the relay, ring, are picked up and end with times', async () => {
    const { status, body } = await world.call(undefined, { biz_opaque_callback_data: 'flow:9' });
    assert.equal(status, 200);
    const id = body.calls[0].id;
    assert.match(id, /^wacid\./);
    assert.deepEqual(callNews(), []);
    await world.pass(6);
    assert.deepEqual(callNews(), ['connect', 'RINGING']);
    const pickUp = Math.floor(world.clock.now() / 1000);
    world.ana.answer();
    await world.pass(55);
    assert.deepEqual(callNews(), ['connect', 'RINGING', 'ACCEPTED']);
    world.ana.hangUp();
    await world.pass(2);
    assert.deepEqual(callNews(), ['connect', 'RINGING', 'ACCEPTED', 'terminate']);
    const [connect, end] = world.told('calls');
    assert.equal(connect.session.sdp_type, 'answer');
    assert.equal(end.id, id);
    assert.equal(end.direction, 'BUSINESS_INITIATED');
    assert.equal(end.status, 'COMPLETED');
    assert.equal(end.start_time, String(pickUp));
    assert.equal(end.end_time, String(pickUp + 55));
    assert.equal(end.duration, 55);
    const [ringing] = world.told('statuses');
    for (const news of [connect, end, ringing]) {
      assert.equal(news.biz_opaque_callback_data, 'flow:9');
    }
  });

  it('bring an SDP answer as Meta writes it', async () => {
    await world.ringAna();
    const { sdp } = world.told('calls')[0].session;
    assert.ok(sdp.endsWith('\r\n'));
    assert.doesNotMatch(sdp, /[^\r]\n/);
    assert.match(sdp, /^a=ice-lite\r$/m);
    assert.match(sdp, /^a=setup:active\r$/m);
    assert.match(sdp, /^a=fingerprint:sha-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}\r$/m);
  });

  it('are told REJECTED and end without times where the user rejects', async () => {
    await world.ringAna();
    world.ana.reject();
    await world.pass(2);
    assert.deepEqual(callNews(), ['connect', 'RINGING', 'REJECTED', 'terminate']);
    const end = world.told('calls').at(-1);
    assert.equal(end.status, 'COMPLETED');
    assert.equal(end.start_time, undefined);
    assert.equal(end.duration, undefined);
  });

  it('ring for 45 seconds', async () => {
    await world.ringAna();
    await world.pass(38);
    assert.ok(world.truth.callInProgress);
    await world.pass(8);
    assert.ok(!world.truth.callInProgress);
    assert.throws(() => world.ana.answer(), { code: 'no-call' });
    await world.pass(1);
    assert.equal(world.told('calls').at(-1).start_time, undefined);
  });

  it('do not ring where the phone is off', async () => {
    world.ana.setScript({ onCall: 'unreachable' });
    await world.missedCall();
    assert.deepEqual(callNews(), ['connect', 'terminate']);
  });

  it('follow the script of the user', async () => {
    world.ana.setScript({ onCall: 'answer', answerAfter: 4, talkFor: 20 });
    await world.call();
    await world.pass(40);
    assert.equal(world.told('calls').at(-1).duration, 20);
    world.ana.setScript({ onCall: 'reject' });
    await world.call();
    await world.pass(40);
    assert.equal(world.told('statuses').at(-1).status, 'REJECTED');
  });

  it('can be ended by the business at any time, once', async () => {
    const { body } = await world.call();
    const id = body.calls[0].id;
    const ended = await world.actOnCall('terminate', id);
    assert.deepEqual(ended, {
      status: 200,
      body: { messaging_product: 'whatsapp', success: true },
    });
    await world.pass(60);
    assert.deepEqual(callNews(), ['terminate'], 'nothing revives a call that is over');
    const again = await world.actOnCall('terminate', id);
    assert.equal(again.status, 400);
    assert.equal(again.body.error.code, 100);
  });

  it('end with times where the business hangs up on a conversation', async () => {
    const id = await world.ringAna();
    world.ana.answer();
    await world.pass(30);
    await world.actOnCall('terminate', id);
    await world.pass(1);
    assert.equal(world.told('calls').at(-1).duration, 30);
  });

  it('are one at a time with a user: 138003', async () => {
    await world.call();
    const second = await world.call();
    assert.equal(second.status, 400);
    assert.equal(second.body.error.code, 138003);
    assert.ok(!world.truth.canCall);
  });

  it('are at most 100 connected in 24 hours, even with permanent permission: 138012', async () => {
    const few = await new World({ number: { limits: { connectedCallsPer24h: 2 } } }).listen();
    few.ana.grant();
    await few.ringAna();
    few.ana.answer();
    const first = Math.floor(few.clock.now() / 1000) * 1000;
    few.ana.hangUp();
    await few.missedCall();
    await few.talk();
    const refused = await few.call();
    assert.equal(refused.status, 400);
    assert.equal(refused.body.error.code, 138012);
    const [, startCall] = (await few.lookUp()).body.actions;
    assert.equal(startCall.can_perform_action, false);
    assert.deepEqual(startCall.limits, [
      {
        time_period: 'PT24H',
        max_allowed: 2,
        current_usage: 2,
        limit_expiration_time: (first + DAY) / 1000,
      },
    ]);
    await few.clock.moveTo(first + DAY - 1);
    assert.ok(!few.truth.canCall);
    await few.clock.moveTo(first + DAY);
    assert.equal((await few.call()).status, 200);
    await few.simulator.close();
    assert.equal((await world.lookUp()).body.actions[1].limits[0].max_allowed, 100);
  });

  it('are limited in the whole number: 138002 at once, 138005 begun in 24 hours', async () => {
    const limits = { concurrentCalls: 1, initiationsPer24h: 2 };
    const few = await new World({ number: { limits } }).listen();
    const ben = few.simulator.addUser({ waId: '573009999999' });
    few.ana.grant();
    ben.grant();
    const { body } = await few.call();
    const concurrent = await few.call(ben.waId);
    assert.deepEqual([concurrent.status, concurrent.body.error.code], [429, 138002]);
    await few.actOnCall('terminate', body.calls[0].id);
    await few.actOnCall('terminate', (await few.call(ben.waId)).body.calls[0].id);
    const third = await few.call();
    assert.deepEqual([third.status, third.body.error.code], [429, 138005]);
    await few.clock.moveTo(START + DAY);
    assert.equal((await few.call()).status, 200);
    await few.simulator.close();
  });

  it('need a good SDP offer: code 100', async () => {
    const good = 'v=0\r\nm=audio 9 X 111\r\na=fingerprint:SHA-256 AA\r\n';
    const bad = [
      { session: undefined },
      session(good, 'answer'),
      session('hello\r\n'),
      session(good.replaceAll('\r\n', '\n')),
      session(good.replace('\r\na=fingerprint:SHA-256 AA', '')),
      session(good.replace('m=audio', 'm=video')),
      { biz_opaque_callback_data: 'x'.repeat(513) },
    ];
    for (const more of bad) {
      const { status, body } = await world.call(undefined, more);
      assert.deepEqual([status, body.error.code], [400, 100]);
      assert.equal(typeof body.error.error_data.details, 'string');
    }
    assert.equal((await world.call(undefined, session(good))).status, 200);
  });

  describe('of the user', () => {
    it('bring an offer; accepted they are connected, and do not count towards the cap', async () => {
      const id = world.ana.ring();
      await world.pass(1);
      const connect = world.told('calls').at(-1);
      assert.equal(connect.direction, 'USER_INITIATED');
      assert.equal(connect.session.sdp_type, 'offer');
      assert.equal(connect.from, world.ana.waId);
      const answer = session('v=0\r\n', 'answer');
      assert.equal((await world.actOnCall('pre_accept', id, answer)).status, 200);
      assert.equal((await world.actOnCall('accept', id, answer)).status, 200);
      await world.pass(7);
      world.ana.hangUp();
      await world.pass(1);
      assert.equal(world.told('calls').at(-1).duration, 7);
      assert.equal(world.truth.connectedLast24h, 0);
    });

    it('end when the business rejects, and when nobody takes them', async () => {
      const id = world.ana.ring();
      assert.equal((await world.actOnCall('reject', id)).status, 200);
      assert.ok(!world.truth.callInProgress);
      world.ana.ring();
      await world.pass(46);
      assert.ok(!world.truth.callInProgress);
      assert.equal(world.truth.unanswered, 0);
      assert.equal(world.told('calls').filter(({ event }) => event === 'terminate').length, 2);
    });

    it('cannot be begun while another is on', async () => {
      await world.call();
      assert.throws(() => world.ana.ring(), { code: 'call-in-progress' });
    });
  });
});
