import { handleWebhook, type Account, type CallingEvent } from '../../src/actions';
import { CloudApi } from '../../src/cloud-api';
import { Keys, Records, type KeyValueStore } from '../../src/records';
import {
  emptyAccountState,
  emptyCallCounts,
  emptyRecord,
  isAccountState,
  isCallCounts,
  isContactRecord,
  isEmptyAccountState,
  isEmptyCallCounts,
  isEmptyRecord,
  unite,
  type AccountState,
  type CallCounts,
  type ContactRecord,
} from '../../src/rules';
import {
  Simulator,
  VirtualClock,
  exampleOffer,
  type ApiCall,
  type DeliverWebhook,
  type PairState,
  type VirtualNumber,
} from '../../src/simulator';
import { WebhookEndpoint } from '../../src/webhooks';
import { MemoryStore } from './memory-store';
import type { Person } from './population';
import type { Scenario } from './scenarios';

/** Who watches everything that goes over the wire, and what became of it. */
export interface Witness {
  /** A request to the Graph API and WhatsApp's answer. */
  asked(call: ApiCall): void;
  /** A webhook was answered; `events` is what a flow heard of it. */
  told(body: unknown, events: CallingEvent[], at: number): void;
  /** Something that must not happen. */
  object(problem: string): void;
}

/** What a campaign under faults replaces: the store, and the way of the webhooks. */
export interface Seams {
  store?: KeyValueStore;
  deliver?: (deliver: DeliverWebhook) => DeliverWebhook;
}

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
  readonly account: Account & { cloudApi: CloudApi };
  #newest: ApiCall | undefined;

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
    seams: Seams,
  ) {
    const deliver = this.#receiver();
    this.simulator = new Simulator({
      clock: this.clock,
      seed,
      limits: scenario.limits,
      lookUpsPerSecond: Infinity,
      numbers: [
        {
          id: NUMBER,
          displayNumber: DISPLAY_NUMBER,
          businessAccountId: BUSINESS_ACCOUNT,
          accessToken: TOKEN,
          appSecret: SECRET,
          webhook: seams.deliver?.(deliver) ?? deliver,
        },
      ],
      users: people.flatMap(({ waId, userId }) => (userId === null ? [] : { waId, userId })),
    });
    this.account = this.#newAccount(scenario, seams.store ?? new MemoryStore());
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
    const { apiCalls } = this.simulator.log;
    const seen = this.#newest === undefined ? -1 : apiCalls.lastIndexOf(this.#newest);
    this.#newest = apiCalls.at(-1);
    for (const call of apiCalls.slice(seen + 1)) this.witness.asked(call);
    await this.clock.settled();
  }

  /** Somebody takes a user's call with another system of the business. False where the call is over. */
  async takeElsewhere(callId: string): Promise<boolean> {
    const response = await fetch(`${this.simulator.graphUrl}/v25.0/${NUMBER}/calls`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        messaging_product: 'whatsapp',
        action: 'accept',
        call_id: callId,
        session: { sdp_type: 'answer', sdp: exampleOffer() },
      }),
    });
    await response.arrayBuffer();
    return response.ok;
  }

  async close(): Promise<void> {
    this.account.cloudApi.close();
    await this.simulator.close();
  }

  /** The way of a webhook: signature, parser, records, and the events that a flow would hear. */
  #receiver(): DeliverWebhook {
    let events: CallingEvent[] = [];
    const endpoint = new WebhookEndpoint({ now: () => this.now() });
    endpoint.add({
      phoneNumberId: NUMBER,
      displayNumber: DISPLAY_NUMBER,
      businessAccountId: BUSINESS_ACCOUNT,
      verifyToken: null,
      appSecrets: [SECRET],
      store: async (changes) => {
        const handled = await handleWebhook(this.account, changes);
        events = handled.events;
        if (handled.failures.length > 0) throw handled.failures[0];
      },
      log: (level, message) => this.witness.object(`${level}: ${message}`),
    });
    return oneByOne(async ({ headers, body }) => {
      events = [];
      const { status, text } = await endpoint.receive(headers, body);
      if (status !== 200) this.witness.object(`A webhook was answered ${status} ${text}`);
      try {
        this.witness.told(JSON.parse(body.toString('ascii')), events, this.now());
      } catch (error) {
        this.witness.object(`A webhook could not be judged: ${String(error)}`);
      }
      return status;
    });
  }

  #newAccount({ policy }: Scenario, store: KeyValueStore): Account & { cloudApi: CloudApi } {
    const { simulator, clock, witness } = this;
    let keys = 0;
    let cloudApi: CloudApi | undefined;
    return {
      /** Made on first use: the simulator has its address once it listens. */
      get cloudApi() {
        return (cloudApi ??= new CloudApi({
          graphUrl: simulator.graphUrl,
          graphVersion: 'v25.0',
          phoneNumberId: NUMBER,
          accessToken: TOKEN,
          now: () => clock.now(),
          lookUpsPerSecond: Infinity,
        }));
      },
      records: new Records<ContactRecord, AccountState, CallCounts>({
        store,
        keys: new Keys({ phoneNumberId: NUMBER, simulated: true }),
        contacts: { empty: emptyRecord, isEmpty: isEmptyRecord, unite, isValid: isContactRecord },
        account: {
          empty: emptyAccountState,
          isEmpty: isEmptyAccountState,
          isValid: isAccountState,
        },
        counts: {
          empty: emptyCallCounts,
          isEmpty: isEmptyCallCounts,
          isValid: isCallCounts,
        },
        report: (message) => witness.object(message),
      }),
      policy,
      clock,
      newKey: () => `key-${(keys += 1)}`,
    };
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
