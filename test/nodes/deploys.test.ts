import assert from 'node:assert/strict';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { replied, seconds, wrote } from './support/bodies';
import { Cloud, CREDENTIALS } from './support/cloud';
import { accountNode, everyNode, Stage, USER, type Deploy, type FlowNode } from './support/stage';

const ANA = { payload: `+${USER}` };
const DEPLOYS: Deploy[] = ['full', 'flows', 'nodes'];

/** The same flow with a trace of a change in some of its nodes, so that a deploy takes them anew. */
const touched = (flow: FlowNode[], round: number, only: (id: string) => boolean): FlowNode[] =>
  flow.map((node) => (only(node.id) ? { ...node, name: `round ${round}` } : node));

/** What a redeploy must not multiply. */
function left(RED: any, cloud?: Cloud) {
  const events = RED.events as NodeJS.EventEmitter;
  return {
    events: events.eventNames().map((name) => `${String(name)} ${events.listenerCount(name)}`),
    process: process
      .eventNames()
      .map((name) => process.listenerCount(name))
      .reduce((a, b) => a + b),
    timers: process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length,
    servers: process.getActiveResourcesInfo().filter((each) => each === 'TCPServerWrap').length,
    layers: ((cloud?.app as any)?._router?.stack.length as number) ?? 0,
  };
}

describe('a redeploy', () => {
  const all = () => true;
  const SCENES: Record<string, (id: string) => boolean> = {
    everything: all,
    'the account alone': (id) => id === 'account',
    'handle webhook alone': (id) => id === 'webhook',
    'the actions alone': (id) => ['check', 'request', 'place', 'end'].includes(id),
  };

  for (const how of DEPLOYS) {
    for (const [what, only] of Object.entries(SCENES)) {
      it(`of ${what} (${how}), ten times: one webhook is one message, and nothing is left behind`, async () => {
        let RED: any;
        const stage = new Stage();
        await stage.open(everyNode(), { nodes: [(api) => void (RED = api)] });
        try {
          await stage.send('check', { ...ANA });
          await stage.deploy(touched(everyNode(), 0, only), how);
          const before = left(RED);
          for (let round = 1; round <= 10; round += 1) {
            await stage.deploy(touched(everyNode(), round, only), how);
          }
          assert.deepEqual(left(RED), before);
          await stage.tell(wrote('wamid.W1'));
          assert.deepEqual(stage.told(), ['7:user-wrote']);
          assert.equal((await stage.send('check', { ...ANA })).output, 2);
        } finally {
          await stage.close();
        }
      });
    }
  }

  for (const how of DEPLOYS) {
    it(`on the Cloud API (${how}), ten times: one webhook is one message, one route is left`, async () => {
      let RED: any;
      const cloud = new Cloud();
      await cloud.open({ nodes: [(api) => void (RED = api)] });
      const { stage } = cloud;
      const redeploy = (round: number) =>
        stage.deploy(touched(cloud.flow(), round, all), how, { account: CREDENTIALS });
      try {
        await stage.send('check', { ...ANA });
        await redeploy(0);
        const before = left(RED, cloud);
        for (let round = 1; round <= 10; round += 1) await redeploy(round);
        const after = left(RED, cloud);
        assert.deepEqual({ ...after, timers: 0 }, { ...before, timers: 0 });
        assert.ok(after.timers <= before.timers);
        assert.equal(await cloud.post(wrote('wamid.W1')), 200);
        assert.deepEqual(stage.told(), ['7:user-wrote']);
      } finally {
        await cloud.close();
      }
    });
  }

  it('keeps what is known: state, requests, and the memo', async () => {
    const stage = new Stage();
    await stage.open();
    try {
      await stage.send('to-opt-out', { ...ANA });
      for (const how of DEPLOYS) {
        await stage.deploy(touched(everyNode(), 1, all), how);
        assert.equal((await stage.send('place', { ...ANA })).output, 4);
      }
    } finally {
      await stage.close();
    }
  });

  it('loses no webhook: WhatsApp sends again what came while the account was away', async () => {
    const stage = new Stage();
    await stage.open();
    try {
      await stage.deploy(
        everyNode().filter(({ id }) => id !== 'account'),
        'full',
      );
      await stage.simulator.numbers[0]!.tell(replied('accept'));
      await stage.deploy(everyNode(), 'full');
      await stage.pass(60_000);
      assert.deepEqual(stage.told(), ['1:permission-granted']);
    } finally {
      await stage.close();
    }
  });

  for (const how of ['flows', 'nodes'] as const) {
    it(`(${how}) loses no event: what is stored while handle webhook is away is told when it is back`, async () => {
      const stage = new Stage();
      let arrives = () => stage.tell(replied('accept'));
      const tellAtClose = (RED: NodeAPI): void =>
        RED.nodes.registerType('tell-at-close', function (this: Node, config: NodeDef) {
          RED.nodes.createNode(this, config);
          this.on('close', (done: () => void) => void arrives().then(done));
        });
      const flow = [...everyNode(), { id: 'teller', type: 'tell-at-close', z: 'tab', wires: [] }];
      await stage.open(flow, { nodes: [tellAtClose] });
      try {
        await stage.deploy(
          touched(flow, 1, (id) => id === 'webhook' || id === 'teller'),
          how,
        );
        await stage.quiet();
        assert.deepEqual(stage.told(), ['1:permission-granted']);
      } finally {
        arrives = () => Promise.resolve();
        await stage.close();
      }
    });
  }

  it('does not tell a webhook again that was told before it', async () => {
    const stage = new Stage();
    await stage.open();
    try {
      await stage.tell(replied('accept', { at: seconds(0) }));
      await stage.deploy(touched(everyNode(), 1, all), 'full');
      await stage.tell(replied('accept', { at: seconds(0) }));
      assert.deepEqual(stage.told(), ['1:permission-granted']);
    } finally {
      await stage.close();
    }
  });

  it('warns of no leak with many accounts', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on('warning', note);
    const stage = new Stage();
    const accounts = Array.from({ length: 30 }, (_, index) =>
      accountNode({ id: `account-${index}`, phoneNumberId: `2000000000000${index}` }),
    );
    await stage.open([...everyNode(), ...accounts]);
    try {
      assert.equal((await stage.send('check', { ...ANA })).output, 2);
      await stage.quiet();
      assert.deepEqual(warnings, []);
    } finally {
      process.off('warning', note);
      await stage.close();
    }
  });
});
