import assert from 'node:assert/strict';
import { catalogOf, NODES } from './built';
import { ACCOUNT, instance, run } from './editor';

type Case = [node: string, setting: string, good: string[], bad: string[], others?: object];

const CASES: Case[] = [
  ['account', 'phoneNumberId', ['100000000000001'], ['', '+1555', 'my number']],
  ['account', 'businessAccountId', ['', '200000000000002'], ['Acme']],
  ['account', 'displayNumber', ['15550000001', '573001234567'], ['', '+15550000001', '12']],
  ['account', 'country', ['', 'CO', 'BR'], ['co', 'Colombia', 'ZZ', 'C']],
  [
    'account',
    'graphUrl',
    ['https://graph.facebook.com', 'http://127.0.0.1:1'],
    ['', 'graph', 'ftp://x'],
  ],
  ['account', 'graphVersion', ['v25.0'], ['', '25', 'v25']],
  ['account', 'webhookPath', ['/whatsapp/webhook', '/'], ['', 'webhook', '/a?b', '/a b', '/a#b']],
  ['account', 'contextStore', ['', 'file'], ['gone']],
  [
    'account',
    'policyOverrides',
    ['', '{}', '{"connectedCallsPer24h":5}'],
    [
      '{',
      '[]',
      '5',
      '{"unknown":1}',
      '{"connectedCallsPer24h":"5"}',
      '{"connectedCallsPer24h":101}',
    ],
  ],
  ['check-permission', 'account', [ACCOUNT], ['', '_ADD_', 'deleted']],
  ['check-permission', 'contact', ['payload'], ['']],
  [
    'check-permission',
    'contact',
    ['+57 300 123 4567', '573001234567', 'US.13491208655302741918'],
    ['', 'Anna', '12'],
    { contactType: 'str' },
  ],
  ['request-permission', 'template', ['', 'anything at all'], [], { kind: 'free-form' }],
  ['request-permission', 'template', ['ask_to_call_v1'], ['', 'Ask to call'], { kind: 'template' }],
  ['request-permission', 'template', ['ask_to_call_v1'], ['', 'Ask to call'], { kind: 'auto' }],
  ['request-permission', 'language', ['es', 'pt_BR', 'fil'], ['', 'Spanish'], { kind: 'auto' }],
];

describe('a setting in the editor', () => {
  for (const [name, setting, good, bad, others = {}] of CASES) {
    const where = Object.values(others).length > 0 ? ` (${Object.values(others).join()})` : '';

    it(`${name}: ${setting}${where} is told right from wrong, and wrong ones why`, () => {
      const node = NODES.find((each) => each.name === name);
      assert.ok(node);
      const { validate } = run(node).defaults[setting] ?? {};
      assert.ok(validate);
      const on = instance(node, others);
      for (const value of good) assert.equal(validate.call(on, value, {}), true, value);
      for (const value of bad) {
        const why = validate.call(on, value, {});
        assert.ok(typeof why === 'string' && why.length > 10, `"${value}": ${why}`);
        assert.equal(validate.call(on, value), false, `"${value}" without a reason asked for`);
      }
    });
  }

  it('account: phoneNumberId may be in use by no other account of the same connection', () => {
    const node = NODES.find(({ name }) => name === 'account')!;
    const account = (settings: object) => ({
      type: 'whatsapp-calling-account',
      id: 'other',
      connection: 'simulator',
      phoneNumberId: '100000000000001',
      ...settings,
    });
    const validity = (other: object, own: object = {}): unknown => {
      const { validate } = run(node, [other]).defaults['phoneNumberId']!;
      return validate!.call(instance(node, { id: 'mine', ...own }), '100000000000001', {});
    };
    assert.equal(validity(account({})), catalogOf(node)['error']?.['number-taken']);
    assert.equal(validity(account({ connection: 'cloud-api' })), true);
    assert.equal(validity(account({ phoneNumberId: '7' })), true);
    assert.equal(validity(account({ type: 'another-config' })), true);
    assert.equal(validity(account({ id: 'mine' })), true);
  });

  for (const node of NODES) {
    it(`${node.name}: may be an environment variable wherever it is checked`, () => {
      for (const [key, { validate }] of Object.entries(run(node).defaults)) {
        assert.equal(validate?.call(instance(node), '${SOME_NAME}', {}) ?? true, true, key);
      }
    });

    it(`${node.name}: is valid in a new node, but for the account that must be chosen`, () => {
      for (const [key, { validate, value }] of Object.entries(run(node).defaults)) {
        const validity = validate?.call(instance(node), value, {}) ?? true;
        assert.equal(validity, key === 'account' ? catalogOf(node)['error']?.['account'] : true);
      }
    });

    it(`${node.name}: is checked by functions of two arguments, whose reasons Node-RED shows`, () => {
      for (const [key, { validate }] of Object.entries(run(node).defaults)) {
        assert.equal(validate?.length ?? 2, 2, key);
      }
    });
  }
});
