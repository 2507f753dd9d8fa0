import assert from 'node:assert/strict';
import { CREDENTIALS } from './support/cloud';
import { accountNode, everyNode, NUMBER, Stage, USER, wired, type FlowNode } from './support/stage';

const ANA = { payload: `+${USER}` };
const ACTIONS = ['check', 'request', 'place', 'to-opt-out', 'to-restore'];

describe('settings that cannot work', () => {
  let stage: Stage;

  beforeEach(() => {
    stage = new Stage();
  });
  afterEach(() => stage.close());

  /** Every node refuses with one code and a red badge, nothing is sent, and Node-RED goes on. */
  async function allRefuse(code: string, badge = 'status.settings'): Promise<void> {
    for (const id of ACTIONS) {
      assert.equal(stage.badges(id).at(-1), badge);
      assert.equal(await stage.failureOf(id, { ...ANA }), code);
    }
    assert.equal(stage.badges('webhook').at(-1), badge);
    assert.equal(stage.received('caught').length, ACTIONS.length);
    assert.deepEqual(stage.received().length, ACTIONS.length);
    assert.deepEqual(stage.asked, []);
  }

  for (const [what, settings, code] of [
    ['no phone number id', { phoneNumberId: '' }, 'setting-missing'],
    [
      'an environment variable that is not set',
      { phoneNumberId: '${NOT_SET}' },
      'variable-not-set',
    ],
    ['an unset variable in a setting of no weight', { country: '${NOT_SET}' }, 'variable-not-set'],
    ['an unknown context store', { contextStore: 'no_such_store' }, 'unknown-context-store'],
    ['records in a place that does not exist', { records: 'paper' }, 'records-not-available'],
    ['an unknown policy', { policy: 'none' }, 'invalid-policy'],
    ['limits that are not JSON', { policyOverrides: '{' }, 'setting-invalid'],
    ['limits that are a list', { policyOverrides: '[1]' }, 'invalid-policy'],
    ['an unknown limit', { policyOverrides: '{"callsPerDay": 1}' }, 'invalid-policy'],
    ['a limit laxer than WhatsApp', { policyOverrides: '{"requestsPer24h": 2}' }, 'invalid-policy'],
    ['a limit that is no number', { policyOverrides: '{"requestsPer24h": "1"}' }, 'invalid-policy'],
  ] as const) {
    it(`${what}: ${code}, at every node`, async () => {
      await stage.open(everyNode({ account: settings }));
      await allRefuse(code);
      assert.ok(stage.logged('account').some((line) => line.startsWith('error: ')));
    });
  }

  for (const [what, credentials, code] of [
    ['no access token', {}, 'setting-missing'],
    ['a token that is an unset variable', { accessToken: '${NOT_SET}' }, 'variable-not-set'],
    ['a secret that is one', { ...CREDENTIALS, appSecret: '${NOT_SET}' }, 'variable-not-set'],
  ] as const) {
    it(`on the Cloud API, ${what}: ${code}`, async () => {
      await stage.open(everyNode({ account: { connection: 'cloud-api' } }), {
        credentials: { account: credentials },
      });
      await allRefuse(code);
    });
  }

  it('a Graph URL that is none: invalid-url', async () => {
    const account = { connection: 'cloud-api', graphUrl: 'graph.facebook.com' };
    await stage.open(everyNode({ account }), { credentials: { account: CREDENTIALS } });
    assert.equal(await stage.failureOf('check', { ...ANA }), 'invalid-url');
  });

  it('no account: account-missing', async () => {
    await stage.open(everyNode().filter(({ id }) => id !== 'account'));
    await allRefuse('account-missing', 'status.no-account');
  });

  it('an account that is disabled: account-missing', async () => {
    await stage.open(everyNode({ account: { d: true } }));
    await allRefuse('account-missing', 'status.no-account');
  });

  it('an account that is deleted later: account-missing, and it comes back with the account', async () => {
    await stage.open();
    assert.equal((await stage.send('check', { ...ANA })).output, 2);
    const orphaned = everyNode().filter(({ id }) => id !== 'account');
    await stage.deploy(orphaned, 'nodes');
    assert.equal(await stage.failureOf('check', { ...ANA }), 'account-missing');
    await stage.deploy(everyNode(), 'nodes');
    assert.equal((await stage.send('check', { ...ANA })).output, 2);
  });

  it('an unset environment variable in a node: variable-not-set, there only', async () => {
    await stage.open(everyNode({ request: { template: '${NOT_SET}' } }));
    assert.equal(stage.badges('request').at(-1), 'status.settings');
    const { msg } = await stage.send('request', { ...ANA });
    assert.equal(msg['error'].code, 'variable-not-set');
    assert.match(msg['error'].message, /NOT_SET/);
    assert.equal((await stage.send('check', { ...ANA })).output, 2);
  });

  it('an environment variable that is set is used, in settings and credentials', async () => {
    process.env['TEST_NUMBER_ID'] = NUMBER;
    try {
      await stage.open(everyNode({ account: { phoneNumberId: '${TEST_NUMBER_ID}' } }));
      assert.equal((await stage.send('check', { ...ANA })).output, 2);
      assert.equal(stage.simulator.numbers[0]!.id, NUMBER);
    } finally {
      delete process.env['TEST_NUMBER_ID'];
    }
  });

  it('settings of a later version of the package: settings-too-new, there only', async () => {
    await stage.open(everyNode({ request: { version: 99 } }));
    assert.equal(stage.badges('request').at(-1), 'status.settings');
    assert.equal(await stage.failureOf('request', { ...ANA }), 'settings-too-new');
    assert.equal((await stage.send('check', { ...ANA })).output, 2);
  });

  it('an account of a later version of the package: settings-too-new, at every node', async () => {
    await stage.open(everyNode({ account: { version: 99 } }));
    await allRefuse('settings-too-new');
  });

  it('nodes written by hand that say no more than they must do what the dialog suggests', async () => {
    const bare = (...node: Parameters<typeof wired>) =>
      wired(...node).map(({ contact: _c, contactType: _t, ...settings }) => settings);
    await stage.open([
      { id: 'tab', type: 'tab', label: 'flow' },
      { id: 'account', type: 'whatsapp-calling-account', phoneNumberId: NUMBER },
      ...bare('check', 'whatsapp-check-permission', 4),
      ...bare('to-opt-out', 'whatsapp-revoke', 1),
    ]);
    assert.equal((await stage.send('check', { ...ANA })).output, 2);
    const { msg } = await stage.send('to-opt-out', { ...ANA });
    assert.equal(msg['permission'].reason, 'opted-out');
  });

  it('media that is not there yet: media-not-available', async () => {
    await stage.open(everyNode({ place: { media: 'browser' } }));
    assert.equal(await stage.failureOf('place', { ...ANA }), 'media-not-available');
  });

  it('a template that is needed and not named: template-missing, only where a request would go out', async () => {
    await stage.open(everyNode({ request: { template: '' } }));
    assert.equal(await stage.failureOf('request', { ...ANA }), 'template-missing');
    assert.equal(stage.asked.includes('POST messages'), false);
    stage.simulator.user(USER).grant();
    await stage.pass(60_000);
    assert.equal((await stage.send('request', { ...ANA })).output, 2);
  });

  for (const parameters of ['[{"a": 1}]', '{"name": null}']) {
    it(`template parameters ${parameters}: parameters-invalid`, async () => {
      await stage.open(everyNode({ request: { parameters, parametersType: 'json' } }));
      assert.equal(await stage.failureOf('request', { ...ANA }), 'parameters-invalid');
      assert.deepEqual(stage.asked, []);
    });
  }

  it('limits beyond all calendars are told as null, and the request that went out is told', async () => {
    const policyOverrides = '{"requestLapsesAfter": 1e300, "askAgainAfterNoAnswer": 1e300}';
    await stage.open(everyNode({ account: { policyOverrides } }));
    const { output, msg } = await stage.send('request', { ...ANA });
    assert.equal(output, 1);
    assert.equal(msg['request'].expiresAt, null);
    assert.equal((await stage.send('request', { ...ANA })).output, 3);
  });

  describe('two accounts with one number', () => {
    const twin = (id = 'twin'): FlowNode[] => [
      accountNode({ id }),
      ...wired('recheck', 'whatsapp-check-permission', 4, { account: id, ask: 'auto' }),
    ];

    it('refuse, both: number-used-twice; webhooks wait until one of them is gone', async () => {
      await stage.open([...everyNode(), ...twin()]);
      assert.equal(await stage.failureOf('check', { ...ANA }), 'number-used-twice');
      assert.equal(await stage.failureOf('recheck', { ...ANA }), 'number-used-twice');
      stage.simulator.user(USER).grant();
      await stage.pass(60_000);
      assert.deepEqual(stage.told(), []);
      await stage.deploy(everyNode(), 'nodes');
      await stage.pass(600_000);
      assert.deepEqual(stage.told(), ['1:permission-granted']);
      assert.equal((await stage.send('check', { ...ANA })).output, 1);
    });

    it('show it on all their badges, until one of them is mended, also where only that one is deployed', async () => {
      await stage.open([...everyNode(), ...twin()]);
      for (const id of ['check', 'request', 'webhook', 'recheck'])
        assert.equal(stage.badges(id).at(-1), 'status.settings');
      const [mended, ...rest] = twin();
      const flow = [...everyNode(), { ...mended!, phoneNumberId: '100000000000002' }, ...rest];
      await stage.deploy(flow, 'nodes');
      assert.equal(stage.badges('check').at(-1), '');
      assert.equal(stage.badges('webhook').at(-1), 'status.listening');
      assert.equal((await stage.send('recheck', { ...ANA })).output, 2);
    });

    it('may be one on the simulator and one on the Cloud API', async () => {
      const account = { ...accountNode({ connection: 'cloud-api' }), id: 'real' };
      await stage.open([...everyNode(), account], { credentials: { real: CREDENTIALS } });
      assert.equal((await stage.send('check', { ...ANA })).output, 2);
    });
  });
});
