import assert from 'node:assert/strict';
import { ANA, DAY, HOUR, NOBODY, START, World } from './world';

describe('a permission on the virtual WhatsApp', () => {
  let world: World;

  beforeEach(async () => {
    world = await new World().listen();
  });
  afterEach(() => world.simulator.close());

  const permissionOf = async (): Promise<unknown> => (await world.lookUp()).body.permission;

  it('is not there before the user gave it, whatever was written before', async () => {
    world.ana.write('Hello');
    assert.deepEqual(await permissionOf(), { status: 'no_permission' });
    const { status, body } = await world.call();
    assert.equal(status, 401);
    assert.equal(body.error.code, 138006);
  });

  it('lasts 168 hours from the approval where it is temporary, then ends without a webhook', async () => {
    await world.requestByTemplate();
    await world.pass(1);
    const approval = Math.floor(world.clock.now() / 1000) * 1000;
    world.ana.accept();
    assert.equal(world.truth.permission, 'temporary');
    await world.pass(1);
    const end = approval + 7 * DAY;
    assert.deepEqual(await permissionOf(), { status: 'temporary', expiration_time: end / 1000 });
    assert.equal(world.lastReply().reply.expiration_timestamp, String(end / 1000));
    const told = world.webhooks.length;
    await world.clock.moveTo(end - 1);
    assert.ok(world.truth.canCall);
    await world.clock.moveTo(end);
    assert.deepEqual(await permissionOf(), { status: 'no_permission' });
    assert.ok(!world.truth.canCall);
    await world.pass(60);
    assert.equal(world.webhooks.length, told);
  });

  it('has no end where it is permanent, and then refuses requests with 138017', async () => {
    await world.requestByTemplate();
    await world.pass(1);
    world.ana.accept(undefined, 'permanent');
    await world.pass(1);
    const { message, reply } = world.lastReply();
    assert.deepEqual(reply, {
      response: 'accept',
      is_permanent: true,
      response_source: 'user_action',
    });
    assert.match(message.context.id, /^wamid\./);
    await world.clock.advance(400 * DAY);
    assert.deepEqual(await permissionOf(), { status: 'permanent' });
    assert.equal((await world.requestByTemplate()).body.error.code, 138017);
    assert.equal((await world.lookUp()).body.actions[0].can_perform_action, false);
  });

  it('is told on the field "messages", in an envelope with strings of seconds', async () => {
    const asked = await world.requestByTemplate();
    await world.pass(1);
    world.ana.decline();
    await world.pass(1);
    const body = world.webhooks.at(-1);
    assert.equal(body.object, 'whatsapp_business_account');
    const [{ field, value }] = body.entry[0].changes;
    assert.equal(body.entry[0].id, '900800700600500');
    assert.equal(field, 'messages');
    assert.deepEqual(value.metadata, {
      display_phone_number: '573010000000',
      phone_number_id: '100200300400500',
    });
    assert.deepEqual(value.contacts, [
      { profile: { name: 'Ana' }, wa_id: ANA, user_id: world.ana.userId },
    ]);
    const [message] = value.messages;
    assert.equal(message.from, ANA);
    assert.equal(message.timestamp, String(Math.floor((START + 1000) / 1000)));
    assert.equal(message.context.id, asked.body.messages[0].id);
    assert.deepEqual(message.interactive.call_permission_reply, {
      response: 'reject',
      response_source: 'user_action',
    });
  });

  it('can be answered otherwise until the request lapses after seven days', async () => {
    await world.requestByTemplate();
    await world.pass(1);
    world.ana.decline();
    await world.clock.advance(6 * DAY);
    world.ana.accept();
    assert.equal(world.truth.permission, 'temporary');
    world.ana.decline();
    assert.equal(world.truth.permission, 'none');
    await world.clock.advance(7 * DAY);
    assert.throws(() => world.ana.accept(), { code: 'no-request' });
  });

  it('cannot be given seven days after an ignored request arrived', async () => {
    await world.requestByTemplate();
    await world.pass(1);
    await world.clock.moveTo(START + 7 * DAY - 1);
    world.ana.accept();
    const another = await new World().listen();
    await another.requestByTemplate();
    await another.pass(1);
    await another.clock.moveTo(START + 7 * DAY + 1000);
    assert.throws(() => another.ana.accept(), { code: 'no-request' });
    await another.simulator.close();
  });

  it('answers the newest request only', async () => {
    await world.requestByTemplate();
    await world.clock.advance(DAY);
    const second = await world.requestByTemplate();
    await world.pass(1);
    world.ana.accept();
    await world.pass(1);
    assert.equal(world.lastReply().message.context.id, second.body.messages[0].id);
  });

  it('may be answered before the script or the delivery would have it', async () => {
    await world.requestByTemplate();
    world.ana.accept();
    assert.ok(world.truth.canCall);
    await world.pass(2);
    const statuses = new Set(world.told('statuses').map(({ status }) => status));
    assert.deepEqual(statuses, new Set(['sent', 'delivered', 'read']));
  });

  it('is given by the script of the user after its time', async () => {
    world.ana.setScript({ onRequest: 'accept-permanent', replyAfter: 30 });
    await world.requestByTemplate();
    await world.pass(29);
    assert.equal(world.truth.permission, 'none');
    await world.pass(3);
    assert.equal(world.truth.permission, 'permanent');
  });

  it('is not given by the script where the user was told to ignore', async () => {
    world.ana.setScript({ onRequest: 'accept-temporary', replyAfter: 30 });
    await world.requestByTemplate();
    await world.pass(10);
    world.ana.ignore();
    await world.pass(60);
    assert.equal(world.truth.permission, 'none');
  });

  it('can be given in the profile, for good and without context', async () => {
    world.ana.grant();
    await world.pass(1);
    const { message, reply } = world.lastReply();
    assert.equal(message.context, undefined);
    assert.equal(reply.is_permanent, true);
    assert.equal(world.truth.permission, 'permanent');
  });

  for (const kind of ['temporary', 'permanent'] as const) {
    it(`can be withdrawn at any time where it is ${kind}: no call, and a new request`, async () => {
      await world.requestByTemplate();
      world.ana.accept(undefined, kind);
      await world.clock.advance(DAY);
      world.ana.revoke();
      assert.equal((await world.call()).body.error.code, 138006);
      await world.pass(1);
      const { message, reply } = world.lastReply();
      assert.equal(message.context, undefined);
      assert.deepEqual(reply, { response: 'reject', response_source: 'user_action' });
      assert.equal((await world.requestByTemplate()).status, 200);
    });
  }

  it('is taken away automatically after four calls in a row that were not picked up', async () => {
    world.ana.grant();
    for (let missed = 1; missed <= 3; missed += 1) await world.missedCall();
    assert.equal(world.truth.unanswered, 3);
    assert.ok(world.truth.canCall);
    await world.ringAna();
    world.ana.reject();
    assert.equal(world.truth.permission, 'none');
    await world.pass(2);
    const { message, reply } = world.lastReply();
    assert.equal(message.context, undefined);
    assert.deepEqual(reply, { response: 'reject', response_source: 'automatic' });
  });

  it('stays when the row of missed calls is broken by a connected one', async () => {
    world.ana.grant();
    for (let missed = 1; missed <= 3; missed += 1) await world.missedCall();
    await world.talk();
    assert.equal(world.truth.unanswered, 0);
    await world.missedCall();
    assert.equal(world.truth.permission, 'permanent');
  });

  it('counts an unreachable phone, and a cancelled call only once it rang', async () => {
    world.ana.grant();
    const early = await world.call();
    await world.actOnCall('terminate', early.body.calls[0].id);
    assert.equal(world.truth.unanswered, 0);
    await world.actOnCall('terminate', await world.ringAna());
    assert.equal(world.truth.unanswered, 1);
    world.ana.setScript({ onCall: 'unreachable' });
    await world.missedCall();
    assert.equal(world.truth.unanswered, 2);
    assert.equal(world.told('statuses').filter((one) => one.status === 'RINGING').length, 1);
  });

  it('starts its row of missed calls anew with a new grant', async () => {
    world.ana.grant();
    await world.missedCall();
    world.ana.grant();
    assert.equal(world.truth.unanswered, 0);
  });

  it('comes with a call of the user, missed or not, for 168 hours', async () => {
    const id = world.ana.ring();
    await world.pass(1);
    world.ana.hangUp();
    const end = Math.floor(world.clock.now() / 1000) * 1000 + 168 * HOUR;
    assert.equal(world.truth.expiresAt, end);
    await world.pass(1);
    const { message, reply } = world.lastReply();
    assert.equal(message.context.id, id);
    assert.deepEqual(reply, {
      response: 'accept',
      is_permanent: false,
      expiration_timestamp: String(end / 1000),
      response_source: 'automatic',
    });
  });

  it('does not come with a call of the user where the setting is off', async () => {
    world.number.changeSettings({ callback_permission_status: 'DISABLED' });
    world.ana.ring();
    world.ana.hangUp();
    await world.pass(5);
    assert.equal(world.truth.permission, 'none');
  });

  it('of a number that is nobody\'s reads like "never asked"', async () => {
    const { status, body } = await world.lookUp(NOBODY);
    assert.equal(status, 200);
    assert.deepEqual(body.permission, { status: 'no_permission' });
    assert.equal((await world.call(NOBODY)).body.error.code, 138006);
  });
});
