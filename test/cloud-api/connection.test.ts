import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { AxiosError } from 'axios';
import { describeFailure } from '../../src/cloud-api/failure';
import { failureOf, POSTS } from './actions';
import { ANA, FakeWhatsApp, PERMISSION, portOf, type Behaviour } from './fake-whatsapp';

const cutInTheMiddle: Behaviour = (response) => {
  response.writeHead(200, { 'content-length': 100 });
  response.write('{"calls":', () => response.destroy());
};
const byteByByte: Behaviour = (response) => {
  response.writeHead(200);
  const drip = setInterval(() => response.write(' '), 10);
  response.on('close', () => clearInterval(drip));
};

const urlOf = (server: Server) => `http://127.0.0.1:${portOf(server)}`;

const closedPort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = urlOf(server);
  server.close();
  await once(server, 'close');
  return url;
};

describe('cloud-api: the connection', () => {
  const whatsapp = new FakeWhatsApp();
  before(() => whatsapp.start());
  after(() => whatsapp.stop());

  const servers: Server[] = [];
  after(() => servers.forEach((server) => server.close()));

  const rawServer = async (onSocket: (socket: Socket) => void) => {
    const server = createServer(onSocket).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return urlOf(server);
  };
  const everyPostFails = async (graphUrl: string, code: string, outcome: string) => {
    for (const [name, act] of Object.entries(POSTS)) {
      const error = await failureOf(act(whatsapp.client({ graphUrl, timeout: 100 })));
      assert.deepEqual([error.code, error.outcome], [code, outcome], name);
      assert.equal(error.status, null);
    }
    const error = await failureOf(
      whatsapp.client({ graphUrl, timeout: 100 }).lookUpPermission(ANA),
    );
    assert.equal(error.code, code);
  };

  it('nobody listens: network-down, not sent', async () => {
    await everyPostFails(await closedPort(), 'network-down', 'not-sent');
  });

  it('there is no such host: network-down, not sent', async () => {
    await everyPostFails('http://whatsapp.invalid', 'network-down', 'not-sent');
  });

  it('no address of the host answers the dialling: network-down, not sent', () => {
    const noAnswer = Object.assign(new Error('connect'), { code: 'ETIMEDOUT', syscall: 'connect' });
    const both = Object.assign(new AggregateError([noAnswer, noAnswer]), { code: 'ETIMEDOUT' });
    const later = Object.assign(new Error('read'), { code: 'ETIMEDOUT', syscall: 'read' });
    const outcomeOf = (error: Error) => {
      const context = { now: () => 0, closed: new AbortController().signal, redact: String };
      const { code, outcome } = describeFailure(AxiosError.from(error), context);
      return [code, outcome];
    };
    assert.deepEqual(outcomeOf(noAnswer), ['network-down', 'not-sent']);
    assert.deepEqual(outcomeOf(both), ['network-down', 'not-sent']);
    assert.deepEqual(outcomeOf(later), ['connection-cut', 'unknown']);
  });

  it('there is no TLS where the address says so: network-down, not sent', async () => {
    await everyPostFails(whatsapp.url.replace('http:', 'https:'), 'network-down', 'not-sent');
  });

  it('the Graph URL is no web address: invalid-url, not sent', async () => {
    for (const url of [
      '',
      'graph.facebook.com',
      'ftp://graph.facebook.com',
      'http://',
      'data:,x',
    ]) {
      await everyPostFails(url, 'invalid-url', 'not-sent');
    }
  });

  it('no answer at all: timeout, unknown', async () => {
    whatsapp.behave(() => {});
    await everyPostFails(whatsapp.url, 'timeout', 'unknown');
  });

  it('an answer that comes byte by byte and never ends: timeout, unknown', async () => {
    whatsapp.behave(byteByByte);
    await everyPostFails(whatsapp.url, 'timeout', 'unknown');
  });

  it('cut before the answer: connection-cut, unknown', async () => {
    whatsapp.behave((response) => response.destroy());
    await everyPostFails(whatsapp.url, 'connection-cut', 'unknown');
  });

  it('cut in the middle of the answer: connection-cut, unknown', async () => {
    whatsapp.behave(cutInTheMiddle);
    await everyPostFails(whatsapp.url, 'connection-cut', 'unknown');
  });

  it('an answer that is not HTTP: invalid-response, unknown', async () => {
    const url = await rawServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('hello\r\n\r\n'));
    });
    await everyPostFails(url, 'invalid-response', 'unknown');
  });

  it('an answer that never stops being long: invalid-response, unknown', async () => {
    whatsapp.behave({ body: `{"a":"${'x'.repeat(2_000_000)}"}` });
    await everyPostFails(whatsapp.url, 'invalid-response', 'unknown');
  });

  describe('closing', () => {
    it('ends what is under way: closed, unknown', async () => {
      for (const act of Object.values(POSTS)) {
        const client = whatsapp.client();
        const arrived = new Promise<void>((resolve) => whatsapp.behave(() => resolve()));
        const failure = failureOf(act(client));
        await arrived;
        client.close();
        const { code, outcome } = await failure;
        assert.deepEqual({ code, outcome }, { code: 'closed', outcome: 'unknown' });
      }
    });

    it('sends nothing any more: closed, not sent', async () => {
      const before = whatsapp.seen.length;
      const client = whatsapp.client();
      client.close();
      client.close();
      for (const act of [...Object.values(POSTS), () => client.lookUpPermission(ANA)]) {
        const { code, outcome } = await failureOf(act(client));
        assert.deepEqual({ code, outcome }, { code: 'closed', outcome: 'not-sent' });
      }
      assert.equal(whatsapp.seen.length, before);
    });

    it('ends the wait before a repetition', async () => {
      whatsapp.behave({ status: 503, body: '' }, { body: PERMISSION });
      const before = whatsapp.seen.length;
      const client = whatsapp.client({
        sleep: () => {
          setImmediate(() => client.close());
          return new Promise(() => {});
        },
      });
      assert.equal((await failureOf(client.lookUpPermission(ANA))).code, 'closed');
      assert.equal(whatsapp.seen.length - before, 1);
    });

    it('ends a wait on the machine clock too', async () => {
      whatsapp.behave({ status: 503, body: '' });
      const client = whatsapp.client({
        sleep: undefined,
        retryDelay: () => {
          setImmediate(() => client.close());
          return 3_600_000;
        },
      });
      assert.equal((await failureOf(client.lookUpPermission(ANA))).code, 'closed');
    });
  });

  it('keeps many requests under way without a warning of a leak', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => void warnings.push(warning);
    process.on('warning', note);
    whatsapp.behave({ body: { success: true } });
    const client = whatsapp.client();
    await Promise.all(Array.from({ length: 40 }, () => client.endCall('wacid.TEST0001')));
    process.off('warning', note);
    assert.deepEqual(warnings, []);
  });
});
