import assert from 'node:assert/strict';
import { ANA, DAY, World } from './world';
import type { Wire } from './world';

/** What becomes of a call and of a request. */
const refusals = async (on: World): Promise<[number, number][]> => {
  const answers = [await on.call(), await on.requestByTemplate('573008888888')];
  return answers.map(({ status, body }) => [status, body.error.code]);
};

describe('a number on the virtual WhatsApp', () => {
  let world: World;

  beforeEach(async () => {
    world = await new World().listen();
    world.ana.grant();
  });
  afterEach(() => world.simulator.close());

  const lastEntry = (field: string): Wire =>
    world.webhooks
      .map(({ entry }) => entry[0])
      .findLast(({ changes }) => changes[0].field === field);

  it('that is restricted can neither call nor request: 138014, told by account_update', async () => {
    world.number.restrict();
    assert.deepEqual(await refusals(world), [
      [400, 138014],
      [400, 138014],
    ]);
    assert.ok(!world.truth.canCall && !world.truth.canRequest);
    const actions = (await world.lookUp()).body.actions;
    assert.ok(actions.every((one: { can_perform_action: boolean }) => !one.can_perform_action));
    await world.pass(2);
    const end = Math.ceil((world.clock.now() - 2000 + 7 * DAY) / 1000);
    const restrictedAt = Math.floor((world.clock.now() - 2000) / 1000);
    const { id, time, changes } = lastEntry('account_update');
    assert.equal(time, restrictedAt);
    assert.equal(id, '0');
    assert.deepEqual(changes[0], {
      field: 'account_update',
      value: {
        phone_number: '573010000000',
        event: 'ACCOUNT_RESTRICTION',
        restriction_info: [
          { restriction_type: 'RESTRICTED_BUSINESS_INITIATED_CALLING', expiration: end },
        ],
      },
    });
    const { calling } = (await world.graph('GET', 'settings')).body;
    assert.equal(calling.restrictions.restrictions_list[0].expiration, end);
    await world.clock.moveTo(end * 1000 - 1);
    assert.ok(!world.truth.canCall);
    await world.clock.moveTo(end * 1000);
    assert.equal((await world.call()).status, 200);
  });

  it('that was released may call again at once', async () => {
    world.number.restrict(30);
    world.number.release();
    assert.equal((await world.call()).status, 200);
    await world.pass(2);
    const events = world.webhooks
      .map(({ entry }) => entry[0].changes[0].value)
      .filter(({ event }) => event === 'ACCOUNT_RESTRICTION');
    assert.equal(events.length, 2);
  });

  it('with calling switched off refuses everything about calls with 138000, HTTP 401', async () => {
    const calling = { calling: { status: 'DISABLED' } };
    assert.deepEqual((await world.graph('POST', 'settings', calling)).body, { success: true });
    assert.deepEqual(await refusals(world), [
      [401, 138000],
      [401, 138000],
    ]);
    assert.equal((await world.lookUp()).body.error.code, 138000);
    await world.pass(1);
    const { value } = lastEntry('account_settings_update').changes[0];
    assert.equal(value.phone_number_settings.calling.status, 'DISABLED');
  });

  it('in SIP mode refuses calls with 131055', async () => {
    world.number.changeSettings({ sip: { status: 'ENABLED' } });
    assert.equal((await world.call()).body.error.code, 131055);
  });

  for (const country of ['US', 'CA', 'EG', 'VN', 'NG']) {
    it(`of ${country} cannot place calls: 138013`, async () => {
      const abroad = await new World({ number: { country } }).listen();
      abroad.ana.grant();
      assert.deepEqual(await refusals(abroad), [
        [400, 138013],
        [400, 138013],
      ]);
      await abroad.simulator.close();
    });
  }

  it('answers five look-ups a second, then 613 with HTTP 429', async () => {
    const slow = await new World({ lookUpsPerSecond: 5 }).listen();
    const codes: number[] = [];
    for (let i = 0; i < 6; i += 1) codes.push((await slow.lookUp()).status);
    assert.deepEqual(codes, [200, 200, 200, 200, 200, 429]);
    assert.equal((await slow.lookUp()).body.error.code, 613);
    await slow.pass(1);
    assert.equal((await slow.lookUp()).status, 200);
    await slow.simulator.close();
  });

  it('is known to nobody by a wrong token, and not by another id', async () => {
    const path = '/v25.0/100200300400500/call_permissions?user_wa_id=573001234567';
    const strangers: Record<string, string>[] = [{}, { authorization: 'Bearer wrong' }];
    for (const headers of strangers) {
      const { status, body } = await world.http('GET', path, undefined, headers);
      assert.deepEqual([status, body.error.code], [401, 190]);
    }
    const right = { authorization: 'Bearer token-of-the-number' };
    const other = await world.http('GET', path.replace('500/', '501/'), undefined, right);
    assert.equal(other.status, 400);
    assert.deepEqual([other.body.error.code, other.body.error.error_subcode], [100, 33]);
    const plain = await world.http('GET', path.replace('/v25.0', ''), undefined, right);
    assert.equal(plain.status, 200);
  });

  it('answers 100 to a body that is no JSON, a recipient that is none, and none at all', async () => {
    const bodies = ['{', '[]', { messaging_product: 'whatsapp', action: 'connect', to: 'Ana' }];
    for (const body of bodies) {
      const answer = await world.graph('POST', 'calls', body);
      assert.deepEqual([answer.status, answer.body.error.code], [400, 100]);
    }
    assert.equal((await world.graph('GET', 'call_permissions')).body.error.code, 100);
    assert.equal((await world.graph('GET', 'nothing')).body.error.code, 2500);
  });

  it('takes a number with "+" and spaces, also where the "+" became a space', async () => {
    for (const to of ['%2B57%20300%20123%204567', '+573001234567']) {
      assert.equal((await world.lookUp(to)).body.permission.status, 'permanent');
    }
  });

  it('tells of itself what is asked for', async () => {
    const headers = { authorization: 'Bearer token-of-the-number' };
    const path = '/v25.0/100200300400500?fields=display_phone_number,quality_rating';
    assert.deepEqual((await world.http('GET', path, undefined, headers)).body, {
      display_phone_number: '573010000000',
      quality_rating: 'GREEN',
      id: '100200300400500',
    });
  });

  it('logs what was asked and answered, without the token', async () => {
    await world.graph('GET', `call_permissions?user_wa_id=${ANA}&access_token=token-of-the-number`);
    const last = world.simulator.log.apiCalls.at(-1);
    assert.equal(last?.path, `/v25.0/100200300400500/call_permissions?user_wa_id=${ANA}`);
    assert.equal(last?.status, 200);
    assert.doesNotMatch(JSON.stringify(world.simulator.log), /token-of-the-number|secret-of/);
  });
});
