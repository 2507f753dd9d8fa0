import assert from 'node:assert/strict';
import { replied } from './support/bodies';
import { CREDENTIALS } from './support/cloud';
import { ShakyStore } from './support/shaky-store';
import { accountNode, everyNode, Stage, USER, wired, type FlowNode } from './support/stage';

const ANA = { payload: `+${USER}` };

describe('where the records are', () => {
  let stage: Stage;

  beforeEach(() => {
    stage = new Stage();
  });
  afterEach(() => stage.close());

  const onTwoTabs = (account: object = {}): FlowNode[] => [
    ...everyNode({ account }),
    { id: 'tab-2', type: 'tab' },
    ...wired('recheck', 'whatsapp-check-permission', 4, { ask: 'never' }).map((node) => ({
      ...node,
      z: 'tab-2',
    })),
  ];

  it('nodes on two tabs refuse with `flow`, all of them: records-on-several-tabs', async () => {
    await stage.open(onTwoTabs());
    for (const id of ['check', 'recheck', 'webhook'])
      assert.equal(stage.badges(id).at(-1), 'status.settings');
    assert.equal(await stage.failureOf('check', { ...ANA }), 'records-on-several-tabs');
    assert.equal(await stage.failureOf('to-opt-out', { ...ANA }), 'records-on-several-tabs');
    assert.deepEqual(stage.asked, []);
  });

  it('and share them with `global`', async () => {
    await stage.open(onTwoTabs({ records: 'global' }));
    await stage.send('to-opt-out', { ...ANA });
    assert.equal((await stage.send('recheck', { ...ANA })).output, 4);
  });

  it('a second tab that is disabled counts too: it may be enabled at any time', async () => {
    const flow = onTwoTabs().map((node) =>
      node.id === 'tab-2' ? { ...node, disabled: true } : node,
    );
    await stage.open(flow);
    assert.equal(await stage.failureOf('check', { ...ANA }), 'records-on-several-tabs');
  });

  it('a node that moves to another tab is noticed at the next deploy', async () => {
    await stage.open();
    await stage.send('check', { ...ANA });
    await stage.deploy(onTwoTabs(), 'nodes');
    assert.equal(stage.badges('check').at(-1), 'status.settings');
    assert.equal(await stage.failureOf('check', { ...ANA }), 'records-on-several-tabs');
  });

  it('webhooks are stored while the tab is disabled', async () => {
    const asleep = everyNode().map((node) =>
      node.id === 'tab' ? { ...node, disabled: true } : node,
    );
    await stage.open(asleep);
    await stage.tell(replied('accept'));
    await stage.deploy(everyNode({ check: { ask: 'never' } }), 'full');
    assert.equal((await stage.send('check', { ...ANA })).output, 1);
  });

  it('a subflow is a tab of its own: one instance works, two need `global`', async () => {
    const inSubflow = (instances: number, account: object = {}): FlowNode[] => [
      { id: 'tab', type: 'tab' },
      accountNode(account),
      {
        id: 'template',
        type: 'subflow',
        in: [{ wires: [{ id: 'inner' }] }],
        out: [{ wires: [{ id: 'inner', port: 1 }] }],
      },
      {
        id: 'inner',
        type: 'whatsapp-check-permission',
        z: 'template',
        x: 1,
        y: 1,
        account: 'account',
        contact: 'payload',
        contactType: 'msg',
        ask: 'auto',
        wires: [[], [], [], []],
      },
      ...Array.from({ length: instances }, (_, index) => ({
        id: `use-${index}`,
        type: 'subflow:template',
        x: 1,
        y: 1,
        z: 'tab',
        wires: [[`out-${index}`]],
      })),
      ...Array.from({ length: instances }, (_, index) => ({
        id: `in-${index}`,
        type: 'helper',
        z: 'tab',
        wires: [[`use-${index}`]],
      })),
      ...Array.from({ length: instances }, (_, index) => ({
        id: `out-${index}`,
        type: 'helper',
        z: 'tab',
        wires: [],
      })),
      { id: 'faults', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
      { id: 'caught', type: 'helper', z: 'tab', wires: [] },
    ];
    await stage.open(inSubflow(1));
    const answer = stage.next('out-0');
    stage.node('in-0').send({ ...ANA });
    assert.equal((await answer)['permission'].reason, 'never-requested');
    await stage.deploy(inSubflow(2), 'full');
    const caught = stage.next('caught');
    stage.node('in-0').send({ ...ANA });
    assert.equal((await caught)['error'].code, 'records-on-several-tabs');
    await stage.deploy(inSubflow(2, { records: 'global' }), 'full');
    const second = stage.next('out-1');
    stage.node('in-1').send({ ...ANA });
    assert.equal((await second)['permission'].state, 'needs-request');
  });

  it('a store of its own name is used, and a slow one loses nothing', async () => {
    const store = new ShakyStore();
    await stage.open(everyNode({ account: { contextStore: 'shaky' } }), store.options);
    for (let each = 0; each < 10; each += 1) stage.node('request').receive({ ...ANA });
    while (stage.received('request-').length < 10) await stage.quiet();
    assert.equal(stage.received('request-1').length, 1);
    assert.ok([...store.kept.keys()].some((key) => key.startsWith('tab whatsappCalling:sim:')));
  });

  it('one contact is one record, by number, by user id and by the number that was dialled', async () => {
    await stage.open(everyNode({ check: { ask: 'never' } }));
    const { msg } = await stage.send('request', { payload: '+57 300 111 0001' });
    const { waId, userId } = msg['permission'].contact;
    for (const payload of [`+${waId}`, waId, { waId }, userId, { userId }]) {
      const checked = await stage.send('check', { payload });
      assert.equal(checked.msg['permission'].reason, 'awaiting-reply');
      assert.deepEqual(checked.msg['permission'].contact, msg['permission'].contact);
    }
  });

  it('what the simulator made is not taken for real', async () => {
    await stage.open(everyNode({ check: { ask: 'never' } }));
    stage.simulator.user(USER).grant();
    await stage.pass(60_000);
    assert.equal((await stage.send('check', { ...ANA })).output, 1);
    const real = everyNode({ account: { connection: 'cloud-api' }, check: { ask: 'never' } });
    await stage.deploy(real, 'full', { account: CREDENTIALS });
    assert.equal((await stage.send('check', { ...ANA })).output, 2);
    await stage.deploy(everyNode({ check: { ask: 'never' } }), 'full');
    assert.equal((await stage.send('check', { ...ANA })).output, 1);
  });
});
