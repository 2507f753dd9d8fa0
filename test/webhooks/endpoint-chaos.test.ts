import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTo } from 'node:net';
import * as fc from 'fast-check';
import { WebhookEndpoint } from '../../src/webhooks';
import { HEARD, messagesBody, textMessage } from './fixtures';
import { account, SECRET, sign, TestServer, TOKEN, type Account } from './serve';

const OLD = 'secret-of-last-year';
const MAX_BODY = 20_000;

/** What somebody sends, what he has to be answered, and whether it may be stored. */
interface Attempt {
  what: string;
  method: string;
  path: string;
  body: Buffer;
  headers: { [name: string]: string };
  statuses: number[];
  isStored: boolean;
}

const posted = (over: Partial<Attempt> & Pick<Attempt, 'what' | 'statuses'>): Attempt => ({
  method: 'POST',
  path: '/whatsapp/webhook',
  body: Buffer.alloc(0),
  headers: {},
  isStored: false,
  ...over,
});

const written = (id: string): Buffer =>
  Buffer.from(JSON.stringify(messagesBody(textMessage({ id }))));

const signedWith = (secret: string, body: Buffer): { [name: string]: string } => ({
  'x-hub-signature-256': sign(body, secret),
});

const genuine = fc.tuple(fc.nat(), fc.constantFrom(SECRET, OLD)).map(([n, secret]) => {
  const body = written(`wamid.${n}`);
  const headers = signedWith(secret, body);
  return posted({ what: 'genuine', body, headers, statuses: [200], isStored: true });
});
const forged = fc.nat().chain((n) => {
  const body = written(`forged.${n}`);
  const [right] = Object.values(signedWith(SECRET, body)) as [string];
  const wrong = fc.constantFrom<{ [name: string]: string }>(
    {},
    signedWith('another', body),
    signedWith(SECRET, written('wamid.other')),
    { 'x-hub-signature-256': right.slice(0, -1) },
    { 'x-hub-signature-256': `${right}0` },
    { 'x-hub-signature-256': `${right}, ${right}` },
    { 'x-hub-signature-256': right.replace('sha256', 'sha1') },
    { 'x-hub-signature': right },
    { 'x-hub-signature-256': `${right.slice(0, 8)}${'0'.repeat(63)}` },
  );
  return wrong.map((headers) => posted({ what: 'forged', body, headers, statuses: [401] }));
});
const junk = fc.uint8Array({ maxLength: 2_000 }).map((bytes) => {
  const body = Buffer.from(bytes);
  return posted({ what: 'junk', body, headers: signedWith(SECRET, body), statuses: [200] });
});
const unsignedJunk = fc
  .uint8Array({ maxLength: 2_000 })
  .map((bytes) => posted({ what: 'unsigned', body: Buffer.from(bytes), statuses: [401] }));
const large = fc.boolean().map((isSigned) => {
  const body = Buffer.alloc(MAX_BODY + 1, ' ');
  const headers = isSigned ? signedWith(SECRET, body) : {};
  return posted({ what: 'large', body, headers, statuses: [413] });
});
const method = fc.constantFrom('PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD').map((it) => {
  const body = written('wamid.method');
  return posted({
    what: it,
    method: it,
    body: it === 'HEAD' ? Buffer.alloc(0) : body,
    headers: signedWith(SECRET, body),
    statuses: [405],
  });
});
const challenge = fc.webQueryParameters().map((query) =>
  posted({
    what: 'challenge',
    method: 'GET',
    path: `/whatsapp/webhook?hub.mode=subscribe&${query}`,
    statuses: [403],
  }),
);
const attempt = fc.oneof(genuine, forged, junk, unsignedJunk, large, method, challenge);

const storedIds = ({ stored }: Account): string[] => stored.map(({ id }) => id ?? '').toSorted();

const idOf = ({ body }: Attempt): string => /"id":"(wamid\.\d+)"/.exec(String(body))?.[1] ?? '';

describe('the webhook endpoint, with all of it at a time', () => {
  let server: TestServer;
  let own: Account;

  beforeEach(async () => {
    own = account({ appSecrets: [SECRET, OLD] });
    const endpoint = new WebhookEndpoint({ now: () => HEARD, maxBody: MAX_BODY });
    endpoint.add(own);
    server = await TestServer.listen(
      (request, response) => void endpoint.handle(request, response),
    );
  });
  afterEach(() => server.close());

  it('answers each, and stores only and exactly what is signed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(attempt, { minLength: 1, maxLength: 25, size: 'max' }),
        async (all) => {
          own.stored.length = 0;
          const answers = await Promise.all(
            all.map(({ method, path, body, headers }) =>
              server.send(method, path, {
                body,
                headers: { 'content-length': body.length, ...headers },
              }),
            ),
          );
          answers.forEach(({ status, text }, i) => {
            const { what, statuses } = all[i]!;
            assert.ok(statuses.includes(status), `${what}: ${status}`);
            for (const secret of [SECRET, OLD, TOKEN]) assert.equal(text.includes(secret), false);
          });
          const genuineOnes = all.filter(({ isStored }) => isStored);
          assert.deepEqual(storedIds(own), genuineOnes.map(idOf).toSorted());
        },
      ),
      { numRuns: 60 },
    );
  });

  it('goes on after whatever comes over a connection', async () => {
    const head = 'POST /whatsapp/webhook HTTP/1.1\r\nhost: a\r\n';
    const body = written('wamid.1');
    const signature = `x-hub-signature-256: ${sign(body)}\r\n`;
    const pieces = [
      `${head}${signature}transfer-encoding: chunked\r\n\r\nffffffff\r\n`,
      `${head}${signature}transfer-encoding: chunked\r\n\r\nzz\r\n`,
      `${head}${signature}content-length: -1\r\n\r\n`,
      `${head}${signature}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`,
      `${head}${signature}content-length: 10\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${head}x-hub-signature-256: ${'a'.repeat(20_000)}\r\n\r\n`,
      `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      '\u0016\u0003\u0001',
      '\0\0\0\0',
    ];
    for (const piece of pieces) {
      const socket = connectTo(server.port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      const closed = once(socket, 'close');
      socket.write(piece, () => socket.end());
      await closed;
    }
    assert.deepEqual(own.stored, []);
    assert.equal((await server.post(body)).status, 200);
    assert.deepEqual(storedIds(own), ['wamid.1']);
  });
});
