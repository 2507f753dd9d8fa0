import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import type { NodeAPI } from 'node-red';
import { standing } from '../actions/support/office';
import { FakeWhatsApp } from '../cloud-api/fake-whatsapp';
import { callStatus, connected, terminated, wrote } from './support/bodies';
import { Cloud, CREDENTIALS, OFFER } from './support/cloud';
import { ShakyStore } from './support/shaky-store';
import { everyNode, Stage, USER, type Deploy, type FlowNode } from './support/stage';

const ANA = { payload: `+${USER}`, session: OFFER, memo: 'K-77' };
const DEPLOYS: Deploy[] = ['full', 'flows', 'nodes'];
const TEN = Array.from({ length: 10 }, (_, round) => round);

/** The same flow with a trace of a change in each node, so that a deploy takes them all anew. */
const touched = (flow: FlowNode[], round: number): FlowNode[] =>
  flow.map((node) => (node.type === 'tab' ? node : { ...node, name: `round ${round}` }));

/** Longer than any test may take: whoever waits for it fails. */
const FOR_EVER = 600_000;

const now = (): string => String(Math.floor(Date.now() / 1000));

for (const how of DEPLOYS) {
  describe(`a redeploy (${how}) in the middle of something`, () => {
    describe('on the simulator', () => {
      let stage: Stage;
      beforeEach(async () => {
        stage = new Stage();
        await stage.open();
        stage.simulator.user(USER).grant();
        await stage.pass(60_000);
        stage.told();
      });
      afterEach(() => stage.close());

      const redeploy = async (): Promise<void> => {
        for (const round of TEN) await stage.deploy(touched(everyNode(), round), how);
      };

      it('loses no call that rings or is answered: ten times in each, and its end is told once, with its memo', async () => {
        assert.equal((await stage.send('place', { ...ANA })).output, 1);
        await redeploy();
        await stage.pass(10_000);
        await redeploy();
        stage.simulator.user(USER).answer();
        await stage.pass(10_000);
        await redeploy();
        stage.simulator.user(USER).hangUp();
        await stage.pass(10_000);
        await redeploy();
        await stage.pass(60_000);
        const ended = stage.received('webhook-5');
        assert.deepEqual(stage.told(), [
          '4:call-connecting',
          '4:call-ringing',
          '4:call-answered',
          '5:call-ended',
        ]);
        assert.deepEqual([ended[0]?.['call'].outcome, ended[0]?.['memo']], ['answered', 'K-77']);
      });

      it('loses no call of which nothing more is heard: that is told once, by its own timer', async () => {
        await stage.send('place', { ...ANA });
        await stage.pass(10_000);
        stage.simulator.number('100000000000001').sendWebhooksTo(null);
        stage.told();
        const { length } = stage.received('webhook-5');
        await stage.pass(200_000);
        await redeploy();
        stage.simulator.number('100000000000001').sendWebhooksTo(async () => 200);
        await stage.pass(200_000);
        await redeploy();
        await stage.pass(600_000);
        assert.equal(length, 0);
        assert.deepEqual(stage.told(), ['5:call-ended']);
      });
    });

    describe('on the Cloud API', () => {
      let cloud: Cloud;
      let whatsapp: FakeWhatsApp;
      let RED: NodeAPI;
      let store: ShakyStore;

      beforeEach(async () => {
        cloud = new Cloud();
        whatsapp = new FakeWhatsApp();
        store = new ShakyStore();
        await whatsapp.start();
        const { settings = {}, nodes = [] } = store.options;
        await cloud.open({
          account: { graphUrl: whatsapp.url },
          patience: { timeout: FOR_EVER },
          settings,
          nodes: [(api) => void (RED = api), ...nodes],
        });
      });
      afterEach(async () => {
        await cloud.close();
        await whatsapp.stop();
      });

      const redeploy = (round: number): Promise<void> =>
        cloud.stage.deploy(touched(cloud.flow({ graphUrl: whatsapp.url }), round), how, {
          account: CREDENTIALS,
        });

      /** Sends a message into a node and waits until WhatsApp is asked, which never answers. */
      async function askedInVain(id: string, ...before: object[]): Promise<void> {
        const asked = new Promise<void>((resolve) => {
          whatsapp.behave(...(before as []), () => resolve());
        });
        cloud.stage.node(id).receive({ ...ANA });
        await asked;
      }

      it('does not wait for WhatsApp, whatever it was asked', async () => {
        for (const [round, id] of ['check', 'request', 'place'].entries()) {
          await askedInVain(id);
          await redeploy(round);
        }
        whatsapp.behave(standing('no_permission'));
        assert.equal((await cloud.stage.send('check', { ...ANA })).output, 2);
      });

      it('keeps a call counted that was under way, and tells its end once when WhatsApp does, with its memo', async () => {
        await askedInVain('place', standing('permanent'));
        const { biz_opaque_callback_data: key } = whatsapp.last!.body as {
          biz_opaque_callback_data: string;
        };
        for (const round of TEN) await redeploy(round);
        whatsapp.behave(standing('permanent'));
        const { output, msg } = await cloud.stage.send('place', { ...ANA });
        assert.deepEqual([output, msg['permission'].reason], [3, 'call-in-progress']);

        const call = { id: 'wacid.C1', key, at: now() };
        const bodies = [connected(call), callStatus('RINGING', call), terminated(call)];
        for (const [round, body] of bodies.entries()) {
          assert.equal(await cloud.post(body), 200);
          await redeploy(round);
          assert.equal(await cloud.post(body), 200);
        }
        const ended = cloud.stage.received('webhook-5');
        assert.deepEqual(cloud.stage.told(), [
          '4:call-connecting',
          '4:call-ringing',
          '5:call-ended',
        ]);
        assert.equal(ended[0]?.['memo'], 'K-77');
        assert.equal(whatsapp.seen.filter(({ method }) => method === 'POST').length, 1);
      });

      it('stores and tells what had arrived before it, each time once', async () => {
        for (const round of TEN) {
          const reading = store.holdNext(USER);
          const answer = cloud.post(wrote(`wamid.W${round}`, now()));
          const goOn = await reading;
          await redeploy(round);
          goOn();
          assert.equal(await answer, 200);
          await cloud.stage.quiet();
          assert.deepEqual(cloud.stage.told(), ['7:user-wrote']);
        }
      });

      it('ten times leaves no connection, listener or layer behind', async () => {
        const open = new Set<Socket>();
        const proxy = createServer((socket) => {
          open.add(socket);
          socket.on('close', () => open.delete(socket)).on('error', () => undefined);
          socket.on('data', () => answerNotAsked(socket));
        });
        await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
        const { port } = proxy.address() as { port: number };
        const flow = cloud.flow({ graphUrl: `http://127.0.0.1:${port}` });
        const deploy = async (round: number): Promise<void> => {
          await cloud.stage.deploy(touched(flow, round), how, { account: CREDENTIALS });
          await cloud.stage.send('check', { ...ANA });
          while (open.size > 1) await new Promise(setImmediate);
        };
        try {
          await deploy(100);
          const before = leftBehind();
          for (const round of TEN) await deploy(round);
          assert.deepEqual(leftBehind(), before);
          assert.ok(open.size <= 1);
        } finally {
          for (const socket of open) socket.destroy();
          proxy.close();
        }
      });

      const layers = (app: unknown): number =>
        (app as { _router?: { stack: unknown[] } })._router?.stack.length ?? 0;

      function leftBehind(): object {
        const { events } = RED;
        return {
          events: events
            .eventNames()
            .map((name) => `${String(name)} ${events.listenerCount(name)}`),
          process: process.eventNames().map((name) => process.listenerCount(name)),
          layers: [cloud.app, RED.httpNode, RED.httpAdmin].map(layers),
          servers: process.getActiveResourcesInfo().filter((it) => it === 'TCPServerWrap').length,
        };
      }
    });
  });
}

/** Answers a look-up, whoever it is about, and keeps the connection open. */
function answerNotAsked(socket: Socket): void {
  const body = JSON.stringify(standing('no_permission').body);
  socket.write(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
}
