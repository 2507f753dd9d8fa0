import type { EventEmitter } from 'node:events';
import helper from 'node-red-node-test-helper';
import { openAccount } from '../../../nodes/account/open-accounts';
import { ALL_NODES, Stage } from '../../nodes/support/stage';
import { readExample, type FlowNode } from './files';
import { Sidebar } from './sidebar';

/** What happens in the runtime; the published types lack it. */
const { events } = require('@node-red/util') as { events: EventEmitter };

/** The core nodes that examples may use, from the real Node-RED. Catch nodes are loaded by the helper itself. */
const CORE_NODES = [
  'common/20-inject',
  'common/21-debug',
  'common/60-link',
  'common/90-comment',
  'function/10-switch',
  'function/15-change',
  'network/21-httprequest',
].map((name) => require(`@node-red/nodes/core/${name}`));

/** Stands for the people in the simulator of a fresh Node-RED. */
const PEOPLE = [
  { waId: '573001110001' },
  {
    waId: '573001110002',
    onRequest: 'accept-temporary',
    onCall: 'answer',
    talkFor: 20,
  },
  { waId: '573001110003', onRequest: 'decline', onCall: 'reject' },
  { waId: '573001110004', onRequest: 'accept-permanent' },
] as const;

/** An example in a Node-RED runtime, whose buttons the test presses, and whose debug sidebar it reads. */
export class ExampleStage extends Stage {
  readonly sidebar = new Sidebar();
  #flow: FlowNode[] = [];

  constructor() {
    super([...PEOPLE]);
  }

  async openExample(name: string): Promise<void> {
    this.#flow = readExample(name);
    events.on('comms', this.sidebar.hear);
    helper.settings({ whatsappCallingAccountSimulatorPort: 0 } as never);
    await helper.load([...ALL_NODES, ...CORE_NODES] as never, this.#flow);
    const account = this.#flow.find(({ type }) => type === 'whatsapp-calling-account');
    await openAccount(account?.id ?? '');
    process.env['WHATSAPP_SIMULATOR_URL'] = this.simulator.graphUrl;
  }

  override async close(): Promise<void> {
    delete process.env['WHATSAPP_SIMULATOR_URL'];
    events.removeListener('comms', this.sidebar.hear);
    await super.close();
  }

  /** Presses the button of an inject node, in the group with that name where several are called the same. */
  press(name: string, group?: string): void {
    const button = this.#flow.find(
      (node) => node.type === 'inject' && node.name === name && this.#isIn(node, group),
    );
    if (!button) throw new Error(`There is no button "${name}".`);
    this.node(button.id).receive();
  }

  #isIn({ g }: FlowNode, group: string | undefined): boolean {
    return group === undefined || this.#flow.some(({ id, name }) => id === g && name === group);
  }

  /** Presses a button, and waits for what it makes the sidebar say. */
  async pressFor(name: string, said: string | RegExp, group?: string): Promise<string> {
    const line = this.sidebar.next(said);
    this.press(name, group);
    return line;
  }

  /** Presses a button, and waits for everything that it makes the sidebar say. */
  async pressForAll(name: string, ...said: (string | RegExp)[]): Promise<string[]> {
    const lines = said.map((each) => this.sidebar.next(each));
    this.press(name);
    return Promise.all(lines);
  }

  /** Presses a button, and waits until the node with that name or type has changed its badge. */
  async pressUntil(name: string, changed: string, group?: string): Promise<void> {
    const node = this.#flow.find((each) => each.name === changed || each.type === changed);
    const badge = new Promise<void>((resolve) => {
      const listen = ({ id }: { id: string }): void => {
        if (id !== node?.id) return;
        events.removeListener('node-status', listen);
        resolve();
      };
      events.on('node-status', listen);
    });
    this.press(name, group);
    await badge;
  }

  /** Lets time pass, and waits for what the sidebar says of it. */
  async waitFor(said: string | RegExp, seconds = 10): Promise<string> {
    const line = this.sidebar.next(said);
    await this.simulator.clock.advance(seconds * 1000);
    return line;
  }
}
