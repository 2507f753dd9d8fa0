import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Application } from 'express';
import type { NodeAPI } from 'node-red';
import { setPatience, type Patience } from '../../../nodes/account/connection';
import {
  VirtualClock,
  type NumberOptions,
  type SimulatorOptions,
  type VirtualNumber,
} from '../../../src/simulator';
import { builtInOffer } from '../../../src/media/built-in-offer';
import { sign } from '../../webhooks/serve';
import {
  type OpenOptions,
  NUMBER,
  Stage,
  accountNode,
  everyNode,
  USER,
  type FlowNode,
} from './stage';

export const SECRET = 'app-secret';
export const TOKEN = 'access-token';
export const VERIFY = 'verify-token';

export const OFFER = { sdp_type: 'offer', sdp: builtInOffer() };

export const CREDENTIALS = {
  accessToken: TOKEN,
  appSecret: SECRET,
  verifyToken: VERIFY,
};

export interface CloudOptions {
  account?: object;
  credentials?: object;
  settings?: object;
  nodes?: OpenOptions['nodes'];
  flow?: FlowNode[];
  /** Settings of other nodes than the account, by id. */
  nodeSettings?: { [id: string]: object };
  /** More of the number on the simulator. */
  number?: Partial<NumberOptions>;
  patience?: Patience;
  /** Puts `httpNode` below an app of one's own; by default it is served as it is. */
  mount?: (httpNode: Application) => Application;
  path?: string;
}

/**
 * Node-RED with an account on the "Cloud API", both over real HTTP: the simulator is WhatsApp. The account goes by the
 * machine's clock, so the simulator begins there too, and no test may depend on what it shows.
 */
export class Cloud {
  readonly stage: Stage;
  number!: VirtualNumber;
  app!: Application;
  graphUrl = '';
  #server: Server | null = null;

  constructor(options: SimulatorOptions = {}) {
    const clock = new VirtualClock({ manual: true, now: Date.now() });
    this.stage = new Stage([{ waId: USER }], { clock, ...options });
  }

  async open(options: CloudOptions = {}): Promise<void> {
    const { simulator } = this.stage;
    this.graphUrl = await simulator.listen(0);
    this.number = simulator.addNumber({
      id: NUMBER,
      displayNumber: '15550000001',
      businessAccountId: '200000000000001',
      accessToken: TOKEN,
      appSecret: SECRET,
      verifyToken: VERIFY,
      ...options.number,
    });
    const {
      mount = (app) => app,
      path = '/whatsapp/webhook',
      patience = {},
      settings = {},
    } = options;
    setPatience({ retryDelay: () => 0, lookUpsPerSecond: Infinity, ...patience });
    const serve = (RED: NodeAPI): void => {
      this.app =
        typeof RED.httpNode === 'function' ? mount(RED.httpNode as Application) : express();
    };
    await this.stage.open(options.flow ?? this.flow(options.account, options.nodeSettings), {
      credentials: { account: { ...CREDENTIALS, ...options.credentials } },
      settings,
      nodes: [serve, ...(options.nodes ?? [])],
    });
    this.#server = createServer((request, response) => void this.app(request, response));
    await new Promise<void>((resolve) => this.#server!.listen(0, '127.0.0.1', resolve));
    this.number.sendWebhooksTo(`${this.url}${path}`);
  }

  flow(account: object = {}, more: { [id: string]: object } = {}): FlowNode[] {
    return everyNode({ account: this.account(account), ...more });
  }

  account(settings: object = {}): FlowNode {
    return accountNode({ connection: 'cloud-api', graphUrl: this.graphUrl, ...settings });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server!.address() as AddressInfo).port}`;
  }

  /** Posts a webhook as WhatsApp does; returns the HTTP status. */
  async post(
    body: object | string,
    { path = '/whatsapp/webhook', secret = SECRET, headers = {} } = {},
  ): Promise<number> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const { status } = await fetch(this.url + path, {
      method: 'POST',
      body: text,
      headers: {
        'content-type': 'application/json',
        connection: 'close',
        'x-hub-signature-256': sign(text, secret),
        ...headers,
      },
    });
    await this.stage.quiet();
    return status;
  }

  async close(): Promise<void> {
    await this.stage.close();
    setPatience({});
    this.#server?.closeAllConnections();
    await new Promise((resolve) => (this.#server ? this.#server.close(resolve) : resolve(null)));
    await this.stage.simulator.close();
  }
}
