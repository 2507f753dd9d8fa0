import assert from 'node:assert/strict';
import { ANA, DAY, HOUR, NOBODY, START, World } from './world';

describe('permission requests to the virtual WhatsApp', () => {
  let world: World;

  beforeEach(async () => {
    world = await new World().listen();
  });
  afterEach(() => world.simulator.close());

  it('are limited to one in 24 hours, to the millisecond', async () => {
    assert.equal((await world.requestByTemplate()).status, 200);
    await world.clock.moveTo(START + DAY - 1);
    const refused = await world.requestByTemplate();
    assert.equal(refused.status, 400);
    assert.equal(refused.body.error.code, 138009);
    assert.equal(refused.body.error.type, 'OAuthException');
    assert.ok(!world.truth.canRequest);
    await world.clock.moveTo(START + DAY);
    assert.ok(world.truth.canRequest);
    assert.equal((await world.requestByTemplate()).status, 200);
  });

  it('are limited to two in seven days, free-form and template together', async () => {
    world.ana.write('Hello');
    await world.request();
    await world.clock.advance(DAY);
    await world.requestByTemplate();
    await world.clock.moveTo(START + 7 * DAY - 1);
    assert.equal((await world.requestByTemplate()).body.error.code, 138009);
    await world.clock.moveTo(START + 7 * DAY);
    assert.equal((await world.requestByTemplate()).status, 200);
  });

  it('tell the limits in whole seconds, rounded up, only where they are reached', async () => {
    const [before] = (await world.lookUp()).body.actions;
    assert.deepEqual(before, {
      action_name: 'send_call_permission_request',
      can_perform_action: true,
      limits: [
        { time_period: 'PT24H', max_allowed: 1, current_usage: 0 },
        { time_period: 'P7D', max_allowed: 2, current_usage: 0 },
      ],
    });
    await world.requestByTemplate();
    const [after] = (await world.lookUp()).body.actions;
    const end = Math.ceil((START + DAY) / 1000);
    assert.equal(after.can_perform_action, false);
    assert.deepEqual(after.limits, [
      { time_period: 'PT24H', max_allowed: 1, current_usage: 1, limit_expiration_time: end },
      { time_period: 'P7D', max_allowed: 2, current_usage: 1 },
    ]);
    await world.clock.moveTo(end * 1000);
    assert.ok((await world.lookUp()).body.actions[0].can_perform_action);
  });

  for (const who of ['business', 'user'] as const) {
    it(`are allowed anew after a connected call of the ${who}`, async () => {
      await world.requestByTemplate();
      world.ana.accept();
      if (who === 'business') {
        await world.talk();
      } else {
        const id = world.ana.ring();
        const session = { sdp_type: 'answer', sdp: 'v=0\r\n' };
        assert.equal((await world.actOnCall('accept', id, { session })).status, 200);
        world.ana.hangUp();
      }
      assert.equal(world.truth.requestsLast7d, 0);
      assert.equal((await world.requestByTemplate()).status, 200);
    });
  }

  it('are not allowed anew by a missed call', async () => {
    await world.requestByTemplate();
    world.ana.accept();
    await world.missedCall();
    assert.equal((await world.requestByTemplate()).body.error.code, 138009);
  });

  it('have the numbers of a test number: 25 a day, 100 a week', async () => {
    const test = await new World({ number: { limits: 'meta-test-number' } }).listen();
    const [{ limits }] = (await test.lookUp()).body.actions;
    assert.deepEqual(
      limits.map((limit: { max_allowed: number }) => limit.max_allowed),
      [25, 100],
    );
    await test.simulator.close();
  });

  it('answer with the id of the message and the own number of the user', async () => {
    world.simulator.addUser({ waId: '5215512345678' });
    const { status, body } = await world.requestByTemplate('+52 55 1234 5678');
    assert.equal(status, 200);
    assert.equal(body.messaging_product, 'whatsapp');
    assert.equal(body.contacts[0].input, '+52 55 1234 5678');
    assert.equal(body.contacts[0].wa_id, '5215512345678');
    assert.equal(body.messages[0].message_status, 'accepted');
    assert.match(body.messages[0].id, /^wamid\./);
  });

  it('reach one user by every spelling of Brazil, Mexico and Argentina', async () => {
    const spellings = [
      ['553188887777', '5531988887777'],
      ['5215512345678', '525512345678'],
      ['5491123456789', '541123456789'],
    ] as const;
    for (const [waId, dialled] of spellings) {
      world.simulator.addUser({ waId });
      assert.equal((await world.requestByTemplate(dialled)).body.contacts[0].wa_id, waId);
      assert.equal((await world.requestByTemplate(waId)).body.error.code, 138009);
    }
  });

  it('reach a user by the business-scoped user id too', async () => {
    const { userId } = world.ana;
    const recipient = await world.graph('POST', 'messages', {
      messaging_product: 'whatsapp',
      recipient: userId,
      type: 'template',
      template: { name: 'ask', language: { code: 'en' } },
    });
    assert.equal(recipient.body.contacts[0].user_id, userId);
    assert.equal(world.number.state(ANA).requestsLast24h, 1);
    const { body } = await world.graph('GET', `call_permissions?recipient=${userId}`);
    assert.equal(body.actions[0].limits[0].current_usage, 1);
  });

  it('free-form fail with 131047 outside the service window, after HTTP 200', async () => {
    assert.equal((await world.request()).status, 200);
    await world.pass(2);
    const [status] = world.told('statuses');
    assert.equal(status.status, 'failed');
    assert.equal(status.errors[0].code, 131047);
    assert.equal(world.webhooks[0].entry[0].changes[0].value.contacts, undefined);
    assert.throws(() => world.ana.accept(), { code: 'no-request' });
    assert.equal(world.truth.requestsLast24h, 1, 'it counts all the same');
  });

  it('free-form arrive within 24 hours of what the user wrote', async () => {
    world.ana.write('Hello');
    await world.clock.advance(DAY - 1);
    await world.request();
    await world.pass(2);
    world.ana.accept();
    assert.equal(world.truth.permission, 'temporary');
  });

  it('free-form arrive after a call of the user, even a missed one', async () => {
    world.ana.ring();
    world.ana.hangUp();
    await world.clock.advance(23 * HOUR);
    await world.request();
    await world.pass(2);
    assert.equal(world.told('statuses').at(-1).status, 'delivered');
  });

  it('to nobody are accepted and fail later with 131026', async () => {
    const { status, body } = await world.requestByTemplate(NOBODY);
    assert.equal(status, 200);
    await world.pass(2);
    const [failed] = world.told('statuses');
    assert.equal(failed.id, body.messages[0].id);
    assert.equal(failed.errors[0].code, 131026);
    assert.equal((await world.requestByTemplate(NOBODY)).body.error.code, 138009);
  });

  it('free-form may have a body, but neither header nor footer', async () => {
    world.ana.write('Hello');
    for (const part of ['header', 'footer']) {
      const { status, body } = await world.request(ANA, { [part]: { text: 'No' } });
      assert.equal(status, 400);
      assert.equal(body.error.code, 100);
    }
    assert.equal((await world.request(ANA, { body: { text: 'May we?' } })).status, 200);
  });

  it('know only the approved templates where they are listed', async () => {
    const templates = [
      { name: 'ask_to_call', language: 'en', callPermissionRequest: true },
      { name: 'news', language: 'en', callPermissionRequest: false },
    ];
    const listed = await new World({ number: { templates } }).listen();
    const unknown = await listed.requestByTemplate(ANA, 'ask_to_call', 'es');
    assert.equal(unknown.body.error.code, 132001);
    assert.equal((await listed.requestByTemplate(ANA, 'news')).status, 200);
    assert.equal(listed.truth.requestsLast24h, 0);
    assert.equal((await listed.requestByTemplate()).status, 200);
    assert.equal(listed.truth.requestsLast24h, 1);
    await listed.simulator.close();
  });

  it('are something else than ordinary messages, which no limit of calling holds', async () => {
    world.ana.write('Hello');
    for (let sent = 0; sent < 3; sent += 1) assert.equal((await world.text()).status, 200);
    assert.equal(world.truth.requestsLast24h, 0);
    await world.pass(2);
    const statuses = world.told('statuses').map(({ status }) => status);
    assert.equal(statuses.filter((one) => one === 'delivered').length, 3);
  });
});
