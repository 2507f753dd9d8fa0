import { EventEmitter, once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import helper from 'node-red-node-test-helper';
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import account = require('../../../nodes/account/runtime');
import checkPermission = require('../../../nodes/check-permission/runtime');
import endCall = require('../../../nodes/end-call/runtime');
import handleWebhook = require('../../../nodes/handle-webhook/runtime');
import placeCall = require('../../../nodes/place-call/runtime');
import requestPermission = require('../../../nodes/request-permission/runtime');
import revoke = require('../../../nodes/revoke/runtime');
import { openAccount } from '../../../nodes/account/open-accounts';
import { embedSimulator } from '../../../nodes/account/embedded-simulator';
import {
  Simulator,
  VirtualClock,
  type SimulatorOptions,
  type UserOptions,
} from '../../../src/simulator';
import { everyNode, type FlowNode } from './flow';

export * from './flow';

/** Another Node-RED than that of the development dependencies, where one is named. */
export const NODE_RED = require.resolve(process.env['NODE_RED'] ?? 'node-red');
helper.init(NODE_RED);

export const ALL_NODES = [
  account,
  checkPermission,
  requestPermission,
  placeCall,
  endCall,
  handleWebhook,
  revoke,
];

/** A Tuesday noon; every test begins there and moves the simulator's clock itself. */
export const START = Date.UTC(2026, 8, 1, 12);

export type Message = NodeMessage & { [name: string]: any };

export interface OpenOptions {
  credentials?: object;
  /** Of Node-RED. */
  settings?: object;
  /** More node types than ours. */
  nodes?: ((RED: NodeAPI) => void)[];
}

export type Deploy = 'full' | 'flows' | 'nodes';

/** A Node-RED runtime with our nodes on a simulator whose clock only the test moves. */
export class Stage {
  readonly simulator: Simulator;
  /** What reached the helper nodes. Node-RED itself loses count of listeners that remove themselves. */
  readonly #arrivals = new EventEmitter().setMaxListeners(0);
  readonly #received = new Map<string, Message[]>();
  readonly #heard = new WeakSet<Node>();

  constructor(users: UserOptions[] = [{ waId: USER }], options: SimulatorOptions = {}) {
    this.simulator = new Simulator({
      clock: new VirtualClock({ manual: true, now: START }),
      seed: 1,
      users,
      lookUpsPerSecond: Infinity,
      ...options,
    });
    embedSimulator(this.simulator);
  }

  async open(flow: FlowNode[] = everyNode(), options: OpenOptions = {}): Promise<void> {
    const { credentials = {}, settings = {}, nodes = [] } = options;
    helper.settings({ whatsappCallingAccountSimulatorPort: 0, ...settings } as never);
    await helper.load([...ALL_NODES, ...nodes] as never, flow, credentials);
    await this.#settle(flow);
  }

  /** Deploys another flow over the one that runs. */
  async deploy(flow: FlowNode[], how: Deploy, credentials: object = {}): Promise<void> {
    await helper.setFlows(flow, how, credentials);
    await this.#settle(flow);
  }

  /** Stops Node-RED and starts it again when `ms` of the simulator's time have passed. */
  async restartAfter(ms: number, flow: FlowNode[], options: OpenOptions = {}): Promise<void> {
    await helper.unload();
    await this.simulator.clock.advance(ms);
    await this.open(flow, options);
  }

  async close(): Promise<void> {
    await helper.unload();
    embedSimulator(null);
  }

  node(id: string): Node {
    return helper.getNode(id);
  }

  /** Sends a message into a node and waits for the first that leaves by any of its outputs, or is caught (0). */
  async send(id: string, message: object): Promise<{ output: number; msg: Message }> {
    const node = this.node(id);
    const ports = (node as unknown as { wires: string[][] }).wires.flat();
    const answers = ports.map(async (port, index) => ({
      output: index + 1,
      msg: await this.next(port),
    }));
    const caught = this.next('caught').then((msg) => ({ output: 0, msg }));
    node.receive(message as NodeMessage);
    return Promise.race([...answers, caught]);
  }

  /** Sends a message that must fail; the code of the error as a Catch node gets it. */
  async failureOf(id: string, message: object): Promise<string> {
    const { output, msg } = await this.send(id, message);
    if (output !== 0) throw new Error(`it left by output ${output}`);
    await this.quiet();
    return msg['error'].code as string;
  }

  /** The next message that reaches a helper node. */
  async next(id: string): Promise<Message> {
    const [message] = (await once(this.#arrivals, id)) as [Message];
    return message;
  }

  /** The next message with that event that reaches a helper node. */
  async nextEvent(id: string, type: string): Promise<Message> {
    const message = await this.next(id);
    return message['event'].type === type ? message : this.nextEvent(id, type);
  }

  /** All messages that reached the helper nodes whose ids begin so, in their order of arrival. */
  received(prefix = ''): Message[] {
    return [...this.#received].flatMap(([id, all]) => (id.startsWith(prefix) ? all : []));
  }

  /** What handle webhook told, as `<output>:<event type>`, and forgets it. */
  told(node = 'webhook'): string[] {
    const all = [...this.#received].filter(([id]) => id.startsWith(`${node}-`));
    for (const [id] of all) this.#received.delete(id);
    return all.flatMap(([id, messages]) =>
      messages.map(({ event }) => `${id.slice(node.length + 1)}:${event.type}`),
    );
  }

  /** Lets every message that is under way inside Node-RED arrive. */
  async quiet(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  }

  /** Has WhatsApp tell something, signed as always, and waits until the flow has heard of it. */
  async tell(body: object, number = '100000000000001'): Promise<void> {
    await this.simulator.number(number).tell(body);
    await this.quiet();
  }

  /** Lets the simulator's time pass, and waits until the flow has heard of all that happened. */
  async pass(ms: number): Promise<void> {
    await this.simulator.clock.advance(ms);
    await this.quiet();
  }

  /** The badges that a node has shown, oldest first, by the names of their texts. */
  badges(id: string): string[] {
    const { status } = this.node(id) as unknown as {
      status: { getCalls(): { thisValue: Node; args: [{ text?: string }] }[] };
    };
    return status
      .getCalls()
      .filter(({ thisValue }) => thisValue === this.node(id))
      .map(({ args }) => args[0].text ?? '');
  }

  /** What was logged for a node, as `<level>: <text>`. */
  logged(id: string): string[] {
    const log = helper.log() as unknown as {
      args: [{ id?: string; level: number; msg: unknown }][];
    };
    const levels: Record<number, string> = { 20: 'error', 30: 'warn' };
    return log.args
      .map(([entry]) => entry)
      .filter((entry) => entry.id === id && entry.level in levels)
      .map(({ level, msg }) => `${levels[level]}: ${String(msg)}`);
  }

  /** What WhatsApp was asked to do, as `<method> <last part of the path>`; checks of templates apart. */
  get asked(): string[] {
    return this.simulator.log.apiCalls
      .map(({ method, path }) => `${method} ${path.split('?')[0]!.split('/').at(-1)}`)
      .filter((each) => each !== 'GET message_templates');
  }

  /** Waits until every account is connected, or has failed to. */
  async #settle(flow: FlowNode[]): Promise<void> {
    this.#hearFrom(flow);
    const accounts = flow.filter(({ type }) => type === 'whatsapp-calling-account');
    await Promise.allSettled(accounts.map(({ id }) => openAccount(id)));
  }

  #hearFrom(flow: FlowNode[]): void {
    for (const { id, type } of flow) {
      const node = type === 'helper' && this.node(id);
      if (!node || this.#heard.has(node)) continue;
      this.#heard.add(node);
      node.on('input', (msg) => {
        this.#received.set(id, [...(this.#received.get(id) ?? []), msg]);
        this.#arrivals.emit(id, msg);
      });
    }
  }
}

/** The number of the one who lives in the simulator unless a test says otherwise. */
export const USER = '573001110001';
