import assert from 'node:assert/strict';
import {
  assert as holdsFor,
  anything,
  array,
  constantFrom,
  oneof,
  property,
  record,
} from 'fast-check';
import { CloudApiError, parsePermissionAnswer } from '../../src/cloud-api';

const ANSWER = {
  messaging_product: 'whatsapp',
  permission: { status: 'temporary', expiration_time: 1790000000 },
  actions: [
    {
      action_name: 'send_call_permission_request',
      can_perform_action: false,
      limits: [
        {
          time_period: 'PT24H',
          max_allowed: 1,
          current_usage: 1,
          limit_expiration_time: 1789481600,
        },
        { time_period: 'P7D', max_allowed: 2, current_usage: 1 },
      ],
    },
    {
      action_name: 'start_call',
      can_perform_action: true,
      limits: [{ time_period: 'PT24H', max_allowed: 100, current_usage: 3 }],
    },
  ],
};

const READ = {
  status: 'temporary',
  expiresAt: 1790000000_000,
  canRequest: false,
  canCall: true,
  requestsPer24h: { used: 1, allowed: 1, resetsAt: 1789481600_000 },
  requestsPer7d: { used: 1, allowed: 2, resetsAt: null },
  connectedCallsPer24h: { used: 3, allowed: 100, resetsAt: null },
};

const permissionOf = (permission: unknown) => {
  const { status, expiresAt } = parsePermissionAnswer({ permission, actions: [] });
  return { status, expiresAt };
};
const callAction = (action: Record<string, unknown>) =>
  parsePermissionAnswer({
    permission: { status: 'permanent' },
    actions: [{ action_name: 'start_call', ...action }],
  });
const camel = (key: string) =>
  key.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const refuses = (body: unknown) =>
  assert.throws(
    () => parsePermissionAnswer(body),
    (error) => error instanceof CloudApiError && error.code === 'invalid-response',
  );

describe('cloud-api: reading a permission answer', () => {
  it('reads the answer of the guide', () => {
    assert.deepEqual(parsePermissionAnswer(ANSWER), READ);
  });

  it('reads it wrapped in data[0]', () => {
    assert.deepEqual(parsePermissionAnswer({ data: [ANSWER] }), READ);
  });

  it('reads it in the camel case of AWS', () => {
    const text = JSON.stringify(ANSWER).replaceAll(
      /"(\w+)":/g,
      (_, key: string) => `"${camel(key)}":`,
    );
    assert.match(text, /"canPerformAction"/);
    assert.deepEqual(parsePermissionAnswer(JSON.parse(text)), READ);
  });

  it('reads numbers written as strings', () => {
    const text = JSON.stringify(ANSWER).replaceAll(/:(\d+)/g, ':"$1"');
    assert.match(text, /"current_usage":"3"/);
    assert.deepEqual(parsePermissionAnswer(JSON.parse(text)), READ);
  });

  describe('the status', () => {
    const seconds = 1790000000;
    const cases: [string, string, number | null][] = [
      ['no_permission', 'none', null],
      ['temporary', 'temporary', seconds * 1000],
      ['permanent', 'permanent', null],
      ['granted', 'temporary', seconds * 1000],
      ['pending', 'none', null],
      ['denied', 'none', null],
      ['expired', 'none', null],
      ['suspended', 'unknown', null],
      ['constructor', 'unknown', null],
      ['', 'unknown', null],
    ];
    for (const [word, status, expiresAt] of cases) {
      it(`"${word}" is ${status}`, () => {
        const read = permissionOf({ status: word, expiration_time: seconds });
        assert.deepEqual(read, { status, expiresAt });
      });
    }

    it('that is missing or no word is unknown', () => {
      for (const status of [undefined, null, 1, {}, ['temporary']]) {
        assert.deepEqual(permissionOf({ status }), { status: 'unknown', expiresAt: null });
      }
    });

    it('"temporary" and "granted" may come without an end', () => {
      for (const status of ['temporary', 'granted']) {
        for (const end of [undefined, null, '']) {
          const read = permissionOf({ status, expiration_time: end });
          assert.deepEqual(read, { status: 'temporary', expiresAt: null });
        }
      }
    });

    it('has its end under either name, as seconds', () => {
      for (const name of ['expiration_time', 'expiration']) {
        for (const end of [seconds, String(seconds)]) {
          assert.equal(
            permissionOf({ status: 'temporary', [name]: end }).expiresAt,
            seconds * 1000,
          );
        }
      }
      const both = { status: 'temporary', expiration_time: null, expiration: seconds };
      assert.equal(permissionOf(both).expiresAt, seconds * 1000);
    });

    it('with an end that cannot be read is unknown, never a permission without end', () => {
      for (const end of ['soon', -5, 0, seconds * 1000, {}, true]) {
        const read = permissionOf({ status: 'temporary', expiration_time: end });
        assert.deepEqual(read, { status: 'unknown', expiresAt: null });
      }
    });
  });

  describe('what may be done', () => {
    it('is told by can_perform_action or can_perform', () => {
      assert.equal(callAction({ can_perform_action: true }).canCall, true);
      assert.equal(callAction({ can_perform: true }).canCall, true);
      assert.equal(callAction({ can_perform_action: false, can_perform: true }).canCall, false);
    });

    it('is nothing where WhatsApp did not say', () => {
      for (const said of [undefined, null, 'yes', 1, {}]) {
        assert.equal(callAction({ can_perform_action: said }).canCall, false);
      }
      for (const actions of [undefined, null, '', {}, [null]]) {
        const answer = parsePermissionAnswer({ permission: { status: 'permanent' }, actions });
        assert.deepEqual([answer.canCall, answer.canRequest], [false, false]);
      }
    });
  });

  it('refuses a body that says nothing about the permission', () => {
    for (const body of [
      undefined,
      null,
      7,
      'ok',
      [],
      {},
      { data: [] },
      { permission: 'permanent' },
    ]) {
      refuses(body);
    }
  });

  it('reads or refuses anything, and never throws anything else', () => {
    const part = anything();
    const shaped = record(
      {
        permission: record({ status: part, expiration_time: part }, { requiredKeys: [] }),
        actions: array(
          record({
            action_name: constantFrom('start_call', 'send_call_permission_request'),
            can_perform_action: part,
            limits: oneof(part, array(record({ time_period: part, max_allowed: part }))),
          }),
        ),
      },
      { requiredKeys: ['permission'] },
    );
    holdsFor(
      property(oneof(part, shaped), (body) => {
        try {
          const { canCall, status } = parsePermissionAnswer(body);
          assert.equal(typeof canCall, 'boolean');
          assert.ok(['none', 'temporary', 'permanent', 'unknown'].includes(status));
        } catch (error) {
          assert.ok(error instanceof CloudApiError && error.code === 'invalid-response');
        }
      }),
    );
  });
});
