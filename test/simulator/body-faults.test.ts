import assert from 'node:assert/strict';
import type { WantedFaults } from '../../src/simulator';
import { ANA, NUMBER, World, type Wire } from './world';

const BRAZIL = '551187654000';

describe('a body under faults', () => {
  let world: World;

  const open = async (faults: WantedFaults, waId = ANA): Promise<void> => {
    world = await new World({ faults, user: { waId } }).listen();
  };
  afterEach(() => world.simulator.close());

  const values = (): Wire[] =>
    world.webhooks
      .flatMap(({ entry }) => entry.flatMap((each: Wire) => each.changes))
      .map(({ value }) => value);

  /** A permission that was asked for, and a call that was answered. */
  const live = async (): Promise<void> => {
    const [user] = world.simulator.users;
    await world.requestByTemplate(user!.waId);
    await world.pass(1);
    user!.accept();
    await world.pass(10);
    await world.call(user!.waId);
    await world.pass(10);
    user!.answer();
    await world.pass(10);
    user!.hangUp();
    await world.pass(10);
  };

  it('has no context', async () => {
    await open({ 'context-missing': 1 });
    await live();
    const { message, reply } = world.lastReply();
    assert.equal(reply.response, 'accept');
    assert.ok(!('context' in message));
  });

  it('has no contacts', async () => {
    await open({ 'contacts-missing': 1 });
    await live();
    assert.ok(values().every((value) => !('contacts' in value)));
  });

  it('has no number for the user of a call, but the user id', async () => {
    await open({ 'to-missing': 1 });
    await live();
    const [connect] = world.told('calls');
    assert.ok(!('to' in connect));
    assert.match(connect.to_user_id, /^ZZ\./);
  });

  it('has no user ids', async () => {
    await open({ 'user-id-missing': 1 });
    await live();
    assert.doesNotMatch(JSON.stringify(world.webhooks), /user_id/);
  });

  it('never tells the number of some users', async () => {
    await open({ 'number-hidden': 1 });
    await live();
    assert.ok(!JSON.stringify(world.webhooks).includes(ANA));
    assert.match(world.lastReply().message.from_user_id, /^ZZ\./);
  });

  it('spells the number of a Brazilian the other way', async () => {
    await open({ 'number-respelled': 1 }, BRAZIL);
    await live();
    const [connect] = world.told('calls');
    assert.equal(connect.to, '5511987654000');
  });

  it('writes numbers as strings and strings of digits as numbers', async () => {
    await open({ 'types-drift': 1 });
    await live();
    const { message, reply } = world.lastReply();
    assert.equal(typeof message.timestamp, 'number');
    assert.equal(typeof reply.expiration_timestamp, 'number');
    const terminate = world.told('calls').at(-1);
    assert.equal(typeof terminate.duration, 'string');
    assert.equal(typeof terminate.from, 'string');
    const { body } = await world.lookUp();
    assert.equal(typeof body.permission.expiration_time, 'string');
    assert.equal(body.actions[0].limits[0].max_allowed, '1');
  });

  it('tells the direction in older words', async () => {
    await open({ 'old-directions': 1 });
    await live();
    assert.match(world.told('calls')[0].direction, /^(outgoing|OUTBOUND|business)$/);
  });

  it('does not say whether a permission is for good', async () => {
    await open({ 'is-permanent-missing': 1 });
    await live();
    const { reply } = world.lastReply();
    assert.ok(!('is_permanent' in reply) && 'expiration_timestamp' in reply);
  });

  it('tells a message as read that was never delivered', async () => {
    await open({ 'read-without-delivered': 1 });
    await live();
    const statuses = world.told('statuses').map(({ status }) => status);
    assert.ok(statuses.includes('read') && !statuses.includes('delivered'));
  });

  it('tells a request as failed that was accepted', async () => {
    await open({ 'request-undelivered': 1 });
    const { status } = await world.requestByTemplate();
    await world.pass(5);
    const [failed] = world.told('statuses');
    assert.deepEqual([status, failed.status, failed.errors[0].code], [200, 'failed', 131026]);
    assert.equal(world.truth.requestsLast24h, 1);
  });

  it('tells a call as failed, with errors beside it, and no streak grows', async () => {
    await open({ 'call-fails': 1 });
    world.ana.grant();
    await world.pass(1);
    await world.call();
    await world.pass(10);
    const terminate = values().find(({ calls }) => calls?.[0].event === 'terminate');
    assert.equal(terminate.calls[0].status, 'FAILED');
    assert.equal(terminate.errors[0].code, 138021);
    assert.deepEqual(world.told('statuses'), []);
    assert.equal(world.truth.unanswered, 0);
  });

  it('tells a restriction that came as the number was about to be used', async () => {
    await open({ 'account-restricted': 1 });
    const { body } = await world.requestByTemplate();
    assert.equal(body.error.code, 138014);
    await world.pass(1);
    assert.equal(values()[0].event, 'ACCOUNT_RESTRICTION');
  });

  it('tells that SIP was switched on, and off again', async () => {
    await open({ 'sip-switched-on': 1 });
    world.ana.grant();
    const { body } = await world.call();
    assert.equal(body.error.code, 131055);
    await world.pass(5 * 3600);
    assert.ok(!world.simulator.number(NUMBER).settings.isSipOn);
    const told = values().flatMap(({ phone_number_settings: it }) => it?.calling.sip.status ?? []);
    assert.deepEqual(told, ['ENABLED', 'DISABLED']);
  });

  describe('that answers a look-up', () => {
    it("uses the words of Meta's OpenAPI reference", async () => {
      await open({ 'oas-words': 1 });
      const before = await world.lookUp();
      assert.match(before.body.permission.status, /^(pending|denied|expired)$/);
      world.ana.grant();
      const after = await world.lookUp();
      assert.equal(after.body.permission.status, 'granted');
      assert.equal(after.body.actions[1].limits[0].time_period, '24h');
    });

    it('has limits that are "", null or absent', async () => {
      await open({ 'limits-missing': 1 });
      const seen = new Set<unknown>();
      for (let attempt = 0; attempt < 20; attempt += 1) {
        const { body } = await world.lookUp();
        for (const action of body.actions) seen.add(action.limits);
      }
      assert.deepEqual(seen, new Set(['', null, undefined]));
    });

    it('says "expiration"', async () => {
      await open({ 'expiration-key': 1 });
      await live();
      const { permission } = (await world.lookUp()).body;
      assert.ok(permission.expiration > 0 && !('expiration_time' in permission));
    });
  });

  it('that answers a message names no contact', async () => {
    await open({ 'answer-contacts-missing': 1 });
    const { body } = await world.requestByTemplate();
    assert.ok(!('contacts' in body) && body.messages.length === 1);
  });
});
