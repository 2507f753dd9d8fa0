import assert from 'node:assert/strict';
import { WebhookEndpoint } from '../../src/webhooks';
import { callsBody, connect, HEARD, messagesBody, textMessage, unanswered } from './fixtures';
import {
  account,
  assertLogged,
  SECRET,
  sign,
  storedTypes,
  TestServer,
  TOKEN,
  type Account,
  type Answer,
} from './serve';

const BODY = JSON.stringify(messagesBody(textMessage()));
const query = (token: string, challenge = '1158201444'): string =>
  `hub.mode=subscribe&hub.challenge=${challenge}&hub.verify_token=${token}`;

describe('the webhook endpoint', () => {
  let server: TestServer;
  let endpoint: WebhookEndpoint;
  let own: Account;

  beforeEach(async () => {
    own = account();
    endpoint = new WebhookEndpoint({ now: () => HEARD });
    endpoint.add(own);
    server = await TestServer.listen(
      (request, response) => void endpoint.handle(request, response),
    );
  });

  afterEach(() => server.close());

  const check = (text: string): Promise<Answer> => server.send('GET', `/whatsapp/webhook?${text}`);

  describe('when WhatsApp checks the address', () => {
    it('sends the challenge back as plain text', async () => {
      const { status, text, headers } = await check(query(TOKEN));
      assert.deepEqual([status, text], [200, '1158201444']);
      assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
      assert.equal(headers['x-content-type-options'], 'nosniff');
    });

    const refused: [string, string][] = [
      ['a wrong token', query('verify-tokem')],
      ['a token of another length', query('verify')],
      ['no token', 'hub.mode=subscribe&hub.challenge=1'],
      ['another mode', query(TOKEN).replace('subscribe', 'unsubscribe')],
      ['a challenge with markup', query(TOKEN, '%3Cscript%3Ealert(1)%3C/script%3E')],
      ['an endless challenge', query(TOKEN, '1'.repeat(300))],
      ['no query at all', ''],
      ['a broken query', '%%%&=&hub.mode'],
    ];
    for (const [what, text] of refused) {
      it(`refuses ${what}`, async () => {
        const answer = await check(text);
        assert.deepEqual([answer.status, answer.text], [403, 'verify token wrong']);
      });
    }

    it('refuses every token where none is set', async () => {
      endpoint = new WebhookEndpoint({ now: () => HEARD });
      endpoint.add(account({ verifyToken: null }));
      endpoint.add(account({ verifyToken: '' }));
      assert.equal((await check(query(''))).status, 403);
      assert.equal((await check(query('null'))).status, 403);
    });
  });

  describe('with a signed body', () => {
    it('answers 200 when the facts are stored', async () => {
      const answer = await server.post(BODY);
      assert.deepEqual([answer.status, answer.text], [200, 'ok']);
      assert.deepEqual(storedTypes(own), ['user-wrote']);
    });

    it('does not answer before they are stored', async () => {
      const order: string[] = [];
      own.store = async () => {
        await new Promise(setImmediate);
        order.push('stored');
      };
      await server.post(BODY).then(() => order.push('answered'));
      assert.deepEqual(order, ['stored', 'answered']);
    });

    it('checks the bytes, not the JSON', async () => {
      const escaped = BODY.replace('¿', '\\u00bf').replaceAll('/', '\\/');
      assert.equal((await server.post(escaped)).status, 200);
      assert.equal((await server.post(escaped, { 'x-hub-signature-256': sign(BODY) })).status, 401);
    });

    it('asks for it again (503) where it cannot be stored', async () => {
      own.store = () => Promise.reject(new Error('disk is full'));
      assert.equal((await server.post(BODY)).status, 503);
      assertLogged(own, /^error: .*disk is full/);
    });

    it('asks for it again where storing throws at once', async () => {
      own.store = () => {
        throw new Error('no store');
      };
      assert.equal((await server.post(BODY)).status, 503);
    });

    it('answers 200 and logs where it is not JSON', async () => {
      for (const body of ['{"entry":', '', '\u0000\u0001']) {
        assert.equal((await server.post(body)).status, 200);
      }
      assert.deepEqual(own.stored, []);
      assertLogged(own, /not JSON/, 3);
    });

    it('answers 200 to JSON that is no webhook', async () => {
      assert.equal((await server.post('[[[null]]]')).status, 200);
      assert.deepEqual(own.stored, []);
    });

    it('stores a whole batch at once', async () => {
      await server.post(JSON.stringify(callsBody(connect(), unanswered())));
      assert.deepEqual(storedTypes(own), ['connecting', 'ended']);
    });

    it('reads one that comes in many pieces', async () => {
      const bytes = Buffer.from(BODY);
      const answer = await server.send('POST', '/', {
        headers: { 'x-hub-signature-256': sign(bytes) },
        write: (outgoing) => {
          for (const byte of bytes) outgoing.write(Buffer.of(byte));
          outgoing.end();
        },
      });
      assert.equal(answer.status, 200);
      assert.deepEqual(storedTypes(own), ['user-wrote']);
    });

    it('takes one that was delivered twice twice: telling them apart is for the records', async () => {
      await server.post(BODY);
      await server.post(BODY);
      assert.deepEqual(storedTypes(own), ['user-wrote', 'user-wrote']);
    });
  });

  describe('without a valid signature', () => {
    const headers: [string, object][] = [
      ['missing', {}],
      ['wrong', { 'x-hub-signature-256': sign(`${BODY} `) }],
      ['short', { 'x-hub-signature-256': sign(BODY).slice(0, 20) }],
      ['of another secret', { 'x-hub-signature-256': sign(BODY, 'another') }],
      ['sha1', { 'x-hub-signature': sign(BODY) }],
    ];
    for (const [what, header] of headers) {
      it(`(${what}) answers 401 and stores nothing`, async () => {
        const answer = await server.post(BODY, header);
        assert.deepEqual([answer.status, answer.text], [401, 'signature missing or wrong']);
        assert.deepEqual(own.stored, []);
      });
    }

    it('answers 401 to every body where no app secret is set', async () => {
      endpoint = new WebhookEndpoint({ now: () => HEARD });
      endpoint.add(account({ appSecrets: [] }));
      endpoint.add(account({ appSecrets: [''] }));
      assert.equal(
        (await server.post(BODY, { 'x-hub-signature-256': sign(BODY, '') })).status,
        401,
      );
    });

    it('does not wait for the body of what is not signed at all', async () => {
      const answer = await server.send('POST', '/', {
        headers: { 'content-length': 1_000 },
        write: (outgoing) => outgoing.write('{'),
      });
      assert.equal(answer.status, 401);
    });
  });

  it('answers 405 to other methods', async () => {
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const answer = await server.send(method, '/');
      assert.deepEqual([answer.status, answer.headers.allow], [405, 'GET, POST']);
    }
  });

  it('answers 500 where our own code fails', async () => {
    Object.defineProperty(own, 'appSecrets', {
      get() {
        throw new Error('broken');
      },
    });
    assert.equal((await server.post(BODY)).status, 500);
    assertLogged(own, /broken/);
  });

  it('sends no secret back', async () => {
    const answers = [
      await server.post(BODY),
      await server.post(BODY, {}),
      await server.send('GET', `/?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${TOKEN}`),
    ];
    for (const { text, headers } of answers) {
      const all = text + JSON.stringify(headers);
      assert.ok(!all.includes(SECRET) && !all.includes(TOKEN) && !all.includes('sha256='));
    }
  });

  it('is empty when the last account is gone', () => {
    const other = new WebhookEndpoint({ now: () => HEARD });
    assert.equal(other.isEmpty, true);
    const remove = other.add(own);
    assert.equal(other.isEmpty, false);
    remove();
    remove();
    assert.equal(other.isEmpty, true);
  });
});
