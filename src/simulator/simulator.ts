import { randomInt } from 'node:crypto';
import { Agenda } from './agenda';
import type { Answer, ReadRequest } from './answer';
import { VirtualClock } from './clock';
import { ClockFollowers } from './clock-followers';
import { ControlApi } from './control-api';
import { isOwnRequest, isLoopback } from './control-guard';
import { toDelays } from './delays';
import type { Delays } from './delays';
import { SimulatorError } from './errors';
import { Faults } from './faults/faults';
import type { WantedFaults } from './faults/faults';
import { nextHttpFault, underFault } from './faults/http-faults';
import { GraphApi } from './graph-api';
import { HttpServer } from './http-server';
import { toLimits } from './limits';
import type { Limits, LimitsPreset } from './limits';
import { BoundedLog } from './log';
import type { ApiCall, News, SimulatorLog, WebhookAttempt } from './log';
import type { VirtualNumber } from './number';
import type { NumberOptions } from './number-options';
import { Numbers } from './numbers';
import { Random } from './random';
import type { FindNumber, UserOptions, VirtualUser } from './user';
import { Users } from './users';
import { WebhookUrls } from './webhook-url';
import type { World } from './world';

export interface SimulatorOptions {
  /** Default: one that runs with real time. */
  clock?: VirtualClock;
  /** The same seed gives the same waits, ids and faults; default: another one every time. */
  seed?: number;
  numbers?: NumberOptions[];
  users?: UserOptions[];
  /** Of every number that has none of its own; default `meta`. */
  limits?: LimitsPreset | Partial<Limits>;
  delays?: Partial<Delays>;
  /** Look-ups of `call_permissions` a second and number; default 5 (Meta, reference, 2026-06-26). */
  lookUpsPerSecond?: number;
  /** Which faults of the world are played; default none. See docs/simulator.md. */
  faults?: WantedFaults;
}

const LOG_SIZE = 1000;
const NO_ANSWER_YET: Answer = { status: 0, body: null };
const CONTROL_PATH = /^\/simulator(\/|$)/;

/**
 * A WhatsApp Cloud API on this machine: the Graph API over HTTP, signed webhooks, virtual users, and a clock
 * that can be moved. It knows nothing of the rest of this package, and so can referee it.
 */
