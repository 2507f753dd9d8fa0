import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseWebhook } from '../../src/webhooks';
import { MOST_CHANGES } from '../../src/webhooks/parse';
import {
  ANA,
  bodyOf,
  callsBody,
  connect,
  HEARD,
  reply,
  ACCEPT_PERMANENT,
  terminate,
  T,
  valueOf,
} from './fixtures';
import { assertSound } from './sound';

/** JSON that looks like a webhook in places: real field names and words, wrong types everywhere. */
const webhookLike = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 8 },
    fc.constantFrom(
      'accept',
      'reject',
      'connect',
      'terminate',
      'RINGING',
      'FAILED',
      'delivered',
      'call',
    ),
    fc.constantFrom('calls', 'messages', 'account_update', 'account_settings_update'),
    fc.constantFrom(
      'ACCOUNT_RESTRICTION',
      'RESTRICTED_BUSINESS_INITIATED_CALLING',
      'call_permission_reply',
    ),
    fc.constantFrom<unknown>(
      null,
      true,
      -1,
      0,
      1e308,
      T,
      String(T),
      '',
      '__proto__',
      ANA.waId,
      ANA.userId,
    ),
    fc.jsonValue({ maxDepth: 2 }),
    fc.array(tie('any'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(
    fc.constantFrom(
      'value',
      'metadata',
      'phone_number_id',
      'display_phone_number',
      'contacts',
      'wa_id',
      'user_id',
      'calls',
      'statuses',
      'messages',
      'errors',
      'id',
      'event',
      'type',
      'status',
      'direction',
      'timestamp',
      'from',
      'to',
      'interactive',
      'duration',
      'call_permission_reply',
      'response',
      'expiration_timestamp',
      'session',
      'start_time',
      'code',
      'message',
      '__proto__',
      'constructor',
    ),
    tie('any'),
    { maxKeys: 12 },
  ),
  change: fc.record({
    field: fc.oneof(
      fc.constantFrom(
        'calls',
        'messages',
        'account_update',
        'account_settings_update',
        '__proto__',
      ),
      tie('any'),
    ),
    value: fc.record(
      {
        calls: fc.array(tie('object'), { maxLength: 3 }),
        statuses: fc.array(tie('object'), { maxLength: 3 }),
        messages: fc.array(tie('object'), { maxLength: 3 }),
        contacts: tie('any'),
        metadata: tie('any'),
        errors: tie('any'),
      },
      { requiredKeys: [] },
    ),
  }),
}));

describe('hostile webhook bodies', () => {
  it('never make the parser throw, whatever JSON they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => parseWebhook(body, HEARD).forEach(assertSound)),
      {
        numRuns: 2_000,
      },
    );
  });

  it('never give an unsound fact, however close to a webhook they are', () => {
    fc.assert(
      fc.property(fc.array(webhookLike.change, { maxLength: 3 }), (changes) => {
        parseWebhook({ entry: [{ changes }] }, HEARD).forEach(assertSound);
      }),
      { numRuns: 5_000 },
    );
  });

  it('never give an unsound fact where a real one has one field replaced', () => {
    const originals = [connect(), terminate(), reply(ACCEPT_PERMANENT)];
    fc.assert(
      fc.property(
        fc.constantFrom(...originals),
        fc.nat(20),
        fc.jsonValue(),
        (item, index, value) => {
          const fields = Object.keys(item);
          const broken = { ...item, [fields[index % fields.length] ?? 'id']: value };
          const list = 'interactive' in item ? 'messages' : 'calls';
          parseWebhook(bodyOf('calls', valueOf({ [list]: [broken] })), HEARD).forEach(assertSound);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  for (const body of [
    null,
    undefined,
    true,
    5,
    'x',
    [],
    {},
    { entry: 'x' },
    { entry: [null, { changes: 5 }] },
  ]) {
    it(`hold nothing where they read ${JSON.stringify(body)}`, () => {
      assert.deepEqual(parseWebhook(body, HEARD), []);
    });
  }

  it('cannot reach a prototype', () => {
    const text = JSON.stringify(callsBody(connect())).replaceAll('"entry"', '"__proto__"');
    assert.deepEqual(parseWebhook(JSON.parse(text), HEARD), []);
    assert.equal(Object.hasOwn(Object.prototype, 'entry'), false);
  });

  it('nested a hundred thousand deep are read without them', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
    const [odd, call, ...rest] = parseWebhook(
      {
        entry: [
          {
            changes: [
              { field: 'x', value: deep },
              { field: 'calls', value: valueOf({ calls: [connect({ odd: deep })] }) },
            ],
          },
        ],
      },
      HEARD,
    );
    assert.deepEqual(rest, []);
    assert.equal(odd?.raw, null);
    assert.ok(call?.kind === 'contact' && call.fact.type === 'connecting');
    assert.equal(call.raw, null);
  });

  it('of a million tiny objects become a bounded number of changes', () => {
    const calls = Array.from({ length: 1_000_000 }, () => ({}));
    assert.equal(parseWebhook(bodyOf('calls', { calls }), HEARD).length, MOST_CHANGES);
  });

  it('of many calls, contacts and errors are read in linear time', () => {
    let reads = 0;
    const counted = <T extends object>(list: T): T =>
      new Proxy(list, {
        get(target, name, self): unknown {
          reads += 1;
          return Reflect.get(target, name, self);
        },
      });
    const calls = Array.from({ length: 1_000 }, (_, i) =>
      terminate({ to: `34600${i}`, to_user_id: null, status: 'FAILED' }),
    );
    const contacts = counted(calls.map(({ to }) => ({ wa_id: to })));
    const errors = counted(calls.map(() => ({ code: 138021 })));
    const body = bodyOf('calls', valueOf({ calls: counted(calls), contacts, errors }));
    assert.equal(parseWebhook(body, HEARD).length, 1_000);
    assert.ok(reads > 1_000 && reads < 20_000, `${reads} reads`);
  });
});
