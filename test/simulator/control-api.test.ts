import assert from 'node:assert/strict';
import * as http from 'node:http';
import { ANA, DAY, NUMBER, START, TOKEN, World } from './world';
import type { GraphAnswer, Wire } from './world';

const stateOf = ({ body }: GraphAnswer): Wire => body.states[NUMBER];

describe('the control API of the simulator', () => {
  let world: World;

  beforeEach(async () => {
    world = await new World().listen();
  });
  afterEach(() => world.simulator.close());

  const post = (path: string, body?: object): Promise<GraphAnswer> =>
    world.http('POST', `/simulator${path}`, body);

  it('lets a user accept, decline, grant and revoke', async () => {
    await world.requestByTemplate();
    assert.equal(stateOf(await post(`/users/${ANA}/accept`)).permission, 'temporary');
    const permanent = await post(`/users/${ANA}/accept`, { kind: 'permanent', number: NUMBER });
    assert.equal(stateOf(permanent).permission, 'permanent');
    assert.equal(stateOf(await post(`/users/${ANA}/decline`)).permission, 'none');
    assert.equal(stateOf(await post(`/users/${ANA}/grant`)).permission, 'permanent');
    assert.equal(stateOf(await post(`/users/${ANA}/revoke`)).permission, 'none');
    assert.equal((await post(`/users/${ANA}/ignore`)).status, 200);
  });

  it('lets a user answer, hang up, reject, ring and write', async () => {
    world.ana.grant();
    await world.ringAna();
    await post(`/users/${ANA}/answer`);
    assert.equal(world.truth.connectedLast24h, 1);
    await post(`/users/${ANA}/hang-up`);
    assert.ok(!world.truth.callInProgress);
    await world.ringAna();
    await post(`/users/${ANA}/reject`);
    assert.equal(world.truth.unanswered, 1);
    assert.match((await post(`/users/${ANA}/ring`)).body.callId, /^wacid\./);
    await post(`/users/${ANA}/write`, { text: 'Good morning' });
    await world.pass(1);
    const texts = world.told('messages').map(({ text }) => text?.body);
    assert.ok(texts.includes('Good morning'));
  });

  it('adds users and changes their scripts', async () => {
    const added = await post('/users', { waId: '+34 600 111 222', onCall: 'answer' });
    assert.equal(added.body.waId, '34600111222');
    assert.equal((await post('/users', { waId: '34600111222' })).status, 409);
    const path = '/simulator/users/34600111222/script';
    const changed = await world.http('PATCH', path, { onRequest: 'decline', talkFor: 9 });
    assert.deepEqual(changed.body.script, {
      onRequest: 'decline',
      onCall: 'answer',
      replyAfter: 5,
      answerAfter: 3,
      talkFor: 9,
    });
    for (const bad of [{ onCall: 'perhaps' }, { talkFor: -1 }, { mood: 'good' }]) {
      const { status, body } = await world.http('PATCH', path, bad);
      assert.deepEqual([status, body.error.code], [400, 'bad-input']);
    }
  });

  it('adds numbers, which need all their secrets', async () => {
    const options = {
      id: '1',
      displayNumber: '+34 910 000 001',
      businessAccountId: '2',
      accessToken: 'another-token',
      appSecret: 'another-secret',
      limits: { connectedCallsPer24h: 10 },
    };
    const { status, body } = await post('/numbers', options);
    assert.equal(status, 200);
    assert.equal(body.limits.connectedCallsPer24h, 10);
    assert.doesNotMatch(JSON.stringify(body), /another/);
    assert.equal((await post(`/users/${ANA}/grant`)).body.error.code, 'which-number');
    assert.equal((await post(`/users/${ANA}/grant`, { number: '1' })).status, 200);
    const { accessToken: _, ...without } = options;
    assert.equal((await post('/numbers', { ...without, id: '3' })).status, 400);
    const odd = { ...options, id: '4', limits: { callsPerYear: 1 } };
    assert.equal((await post('/numbers', odd)).status, 400);
  });

  it('moves the clock and tells it', async () => {
    assert.equal((await world.http('GET', '/simulator/clock')).body.now, START);
    assert.equal((await post('/clock', { by: 60 })).body.now, START + 60_000);
    const to = new Date(START + DAY).toISOString();
    assert.equal((await post('/clock', { to })).body.iso, to);
    assert.equal((await post('/clock', { to: START })).body.error.code, 'clock-backwards');
    for (const bad of [{}, { by: -1 }, { by: 'long' }, { to: 'tomorrow' }]) {
      assert.equal((await post('/clock', bad)).status, 400);
    }
  });

  it('restricts, warns and releases a number and changes its settings', async () => {
    const path = `/numbers/${NUMBER}`;
    const restricted = await post(`${path}/restrict`, { days: 1 });
    assert.ok(restricted.body.restrictedUntil >= START + DAY);
    assert.equal((await post(`${path}/release`)).body.restrictedUntil, null);
    assert.equal((await post(`${path}/warn`)).status, 200);
    await world.pass(1);
    const events = world.webhooks.map(({ entry }) => entry[0].changes[0].value.event);
    assert.ok(events.includes('ACCOUNT_VIOLATION'));
    const calling = { status: 'DISABLED' };
    const off = await world.http('PATCH', `/simulator${path}/settings`, { calling });
    assert.equal(off.body.calling.status, 'DISABLED');
    const url = 'http://127.0.0.1:9/hook';
    const moved = await world.http('PUT', `/simulator${path}/webhook`, { url });
    assert.equal(moved.body.webhook, url);
    assert.equal((await post(`${path}/verify-webhook`)).body.verified, false);
  });

  it('breaks what is between a number and the business, until it is mended', async () => {
    const number = `/numbers/${NUMBER}`;
    assert.equal((await post(`${number}/break`, { what: 'token' })).body.trouble, 'token');
    assert.equal((await world.lookUp()).body.error.code, 190);

    await post(`${number}/break`, { what: 'network' });
    await assert.rejects(world.requestByTemplate());
    assert.equal(world.truth.requestsLast24h, 0);

    await post(`${number}/break`, { what: 'answers' });
    await assert.rejects(world.requestByTemplate());
    assert.equal(world.truth.requestsLast24h, 1);

    assert.equal((await post(`${number}/mend`)).body.trouble, null);
    assert.equal((await world.lookUp()).status, 200);
    assert.equal((await post(`${number}/break`, { what: 'luck' })).body.error.code, 'bad-input');
  });

  it('sends the messages of a number without its token, by the rules of the Graph API', async () => {
    const text = { messaging_product: 'whatsapp', to: ANA, type: 'text', text: { body: 'Hello' } };
    const { body } = await post(`/numbers/${NUMBER}/messages`, text);
    await world.pass(10);
    const outside = world.told('statuses').find(({ id }) => id === body.messages[0].id);
    assert.equal(outside?.errors[0].code, 131047);

    world.ana.write('Good morning');
    await post(`/numbers/${NUMBER}/messages`, text);
    await world.pass(10);
    assert.equal(world.told('statuses').at(-1)?.status, 'delivered');
    const { status, body: refused } = await post(`/numbers/${NUMBER}/messages`, { to: ANA });
    assert.deepEqual([status, refused.error.code], [400, 100]);
  });

  it('shows everything but secrets', async () => {
    await world.lookUp();
    const overview = await world.http('GET', '/simulator');
    assert.equal(overview.body.numbers[0].id, NUMBER);
    assert.equal(overview.body.users[0].waId, ANA);
    const log = await world.http('GET', '/simulator/log');
    assert.equal(log.body.apiCalls.length, 1);
    assert.doesNotMatch(JSON.stringify([overview, log]), new RegExp(TOKEN));
  });

  it('tells whoever uses a number what it takes', async () => {
    const access = async () =>
      (await world.http('GET', `/simulator/numbers/${NUMBER}/access`)).body;
    const secrets = { accessToken: TOKEN, appSecret: 'secret-of-the-app' };
    assert.deepEqual(await access(), { ...secrets, lookUpsPerSecond: null });
    await world.simulator.close();
    world = await new World({ lookUpsPerSecond: 3 }).listen();
    assert.deepEqual(await access(), { ...secrets, lookUpsPerSecond: 3 });
  });

  it('answers a bad command with a clear 4xx', async () => {
    const expected: [string, object | undefined, number, string][] = [
      ['/users/573000000000/accept', undefined, 404, 'unknown-user'],
      [`/users/${ANA}/accept`, undefined, 409, 'no-request'],
      [`/users/${ANA}/accept`, { kind: 'forever' }, 400, 'bad-input'],
      [`/users/${ANA}/answer`, undefined, 409, 'no-call'],
      [`/users/${ANA}/grant`, { number: '999' }, 404, 'unknown-number'],
      ['/users', { waId: 'Ana' }, 400, 'bad-input'],
      [`/users/${ANA}/dance`, undefined, 404, 'not-found'],
      ['/numbers/999/restrict', undefined, 404, 'unknown-number'],
      [`/users/${ANA}/constructor`, undefined, 404, 'not-found'],
      ['/users/%E0%A4%A/accept', undefined, 400, 'bad-input'],
    ];
    for (const [path, body, status, code] of expected) {
      const answer = await post(path, body);
      assert.deepEqual([answer.status, answer.body.error.code], [status, code], path);
    }
    assert.equal((await world.http('POST', '/simulator/users', '{')).status, 400);
  });

  /** fetch does not let one choose Host. */
  const statusWith = (headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      http
        .get(`${world.simulator.graphUrl}/simulator`, { headers }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        })
        .on('error', reject);
    });

  it('refuses pages from elsewhere: a foreign Origin, or a Host that is not this machine', async () => {
    const { host } = new URL(world.simulator.graphUrl);
    assert.equal(await statusWith({ host }), 200);
    assert.equal(await statusWith({ host: 'localhost:80' }), 200);
    assert.equal(await statusWith({ host: '[::1]:80' }), 200);
    assert.equal(await statusWith({ host, origin: `http://${host}` }), 200);
    assert.equal(await statusWith({ host: 'evil.example:80' }), 403);
    assert.equal(await statusWith({ host: '127.0.0.1.evil.example' }), 403);
    assert.equal(await statusWith({ host, origin: 'https://evil.example' }), 403);
    assert.equal(await statusWith({ host, origin: 'null' }), 403);
  });

  it('answers everybody where it was bound to a host that others can reach', async () => {
    await world.simulator.close();
    await world.simulator.listen(0, '0.0.0.0');
    assert.equal(await statusWith({ host: 'simulator.example:80' }), 200);
  });
});
