import type { Account, CallingEvent } from '../../src/actions';
import type { KeyValueStore } from '../../src/records';
import {
  Simulator,
  VirtualClock,
  type ApiCall,
  type DeliverWebhook,
  type PairState,
  type VirtualNumber,
  type WantedFaults,
  type WebhookAttempt,
} from '../../src/simulator';
import { Machine, type Moment } from './machine';
import { MemoryStore } from './memory-store';
import type { Person } from './population';
import type { Scenario } from './scenarios';
import { Tail } from './tail';

/** Who watches everything that goes over the wire, and what became of it. */
export interface Witness {
  /** A request to the Graph API and WhatsApp's answer. */
  asked(call: ApiCall): void;
  /** A webhook was answered; `events` is what a flow heard of it. */
  told(body: unknown, events: CallingEvent[], at: number): void;
  /** A webhook was delivered, or lost. */
  attempted?(attempt: WebhookAttempt): void;
  /** Time alone brought something about, and the flow was told. */
  due?(events: CallingEvent[]): void;
  /** Something that must not happen. */
  object(problem: string): void;
  /** Why something that is due was put off. */
  postponed?(problem: string): void;
}

/** What a campaign under faults replaces. */
export interface Seams {
  store?: KeyValueStore;
  faults?: WantedFaults;
  /** Whether the store may have lost something when the machine starts. */
  isForgetful?: boolean;
  /** Hears of every moment at which the machine may be cut. */
  pass?: (moment: Moment, machine: Machine) => void;
}

/** How long a client waits for the simulator, in milliseconds of the machine: nothing but faults takes as long. */
const PATIENCE = 10_000;
const PATIENCE_WITH_FAULTS = 1000;

const NUMBER = '100200300400500';
const DISPLAY_NUMBER = '573010000000';
const BUSINESS_ACCOUNT = '900800700600500';
const TOKEN = 'token-of-the-campaign';
const SECRET = 'secret-of-the-campaign';
const START = Date.UTC(2027, 0, 4, 12, 0, 0, 250);

/** One business number with all of the real parts, on a WhatsApp whose clock only the campaign moves. */
export class World {
  readonly clock = new VirtualClock({
    manual: true,
    now: START,
    onError: (error) => this.witness.object(`A task of the simulator failed: ${String(error)}`),
  });
  readonly simulator: Simulator;
  /** Everything that Node-RED holds in memory. Thrown away and made anew by {@link restart}. */
  machine: Machine;
  readonly #calls = new Tail<ApiCall>();
  readonly #attempts = new Tail<WebhookAttempt>();
  readonly #store: KeyValueStore;

  static async open(
    scenario: Scenario,
    seed: number,
    people: readonly Person[],
    witness: Witness,
    seams: Seams = {},
  ): Promise<World> {
    const world = new World(scenario, seed, people, witness, seams);
    await world.simulator.listen();
    return world;
  }

  private constructor(
    scenario: Scenario,
    seed: number,
    people: readonly Person[],
    private readonly witness: Witness,
    private readonly seams: Seams,
  ) {
    this.simulator = new Simulator({
      clock: this.clock,
      seed,
      limits: scenario.limits,
      lookUpsPerSecond: Infinity,
      faults: seams.faults ?? {},
      numbers: [
        {
          id: NUMBER,
          displayNumber: DISPLAY_NUMBER,
          businessAccountId: BUSINESS_ACCOUNT,
          accessToken: TOKEN,
          appSecret: SECRET,
          webhook: oneByOne((delivery) => this.#receive(delivery)),
        },
      ],
      users: people.flatMap(({ waId, userId }) => (userId === null ? [] : { waId, userId })),
    });
    this.#store = seams.store ?? new MemoryStore();
    this.machine = this.#newMachine(scenario);
  }

  get account(): Account {
    return this.machine.account;
  }

  /** A crash, and a new start: of everything in memory nothing is left, and what was under way never goes on. */
  async restart(scenario: Scenario): Promise<void> {
    this.machine.cut();
    this.machine = this.#newMachine(scenario);
    this.machine.timers?.look();
    await this.clock.settled();
  }

  get number(): VirtualNumber {
    return this.simulator.number(NUMBER);
  }

  now(): number {
    return this.clock.now();
  }

  /** What WhatsApp truly holds of a person. */
  truth({ waId }: Person): PairState {
    return this.number.state(waId);
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  /** Lets the witness see the requests that went out, and the tasks that are due run. */
  async settle(): Promise<void> {
    const { log } = this.simulator;
    const calls = this.#calls.of(log.apiCalls).map((call) => {
      return { at: call.at, show: () => this.witness.asked(call) };
    });
    const attempts = this.#attempts.of(log.webhooks).map((attempt) => {
      return { at: attempt.at, show: () => this.witness.attempted?.(attempt) };
    });
    // What was sent in the millisecond of a webhook was sent without knowing it.
    for (const { show } of [...calls, ...attempts].toSorted((a, b) => a.at - b.at)) show();
    await this.clock.settled();
  }

  /** Somebody takes a user's call with another system of the business. False where the call is over. */
  takeElsewhere(callId: string): boolean {
    try {
      this.number.calls.acceptUserCall(callId);
      return true;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    this.machine.cut();
    await this.simulator.close();
  }

  /** The way of a webhook: signature, parser, records, and the events that a flow would hear. */
  async #receive({ headers, body }: Parameters<DeliverWebhook>[0]): Promise<number> {
    const { machine } = this;
    machine.events = [];
    const { status, text } = await Promise.race([
      machine.endpoint.receive(headers, body),
      machine.gone.then(() => ({ status: 0, text: 'nobody is there' })),
    ]);
    if (status === 0) throw new Error(text);
    if (status !== 200) this.witness.object(`A webhook was answered ${status} ${text}`);
    try {
      this.witness.told(JSON.parse(body.toString('ascii')), machine.events, this.now());
    } catch (error) {
      this.witness.object(`A webhook could not be judged: ${String(error)}`);
    }
    return status;
  }

  #newMachine({ policy }: Scenario): Machine {
    const { clock, witness, seams } = this;
    return new Machine({
      store: this.#store,
      policy,
      clock,
      trustedSince: seams.isForgetful === true ? this.now() : undefined,
      graphUrl: () => this.simulator.graphUrl,
      number: {
        phoneNumberId: NUMBER,
        displayNumber: DISPLAY_NUMBER,
        businessAccountId: BUSINESS_ACCOUNT,
        accessToken: TOKEN,
        appSecret: SECRET,
      },
      timeout: seams.faults === undefined ? PATIENCE : PATIENCE_WITH_FAULTS,
      pass: seams.pass ?? (() => undefined),
      tell: witness.due && ((events) => witness.due?.(events)),
      postponed: (problem) => witness.postponed?.(problem),
      log: (message) => witness.object(message),
    });
  }
}

/** Webhooks that are due at once wait for each other, so that each finds its own events. */
function oneByOne(deliver: DeliverWebhook): DeliverWebhook {
  let last: Promise<unknown> = Promise.resolve();
  return (delivery) => {
    const turn = last.then(() => deliver(delivery));
    last = turn.catch(() => undefined);
    return turn;
  };
}
