import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NodeAPI } from 'node-red';
import { ShakyStore } from './support/shaky-store';
import { NUMBER, Stage, USER, everyNode, type FlowNode, type OpenOptions } from './support/stage';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ANA = { payload: `+${USER}` };

describe('an account on a simulator that runs elsewhere', () => {
  let stage: Stage;
  let server: Server;
  let url: string;
  let serves: RequestListener;
  let store: ShakyStore;
  const flow = (account: object = {}): FlowNode[] =>
    everyNode({
      account: { contextStore: 'shaky', ...account },
      check: { remind: true },
      request: { remind: true },
    });

  beforeEach(async () => {
    stage = new Stage();
    store = new ShakyStore();
    url = await stage.simulator.listen();
    server = createServer((request, response) => serves(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    await stage.close();
    await stage.simulator.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const options = (settings: object = {}): OpenOptions => ({
    settings: {
      ...store.options.settings,
      whatsappCallingAccountSimulatorUrl: `${url}/`,
      uiPort: (server.address() as AddressInfo).port,
      ...settings,
    },
    nodes: [
      ...store.options.nodes!,
      (RED: NodeAPI): void => {
        serves = typeof RED.httpNode === 'function' ? (RED.httpNode as RequestListener) : serves;
      },
    ],
  });
  const open = (settings: object = {}): Promise<void> => stage.open(flow(), options(settings));
  const user = () => stage.simulator.user(USER);
  const news = (): string[] => stage.told().filter((each) => each !== '7:unknown');
  async function permit(): Promise<void> {
    assert.equal((await stage.send('request', { ...ANA, memo: 'K-7' })).output, 1);
    await stage.pass(MINUTE);
    user().accept();
    await stage.pass(MINUTE);
    assert.deepEqual(news(), ['1:permission-granted']);
  }

  it('makes its number there, and hears of it at the address of its own Node-RED', async () => {
    await open();
    const { port } = server.address() as AddressInfo;
    const number = stage.simulator.number(NUMBER);
    assert.equal(number.webhookUrl, `http://127.0.0.1:${port}/whatsapp/webhook`);
    await permit();
    assert.equal((await stage.send('place', { ...ANA })).output, 1);
  });

  it('lives by the clock of the simulator: days pass when they pass there', async () => {
    await open();
    await permit();
    await stage.pass(6 * DAY);
    assert.deepEqual(news(), []);
    await stage.pass(2 * DAY);
    const [msg] = stage.received('webhook-3');
    assert.equal(msg!['event'].type, 'permission-expired');
    assert.equal(msg!['memo'], 'K-7');
    assert.match(msg!['event'].at, /^2026-09-08T12:0\d:\d\d\.000Z$/);
    assert.deepEqual(news(), ['3:permission-expired']);
  });

  it('finds number, world and time again after a restart, and hears what was sent meanwhile', async () => {
    await open();
    assert.equal((await stage.send('request', { ...ANA, memo: 'K-7' })).output, 1);
    await stage.pass(MINUTE);
    const { accessToken } = stage.simulator.number(NUMBER);
    user().accept();
    await stage.restartAfter(2 * DAY, flow(), options());
    assert.equal(stage.simulator.number(NUMBER).accessToken, accessToken);
    assert.deepEqual(news(), []);
    await stage.pass(60 * MINUTE);
    assert.deepEqual(news(), ['1:permission-granted']);
    await stage.pass(5 * DAY);
    assert.deepEqual(news(), ['3:permission-expired']);
  });

  it('tells after a restart what time has brought meanwhile', async () => {
    await open();
    await permit();
    await stage.restartAfter(8 * DAY, flow(), options());
    await stage.simulator.clock.settled();
    await stage.pass(MINUTE);
    assert.deepEqual(news(), ['3:permission-expired']);
  });

  it('says so when the simulator is gone, tries again, and makes its number anew', async () => {
    await open();
    const { port } = new URL(url);
    await stage.simulator.close();
    const another = new Stage();
    await another.simulator.listen(Number(port));
    try {
      await follows(another);
      assert.match(stage.logged('account').join(), /warn: The connection to the simulator is lost/);
      const number = another.simulator.number(NUMBER);
      assert.equal(number.accessToken, stage.simulator.number(NUMBER).accessToken);
      assert.match(number.webhookUrl ?? '', /\/whatsapp\/webhook$/);
      assert.equal((await stage.send('request', { ...ANA })).output, 1);
      assert.equal(another.asked.at(-1), 'POST messages');
    } finally {
      await another.simulator.close();
    }
  });

  it('waits for a simulator that is not there yet, and can be closed meanwhile', async () => {
    const { port } = new URL(url);
    await stage.simulator.close();
    const opening = open();
    await warns('The simulator cannot be reached');
    await stage.simulator.listen(Number(port));
    await opening;
    assert.equal((await stage.send('request', { ...ANA })).output, 1);
    await stage.simulator.close();
    const before = stage.logged('account').length;
    void stage.deploy(flow({ name: 'again' }), 'full');
    while (!stage.logged('account').slice(before).join().includes('cannot be reached')) {
      await stage.quiet();
    }
  });

  it('hears nothing where Node-RED serves no HTTP nodes, and says so', async () => {
    await open({ httpNodeRoot: false });
    assert.match(stage.logged('account').join(), /warn: Node-RED serves no HTTP nodes/);
    assert.equal(stage.simulator.number(NUMBER).webhookUrl, null);
  });

  it('lets go of number, clock and webhooks where the simulator does not want its address', async () => {
    await open({ uiHost: 'no host' });
    assert.equal(await stage.failureOf('check', { ...ANA }), 'simulator-refuses');
    const { port } = server.address() as AddressInfo;
    const webhook = `http://127.0.0.1:${port}/whatsapp/webhook`;
    assert.equal((await fetch(webhook, { method: 'POST' })).status, 404);
    while (stage.simulator.clock.followerCount > 0) await stage.quiet();
  });

  it('refuses a setting that is no address', async () => {
    await open({ whatsappCallingAccountSimulatorUrl: 'the other one' });
    assert.equal(await stage.failureOf('check', { ...ANA }), 'setting-invalid');
  });

  /** Resolves when the account has said that. */
  async function warns(said: string): Promise<void> {
    while (!stage.logged('account').join().includes(`warn: ${said}`)) await stage.quiet();
  }

  /** Resolves when somebody follows the clock of that simulator. */
  async function follows({ simulator }: Stage): Promise<void> {
    while (simulator.clock.followerCount === 0 || !simulator.numbers[0]?.webhookUrl) {
      await stage.quiet();
    }
  }
});
