import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import * as http from 'node:http';
import { World, DAY } from './world';

interface Received {
  headers: http.IncomingHttpHeaders;
  body: string;
  url: string;
}

/** When the webhooks of a few commands were sent. */
const timesOf = async (seed: number): Promise<number[]> => {
  const one = new World({ seed });
  one.ana.write('a');
  one.ana.write('b');
  one.ana.grant();
  await one.pass(2);
  return one.simulator.log.webhooks.map(({ at }) => at);
};

describe('webhooks of the virtual WhatsApp', () => {
  let received: Received[];
  let answers: (request: Received) => { status: number; body?: string };
  let server: http.Server;
  let world: World;

  beforeEach(async () => {
    received = [];
    answers = () => ({ status: 200 });
    server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('latin1');
        const one = { headers: request.headers, body, url: request.url ?? '' };
        received.push(one);
        const { status, body: text } = answers(one);
        response.writeHead(status).end(text);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const webhook = `http://127.0.0.1:${address.port}/hook`;
    world = new World({ number: { webhook, verifyToken: 'verify-me' }, user: { name: 'Añá 🙂' } });
  });

  afterEach(async () => {
    await world.simulator.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('are signed over the raw bytes, in ASCII', async () => {
    world.ana.write('¿Qué?');
    await world.pass(1);
    const [one] = received;
    assert.ok(one);
    const signature = createHmac('sha256', 'secret-of-the-app').update(one.body).digest('hex');
    assert.equal(one.headers['x-hub-signature-256'], `sha256=${signature}`);
    assert.match(one.body, /^[\x20-\x7e]+$/);
    assert.ok(one.body.includes('A\\u00f1\\u00e1 \\ud83d\\ude42'));
    const { value } = JSON.parse(one.body).entry[0].changes[0];
    assert.equal(value.contacts[0].profile.name, 'Añá 🙂');
    assert.equal(value.messages[0].text.body, '¿Qué?');
  });

  it('have been answered when the move of the clock is over', async () => {
    world.ana.write('Hello');
    assert.equal(received.length, 0);
    await world.pass(1);
    assert.equal(received.length, 1);
    assert.equal(world.simulator.log.webhooks.at(-1)?.status, 200);
  });

  it('are sent again after 5 s, 30 s, 2 min and 10 min, then hourly for seven days', async () => {
    answers = () => ({ status: 503 });
    world.ana.write('Hello');
    await world.clock.advance(8 * DAY);
    const times = world.simulator.log.webhooks.map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => (at - (times[index] ?? 0)) / 1000);
    assert.deepEqual(gaps.slice(0, 6), [5, 30, 120, 600, 3600, 3600]);
    const [first = 0] = times;
    const last = (times.at(-1) ?? 0) - first;
    assert.ok(last <= 7 * DAY && last > 7 * DAY - 3_600_000);
    assert.equal(new Set(received.map(({ body }) => body)).size, 1, 'always the same bytes');
  });

  it('are not sent again once they were answered 200', async () => {
    answers = () => ({ status: received.length < 2 ? 500 : 200 });
    world.ana.write('Hello');
    await world.clock.advance(DAY);
    assert.equal(received.length, 2);
  });

  it('are sent again where the connection fails', async () => {
    world.number.sendWebhooksTo('http://127.0.0.1:1/nobody');
    world.ana.write('Hello');
    await world.pass(3);
    const failed = world.simulator.log.webhooks.map(({ status }) => status);
    assert.deepEqual(failed, [null]);
    world.number.sendWebhooksTo(async () => 200);
    await world.pass(10);
    assert.equal(world.simulator.log.webhooks.at(-1)?.status, 200);
  });

  it('that found the receiver gone are sent again once it is back', async () => {
    world.number.sendWebhooksTo(null);
    world.ana.write('Hello');
    await world.pass(1);
    let came = 0;
    world.number.sendWebhooksTo(async () => {
      came += 1;
      return 200;
    });
    await world.pass(6);
    assert.equal(came, 1);
  });

  it('are only logged where there never was a receiver', async () => {
    const deaf = new World();
    const number = deaf.simulator.addNumber({
      id: '7',
      displayNumber: '34910000007',
      businessAccountId: '8',
      accessToken: 'another',
      appSecret: 'another',
    });
    deaf.ana.write('Hello', number);
    await deaf.clock.advance(DAY);
    assert.deepEqual(
      deaf.simulator.log.webhooks.map(({ status }) => status),
      [null],
    );
  });

  it('wait while the simulator is closed, and come when it listens again', async () => {
    world.ana.write('Hello');
    await world.simulator.close();
    await world.clock.advance(DAY);
    assert.equal(received.length, 0);
    await world.simulator.listen();
    await world.clock.settled();
    assert.equal(received.length, 1);
  });

  it('begin with the handshake of the verify token', async () => {
    answers = ({ url }) => {
      const query = new URL(url, 'http://here').searchParams;
      const isRight = query.get('hub.verify_token') === 'verify-me';
      return isRight && query.get('hub.mode') === 'subscribe'
        ? { status: 200, body: query.get('hub.challenge') ?? '' }
        : { status: 403 };
    };
    assert.equal(await world.number.verifyWebhook(), true);
    answers = () => ({ status: 200, body: 'something else' });
    assert.equal(await world.number.verifyWebhook(), false);
    world.number.sendWebhooksTo(null);
    await assert.rejects(world.number.verifyWebhook(), { code: 'no-webhook-url' });
  });

  it('take the same time with the same seed', async () => {
    assert.deepEqual(await timesOf(1), await timesOf(1));
    assert.notDeepEqual(await timesOf(1), await timesOf(2));
  });
});
