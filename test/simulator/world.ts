import { Simulator, VirtualClock, exampleOffer } from '../../src/simulator';
import type { NumberOptions, SimulatorOptions, UserOptions } from '../../src/simulator';

export const NUMBER = '100200300400500';
export const DISPLAY = '573010000000';
export const ANA = '573001234567';
export const NOBODY = '34600111222';
export const TOKEN = 'token-of-the-number';
export const START = Date.UTC(2027, 0, 4, 12, 0, 0, 250);

export const SECOND = 1000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

// What comes over the wire is looked at field by field; a missing one must fail the assertion, not compile.
// oxlint-disable-next-line typescript/no-explicit-any
export type Wire = any;

export interface GraphAnswer {
  status: number;
  body: Wire;
}

/** A simulator on a clock that stands still, one user, and what its webhooks told. */
export class World {
  readonly clock = new VirtualClock({ manual: true, now: START });
  readonly webhooks: Wire[] = [];
  readonly simulator: Simulator;
  readonly #number: string;

  constructor(
    options: SimulatorOptions & {
      number?: Partial<NumberOptions>;
      user?: Partial<UserOptions>;
    } = {},
  ) {
    const { number, user, ...rest } = options;
    this.simulator = new Simulator({
      clock: this.clock,
      seed: 7,
      lookUpsPerSecond: Infinity,
      numbers: [
        {
          id: NUMBER,
          displayNumber: DISPLAY,
          businessAccountId: '900800700600500',
          accessToken: TOKEN,
          appSecret: 'secret-of-the-app',
          webhook: async ({ body }) => {
            this.webhooks.push(JSON.parse(body.toString('ascii')));
            return 200;
          },
          ...number,
        },
      ],
      users: [{ waId: ANA, name: 'Ana', ...user }],
      ...rest,
    });
    this.#number = number?.id ?? NUMBER;
  }

  get number() {
    return this.simulator.number(this.#number);
  }

  get ana() {
    return this.simulator.user(ANA);
  }

  get truth() {
    return this.number.state(ANA);
  }

  async listen(): Promise<this> {
    await this.simulator.listen();
    return this;
  }

  async http(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<GraphAnswer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(this.simulator.graphUrl + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: text }),
    });
    return { status: response.status, body: await response.json() };
  }

  graph(method: string, edge: string, body?: unknown): Promise<GraphAnswer> {
    const headers = { authorization: `Bearer ${TOKEN}` };
    return this.http(method, `/v25.0/${this.#number}/${edge}`, body, headers);
  }

  lookUp(to = ANA): Promise<GraphAnswer> {
    return this.graph('GET', `call_permissions?user_wa_id=${to}`);
  }

  /** A free-form permission request. */
  request(to = ANA, more: object = {}): Promise<GraphAnswer> {
    const action = { name: 'call_permission_request' };
    const interactive = { type: 'call_permission_request', action, ...more };
    return this.#message({ to, type: 'interactive', interactive });
  }

  requestByTemplate(to = ANA, name = 'ask_to_call', language = 'en'): Promise<GraphAnswer> {
    return this.#message({
      to,
      type: 'template',
      template: { name, language: { code: language } },
    });
  }

  text(to = ANA): Promise<GraphAnswer> {
    return this.#message({ to, type: 'text', text: { body: 'Hello' } });
  }

  #message(content: object): Promise<GraphAnswer> {
    return this.graph('POST', 'messages', { messaging_product: 'whatsapp', ...content });
  }

  call(to = ANA, more: object = {}): Promise<GraphAnswer> {
    return this.graph('POST', 'calls', {
      messaging_product: 'whatsapp',
      action: 'connect',
      to,
      session: { sdp_type: 'offer', sdp: exampleOffer() },
      ...more,
    });
  }

  actOnCall(action: string, id: string, more: object = {}): Promise<GraphAnswer> {
    const body = { messaging_product: 'whatsapp', action, call_id: id, ...more };
    return this.graph('POST', 'calls', body);
  }

  /** Lets virtual seconds pass, with everything that happens in them. */
  async pass(seconds: number): Promise<void> {
    await this.clock.advance(seconds * SECOND);
  }

  /** Calls Ana, who answers at once and hangs up after ten seconds. Returns the call's id. */
  async talk(): Promise<string> {
    const id = await this.ringAna();
    this.ana.answer();
    await this.pass(10);
    this.ana.hangUp();
    await this.pass(5);
    return id;
  }

  /** Calls Ana until her phone rings. */
  async ringAna(): Promise<string> {
    const { body } = await this.call();
    await this.pass(6);
    return body.calls[0].id;
  }

  /** A call that rings until WhatsApp gives up. */
  async missedCall(): Promise<void> {
    await this.ringAna();
    await this.pass(60);
  }

  /** What the webhooks said under `key`, in order, each with its field. */
  told(key: 'calls' | 'statuses' | 'messages'): Wire[] {
    return this.webhooks.flatMap(({ entry }) => entry[0].changes[0].value[key] ?? []);
  }

  /** The last permission reply, with the message it stood in. */
  lastReply(): { message: Wire; reply: Wire } {
    const message = this.told('messages').findLast((one) => one.type === 'interactive');
    return { message, reply: message?.interactive.call_permission_reply };
  }
}
