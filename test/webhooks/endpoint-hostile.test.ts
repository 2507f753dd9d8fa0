import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { callsBody, connect, messagesBody, reply, ACCEPT_PERMANENT } from './fixtures';
import { account, deliver, endpointWith, SECRET, sign, storedTypes } from './serve';

const GRANT = Buffer.from(JSON.stringify(messagesBody(reply(ACCEPT_PERMANENT))));

describe('a hostile sender', () => {
  it('never gets a fact stored without a valid signature', async () => {
    const own = account();
    const endpoint = endpointWith(own);
    const right = sign(GRANT);
    const header = fc
      .oneof(
        fc.string(),
        fc.constantFrom(
          '',
          'sha256=',
          sign(GRANT, 'x'),
          right.slice(7),
          right.toUpperCase(),
          ` ${right}`,
        ),
        fc.tuple(fc.nat(63), fc.integer({ min: 1, max: 15 })).map(([at, by]) => {
          const digit = Number.parseInt(right[7 + at] ?? '0', 16) ^ by;
          return right.slice(0, 7 + at) + digit.toString(16) + right.slice(8 + at);
        }),
        fc.stringMatching(/^sha256=[0-9a-f]{64}$/),
      )
      .filter((it) => it !== right);
    await fc.assert(
      fc.asyncProperty(fc.option(header, { nil: undefined }), async (signature) => {
        const headers = signature === undefined ? {} : { 'x-hub-signature-256': signature };
        assert.equal((await endpoint.receive(headers, GRANT)).status, 401);
      }),
      { numRuns: 1_000 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        fc.pre(!GRANT.equals(bytes));
        const answer = await endpoint.receive({ 'x-hub-signature-256': right }, Buffer.from(bytes));
        assert.equal(answer.status, 401);
      }),
      { numRuns: 1_000 },
    );
    assert.deepEqual(own.stored, []);
    await endpoint.receive({ 'x-hub-signature-256': right }, GRANT);
    assert.deepEqual(storedTypes(own), ['granted']);
  });

  it('who knows the secret gets an answer, whatever bytes or JSON he sends', async () => {
    const endpoint = endpointWith(account());
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 1_000 }).map((bytes) => Buffer.from(bytes)),
      fc.json({ maxDepth: 10 }).map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(body, async (bytes) => {
        const answer = await endpoint.receive({ 'x-hub-signature-256': sign(bytes) }, bytes);
        assert.equal(answer.status, 200);
      }),
      { numRuns: 2_000 },
    );
  });

  it('who nests a body of 3 MB gets an answer', async () => {
    const own = account();
    const depth = 1_500_000;
    const text = JSON.stringify(callsBody(connect({ odd: 0 }))).replace(
      '"odd":0',
      `"odd":${'['.repeat(depth)}${']'.repeat(depth)}`,
    );
    const body = Buffer.from(text);
    const answer = await endpointWith(own).receive({ 'x-hub-signature-256': sign(body) }, body);
    assert.equal(answer.status, 200);
    assert.doesNotThrow(() => structuredClone(own.stored));
  });

  const SIZE = 3 * 1024 * 1024;
  const filled = (piece: string): string => piece.repeat(Math.floor(SIZE / piece.length));
  const LARGE: Record<string, string> = {
    'empty lists': `[${filled('[],')}[]]`,
    'empty objects': `[${filled('{},')}{}]`,
    numbers: `[${filled('1e308,')}0]`,
    'one number': `[${filled('9')}]`,
    'one text': `"${filled('a')}"`,
    'escaped surrogates': `"${filled('\\ud800')}"`,
    'names of prototypes': `[${filled('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}},')}{}]`,
    'one name after the other': `{${filled('"a":1,')}"b":2}`,
    'nested objects': `${'{"a":'.repeat(SIZE / 12)}1${'}'.repeat(SIZE / 12)}`,
    'no end': `[${filled('[')}`,
  };
  for (const [what, part] of Object.entries(LARGE)) {
    it(`who sends 3 MB of ${what} gets an answer, wherever they stand`, async () => {
      const own = account();
      const endpoint = endpointWith(own);
      const real = JSON.stringify(callsBody(connect({ id: 'PART' })));
      const places = [
        part,
        `{"entry":${part}}`,
        `{"entry":[{"changes":${part}}]}`,
        real.replace('"PART"', part),
        real.replace('{"event"', `{"odd":${part},"event"`),
        real.replace('"contacts":[', `"errors":${part},"contacts":[`),
      ];
      for (const place of places) {
        const body = Buffer.from(place);
        const answer = await endpoint.receive({ 'x-hub-signature-256': sign(body) }, body);
        assert.equal(answer.status, 200);
      }
      assert.ok(own.stored.length <= 20_000 * places.length);
      assert.equal('polluted' in {}, false);
    });
  }

  it('who sends more than the limit is refused, in-process as well', async () => {
    const body = Buffer.alloc(4 * 1024 * 1024, ' ');
    const answer = await endpointWith(account()).receive(
      { 'x-hub-signature-256': sign(body) },
      body,
    );
    assert.equal(answer.status, 413);
  });

  it('who crams a body full is cut short, and it is logged', async () => {
    const own = account();
    const calls = Array.from({ length: 30_000 }, () => ({}));
    assert.equal((await deliver(endpointWith(own), callsBody(...calls), SECRET)).status, 200);
    assert.equal(own.stored.length, 20_000);
    assert.match(own.logged.join(), /more than 20000 changes/);
  });
});
