import assert from 'node:assert/strict';
import { openAccount } from '../../nodes/account/open-accounts';
import type { Template } from '../../src/simulator';
import { Cloud } from './support/cloud';
import { AnasStage, ANA, MINUTE } from './support/ana';
import { everyNode, request, Stage, type FlowNode } from './support/stage';

const WABA = '200000000000001';
const FITS = {
  template: 'ask_to_call',
  language: 'en_US',
  parametersType: 'json',
  parameters: '["Ana"]',
};

/** Ways to want the example's template, and what the node says of it; null for nothing. */
const WANTED: [string, object, RegExp | null][] = [
  ['that fits', FITS, null],
  ['for "auto" and "template" alike', { ...FITS, kind: 'template' }, null],
  ['in a language that it does not have', { ...FITS, language: 'fr' }, /en_US, es, and not in fr/],
  ['with too few values', { ...FITS, parameters: '[]' }, /values for \{\{1\}\}.* for nothing/],
  ['with too many values', { ...FITS, parameters: '["a","b"]' }, /\{\{1\}\}, \{\{2\}\}/],
  ['with values by name', { ...FITS, parameters: '{"name":"Ana"}' }, /for \{\{name\}\}/],
  [
    'whose values come with the message',
    { ...FITS, parametersType: 'msg', parameters: 'values' },
    null,
  ],
  ['in a node that sends free-form', { ...FITS, language: 'fr', kind: 'free-form' }, null],
  ['of another name', { ...FITS, template: 'of_my_own' }, null],
  ['by a variable that is not set', { ...FITS, template: '${NOT_SET}' }, null],
  ['with values that cannot be read', { ...FITS, parameters: '[' }, null],
];

describe('a template, when flows are deployed', () => {
  const warnings = (stage: Stage, id = 'request') =>
    stage.logged(id).filter((line) => line.startsWith('warn'));

  describe('on the simulator', () => {
    let stage: AnasStage;
    beforeEach(() => {
      stage = new AnasStage();
    });
    afterEach(() => stage.close());

    for (const [which, settings, says] of WANTED) {
      it(`${which}: ${says ? 'the node warns' : 'nothing is said'}`, async () => {
        await stage.open(everyNode({ request: settings }));
        await checked(stage);
        const badge = stage.badges('request').at(-1);
        assert.equal(badge === 'status.template', says !== null);
        assert.equal(warnings(stage).length, says ? 1 : 0);
        if (says) assert.match(warnings(stage)[0]!, says);
      });
    }

    it('is only warned of: the node works as before, and shows what comes of it', async () => {
      await stage.open(everyNode({ request: { ...FITS, language: 'fr' } }));
      await checked(stage);
      assert.equal(await stage.failureOf('request', { ...ANA }), 'template-not-found');
      stage.user.write('hello');
      await stage.pass(MINUTE);
      assert.equal((await stage.send('request', { ...ANA })).output, 1);
      assert.equal(stage.badges('request').at(-1), 'status.requested');
    });

    it('is sent with its value', async () => {
      await stage.open(everyNode({ request: FITS }));
      assert.equal((await stage.send('request', { ...ANA })).msg['request'].kind, 'template');
    });

    it('is sent with values out of the message, which WhatsApp counts', async () => {
      const settings = { ...FITS, parametersType: 'msg', parameters: 'customer.names' };
      await stage.open(everyNode({ request: settings }));
      const none = { ...ANA, customer: { names: [] } };
      assert.equal(await stage.failureOf('request', none), 'template-parameters');
      const one = { ...ANA, customer: { names: ['Ana'] } };
      assert.equal((await stage.send('request', one)).output, 1);
    });

    it('is asked for once a deploy, however many nodes have it, and not for nodes that stay', async () => {
      const flow = [
        ...everyNode({ request: FITS }),
        ...request({ ...FITS, language: 'es' }, 'two'),
      ];
      await stage.open(flow);
      await checked(stage);
      assert.equal(lookUps(stage), 1);
      const touched = (id: string): FlowNode[] =>
        flow.map((node) => (node.id === id ? { ...node, name: 'touched' } : node));
      await stage.deploy(touched('check'), 'nodes');
      await checked(stage);
      assert.equal(lookUps(stage), 1);
      await stage.deploy(touched('two'), 'nodes');
      await checked(stage);
      assert.equal(lookUps(stage), 2);
    });
  });

  describe('on the Cloud API', () => {
    const PAUSED: Template = {
      name: 'ask_to_call',
      language: 'en_US',
      status: 'PAUSED',
      callPermissionRequest: true,
    };
    let cloud: Cloud;
    beforeEach(() => {
      cloud = new Cloud();
    });
    afterEach(() => cloud.close());

    /** Deploys with a business number that has these templates. */
    const open = async (account: object, templates: Template[]) => {
      await cloud.open({ account, number: { templates }, nodeSettings: { request: FITS } });
      await checked(cloud.stage);
      return warnings(cloud.stage);
    };

    it('that WhatsApp does not have: the node warns', async () => {
      const [said] = await open({ businessAccountId: WABA }, []);
      assert.match(said!, /has no template "ask_to_call"/);
      assert.equal(cloud.stage.badges('request').at(-1), 'status.template');
    });

    it('that is paused: the node warns', async () => {
      const [said] = await open({ businessAccountId: WABA }, [PAUSED]);
      assert.match(said!, /not approved .* PAUSED/);
    });

    it('is not asked for without a business account id', async () => {
      assert.deepEqual(await open({}, []), []);
      assert.equal(lookUps(cloud.stage), 0);
    });

    it('is left alone where WhatsApp does not show it to the token', async () => {
      assert.deepEqual(await open({ businessAccountId: '404' }, []), []);
      assert.equal(lookUps(cloud.stage), 1);
      assert.notEqual(cloud.stage.badges('request').at(-1), 'status.template');
    });
  });
});

const SENTINEL = 'asked_for_by_the_test';

const lookUps = ({ simulator }: Stage): number =>
  simulator.log.apiCalls.filter(
    ({ path }) => path.includes('message_templates') && !path.includes(SENTINEL),
  ).length;

/** Waits until whatever was asked for at a deploy is answered: what is asked for later is answered later. */
async function checked(stage: Stage): Promise<void> {
  await stage.quiet();
  const { cloudApi } = await openAccount('account');
  for (let turn = 0; turn < 2; turn += 1) {
    await cloudApi.lookUpTemplates(SENTINEL).catch(() => null);
    await stage.quiet();
  }
}