export class Simulator {
  readonly clock: VirtualClock;
  /** The faults that are played: `play` changes them. */
  readonly faults: Faults;
  readonly #agenda: Agenda;
  readonly #numbers = new Numbers();
  readonly #users: Users;
  readonly #urls = new WebhookUrls();
  readonly #apiLog = new BoundedLog<ApiCall>(LOG_SIZE);
  readonly #newsLog = new BoundedLog<News>(LOG_SIZE);
  readonly #webhookLog = new BoundedLog<WebhookAttempt>(LOG_SIZE);
  readonly #world: World;
  readonly #graph = new GraphApi(this.#numbers);
  readonly #control = new ControlApi(this);
  readonly #server = new HttpServer(
    (request) => this.#answer(request),
    (request, socket, head) => this.#followers.takeOver(request, socket, head),
  );
  readonly #followers: ClockFollowers;
  #isControlGuarded = true;

  /** @throws SimulatorError `bad-input`, `already-there` */
  constructor(options: SimulatorOptions = {}) {
    this.clock = options.clock ?? new VirtualClock();
    this.#agenda = new Agenda(this.clock);
    this.#followers = new ClockFollowers(this.clock, (headers) => this.#isAllowed(headers));
    this.#users = new Users(this.#findNumber);
    const seed = options.seed ?? randomInt(2 ** 32);
    this.faults = new Faults(seed, options.faults);
    this.#world = {
      clock: this.#agenda,
      random: new Random(seed),
      delays: toDelays(options.delays),
      limits: toLimits(options.limits),
      lookUpsPerSecond: options.lookUpsPerSecond ?? 5,
      users: this.#users,
      urls: this.#urls,
      webhookLog: this.#webhookLog,
      newsLog: this.#newsLog,
      faults: this.faults,
      isHurried: false,
    };
    for (const number of options.numbers ?? []) this.addNumber(number);
    for (const user of options.users ?? []) this.addUser(user);
  }

  /**
   * Starts HTTP and goes on with whatever waited. The control API answers only requests from this machine's
   * own pages and tools while `host` is a loopback name.
   * @param port 0: any that is free
   * @returns the graph url, without a slash at the end
   * @throws SimulatorError `already-listening`, and what the operating system says of the port
   */
  async listen(port = 0, host = '127.0.0.1'): Promise<string> {
    const url = await this.#server.listen(port, host);
    this.#isControlGuarded = isLoopback(host);
    this.#agenda.resume();
    return url;
  }

  /** @throws SimulatorError `not-listening` */
  get graphUrl(): string {
    const { url } = this.#server;
    if (url === null) throw new SimulatorError('not-listening', 'The simulator does not listen.');
    return url;
  }

  /** Stops HTTP and all timers. What is known stays; {@link listen} goes on with it. */
  async close(): Promise<void> {
    this.#agenda.pause();
    this.#urls.close();
    this.#followers.close();
    await this.#server.close();
  }

  get numbers(): VirtualNumber[] {
    return [...this.#numbers];
  }

  /**
   * @param id phone number id
   * @throws SimulatorError `unknown-number`
   */
  number(id: string): VirtualNumber {
    return this.#numbers.get(id);
  }

  /** @throws SimulatorError `bad-input`, `already-there` */
  addNumber(options: NumberOptions): VirtualNumber {
    return this.#numbers.add(options, this.#world);
  }

  get users(): Iterable<VirtualUser> {
    return this.#users;
  }

  get userCount(): number {
    return this.#users.count;
  }

  /**
   * @param waId the number in any of its spellings, or the business-scoped user id
   * @throws SimulatorError `unknown-user`
   */
  user(waId: string): VirtualUser {
    return this.#users.get(waId);
  }

  /** @throws SimulatorError `bad-input`, `already-there` */
  addUser(options: UserOptions): VirtualUser {
    return this.#users.add(options);
  }

  /** Look-ups of `call_permissions` a second and number. */
  get lookUpsPerSecond(): number {
    return this.#world.lookUpsPerSecond;
  }

  get log(): SimulatorLog {
    return {
      apiCalls: this.#apiLog.entries,
      news: this.#newsLog.entries,
      webhooks: this.#webhookLog.entries,
    };
  }

  readonly #findNumber: FindNumber = (number) => {
    if (number === undefined) return this.#numbers.only();
    return typeof number === 'string' ? this.number(number) : number;
  };

  async #answer(request: ReadRequest): Promise<Answer> {
    if (!CONTROL_PATH.test(request.path)) return this.#answerGraph(request);
    if (!this.#isAllowed(request.headers)) {
      return { status: 403, body: { error: { code: 'forbidden', message: 'Not from here.' } } };
    }
    return this.#control.answer(request);
  }

  #isAllowed(headers: ReadRequest['headers']): boolean {
    return !this.#isControlGuarded || isOwnRequest(headers);
  }

  async #answerGraph(request: ReadRequest): Promise<Answer> {
    const fault = nextHttpFault(this.faults);
    let isDone = false;
    const note = (answer: Answer): void => this.#note(request, answer, { fault, isDone });
    const act = async (): Promise<Answer> => {
      const done = this.#graph.answer(request);
      isDone = true;
      note(done);
      return done;
    };
    if (fault === 'slow-action') note(NO_ANSWER_YET);
    const world = { faults: this.faults, clock: this.#agenda };
    const answer = await underFault(fault, world, () => this.#hurried(request, act));
    if (!isDone) note(answer);
    return answer;
  }

  /** Has the webhooks of a request come before its answer, where that is played. */
  async #hurried({ method }: ReadRequest, act: () => Promise<Answer>): Promise<Answer> {
    if (method !== 'POST' || !this.faults.strikes('webhook-before-answer')) return act();
    this.#world.isHurried = true;
    const acted = act();
    this.#world.isHurried = false;
    await this.#agenda.runDue();
    return acted;
  }

  #note(
    { method, path, query: asked, body }: ReadRequest,
    { status, body: answer }: Answer,
    circumstances: Pick<ApiCall, 'fault' | 'isDone'>,
  ): void {
    const query = new URLSearchParams(asked);
    for (const secret of ['access_token', 'appsecret_proof']) query.delete(secret);
    this.#apiLog.add({
      ...circumstances,
      at: this.clock.now(),
      method,
      path: query.size === 0 ? path : `${path}?${query}`,
      body: parsed(body),
      status,
      answer,
    });
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
