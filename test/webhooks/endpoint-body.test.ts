import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect as connectTo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { WebhookEndpoint } from '../../src/webhooks';
import { BodyError, BodyReader } from '../../src/webhooks/read-body';
import { HEARD, messagesBody, textMessage } from './fixtures';
import {
  account,
  assertLogged,
  sign,
  storedTypes,
  TestServer,
  type Account,
  type Answer,
  type Writer,
} from './serve';

const BODY = JSON.stringify(messagesBody(textMessage()));
const MAX_BODY = 100_000;

describe('the webhook endpoint, given a body that does not come as it should', () => {
  let server: TestServer;
  let own: Account;
  /** What stands in front of the endpoint. */
  let before: (request: IncomingMessage) => Promise<void>;
  let handled: Promise<void>[];

  beforeEach(async () => {
    own = account();
    before = async () => undefined;
    handled = [];
    const endpoint = new WebhookEndpoint({ now: () => HEARD, maxBody: MAX_BODY, bodyTimeout: 250 });
    endpoint.add(own);
    server = await TestServer.listen((request, response) => {
      handled.push(before(request).then(() => endpoint.handle(request, response)));
    });
  });

  afterEach(async () => {
    await server.close();
    await Promise.all(handled);
  });

  const signed = { 'x-hub-signature-256': sign(BODY) };

  it('refuses a length over the limit before it is sent', async () => {
    const answer = await server.send('POST', '/', {
      headers: { ...signed, 'content-length': MAX_BODY + 1 },
      write: (outgoing) => outgoing.flushHeaders(),
    });
    assert.equal(answer.status, 413);
  });

  it('refuses one that grows over the limit, without waiting for its end', async () => {
    const answer = await server.send('POST', '/', {
      headers: signed,
      write: (outgoing) => outgoing.write(Buffer.alloc(MAX_BODY + 1, ' ')),
    });
    assert.equal(answer.status, 413);
    assert.deepEqual(own.stored, []);
  });

  it('takes one of exactly the limit', async () => {
    assert.equal((await server.post(BODY.padEnd(MAX_BODY - 2, ' '))).status, 200);
  });

  it('refuses one that is too slow', async () => {
    const answer = await server.send('POST', '/', {
      headers: signed,
      write: (outgoing) => outgoing.write('{'),
    });
    assert.equal(answer.status, 408);
    assert.equal(answer.headers.connection, 'close');
  });

  it('cuts off who was refused and never stops sending', async () => {
    // Otherwise the server itself would hang up, after five seconds of silence.
    server.server.keepAliveTimeout = 0;
    const socket = connectTo(server.port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n{');
    await once(socket, 'close');
    assert.match(answer, /^HTTP\/1.1 401 /);
  });

  it('survives one that is cut off', async () => {
    const cut = server.send('POST', '/', {
      headers: { ...signed, 'content-length': BODY.length },
      write: (outgoing) => outgoing.write('{', () => outgoing.destroy(new Error('cut'))),
    });
    await assert.rejects(cut, /cut/);
    await Promise.all(handled);
    assert.deepEqual(own.stored, []);
    assert.equal((await server.post(BODY)).status, 200);
  });

  it('answers 500 and says what to do where somebody has read it already', async () => {
    before = async (request) => {
      await buffer(request);
    };
    assert.equal((await server.post(BODY)).status, 500);
    assertLogged(own, /^error: .*before any body parser/);
    assert.deepEqual(own.stored, []);
  });

  it('takes the bytes from `rawBody` where somebody kept them', async () => {
    before = async (request) => {
      Object.assign(request, { rawBody: await buffer(request) });
    };
    assert.equal((await server.post(BODY)).status, 200);
    assert.deepEqual(storedTypes(own), ['user-wrote']);
    assert.equal((await server.post(BODY, { 'x-hub-signature-256': sign('x') })).status, 401);
  });
});

describe('a reader of bodies', () => {
  it('holds no more of them in memory than allowed', async () => {
    const reader = new BodyReader({ maxBody: 100, maxBodies: 150, bodyTimeout: 10_000 });
    const firstPieceCame = new EventEmitter();
    const server = await TestServer.listen((request, response) => {
      void reader.read(request).then(
        (body) => response.end(`read ${body.length}`),
        (error: unknown) => response.end(error instanceof BodyError ? error.code : 'other'),
      );
      request.once('data', () => firstPieceCame.emit('first'));
    });
    const full = 'x'.repeat(100);
    const came = once(firstPieceCame, 'first');
    let slow: Promise<Answer> | undefined;
    const open = await new Promise<Parameters<Writer>[0]>((resolve) => {
      slow = server.send('POST', '/', { write: (outgoing) => resolve(outgoing) });
    });
    open.write(full);
    await came;
    assert.equal((await server.send('POST', '/', { body: full })).text, 'busy');
    open.end();
    assert.equal((await slow)?.text, 'read 100');
    assert.equal((await server.send('POST', '/', { body: full })).text, 'read 100');
    await server.close();
  });
});
