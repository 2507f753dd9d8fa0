import { shapesFor } from '../../src/actions/shapes';
import { Timers, handleWebhook, type Account, type CallingEvent } from '../../src/actions';
import type { Clock } from '../../src/clock';
import { CloudApi, type Accepted, type CloudApiOptions } from '../../src/cloud-api';
import { Keys, Records, type KeyValueStore, type Values } from '../../src/records';
import {
  type AccountState,
  type CallCounts,
  type ContactRecord,
  type Policy,
} from '../../src/rules';
import { WebhookEndpoint } from '../../src/webhooks';

/** Before the store is read or written, after it was written; before something is sent and after its answer. */
export type Moment = 'read' | 'write' | 'written' | 'send' | 'answered';

export interface MachineOptions {
  store: KeyValueStore;
  policy: Policy;
  clock: Clock;
  /** Asked on first use: the simulator has its address once it listens. */
  graphUrl: () => string;
  number: {
    phoneNumberId: string;
    displayNumber: string;
    businessAccountId: string;
    accessToken: string;
    appSecret: string;
  };
  /** Since when the store has lost nothing; absent where it never does. */
  trustedSince?: number | undefined;
  /** Milliseconds of the machine's time. */
  timeout: number;
  /** Hears what time brings about; absent: nobody is woken. */
  tell: ((events: CallingEvent[]) => void) | undefined;
  /** Hears of every moment at which the machine may be cut, before it goes on. */
  pass: (moment: Moment, machine: Machine) => void;
  /** Hears why something that is due is put off. */
  postponed?: ((problem: string) => void) | undefined;
  /** Hears what is wrong with a webhook or a stored value. */
  log: (message: string) => void;
}

let keys = 0;

/** Where the machine is no more. */
class Gone extends Error {
  readonly code = 'gone';
}

/** The Cloud API of a machine that may be cut before it sends, and before it gets to know the answer. */
class CuttableApi extends CloudApi {
  constructor(
    private readonly pass: (moment: Moment) => void,
    options: CloudApiOptions,
  ) {
    super(options);
  }

  override async placeCall(...args: Parameters<CloudApi['placeCall']>): Promise<Accepted> {
    return this.#between(() => super.placeCall(...args));
  }

  override async requestPermission(
    ...args: Parameters<CloudApi['requestPermission']>
  ): Promise<Accepted> {
    return this.#between(() => super.requestPermission(...args));
  }

  async #between(send: () => Promise<Accepted>): Promise<Accepted> {
    this.pass('send');
    try {
      return await send();
    } finally {
      this.pass('answered');
    }
  }
}

/** What one run of Node-RED holds in memory for one business number. Its store may outlive it. */
export class Machine {
  readonly account: Account & { cloudApi: CloudApi };
  readonly timers: Timers | null;
  readonly endpoint: WebhookEndpoint;
  /** What the webhook that is being stored has the flow told. */
  events: CallingEvent[] = [];
  /** Resolves when the machine is no more. */
  readonly gone: Promise<void>;
  #go: () => void = () => undefined;
  #isGone = false;
  #cloudApi: CloudApi | null = null;

  constructor(private readonly options: MachineOptions) {
    this.gone = new Promise((resolve) => (this.#go = resolve));
    this.account = this.#newAccount();
    this.timers = this.#newTimers();
    this.endpoint = this.#newEndpoint();
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Ends at once: what is under way reaches neither WhatsApp nor the store any more, and nobody hears of it. */
  cut(): void {
    this.#isGone = true;
    this.#go();
    this.#cloudApi?.close();
    void this.timers?.close();
  }

  #newAccount(): Account & { cloudApi: CloudApi } {
    const { policy, clock, number, graphUrl, timeout, trustedSince } = this.options;
    const cloudApi = (): CloudApi =>
      (this.#cloudApi ??= new CuttableApi((moment) => this.#pass(moment), {
        graphUrl: graphUrl(),
        graphVersion: 'v25.0',
        ...number,
        now: () => clock.now(),
        lookUpsPerSecond: Infinity,
        timeout,
        retryDelay: () => 0,
      }));
    return {
      get cloudApi() {
        return cloudApi();
      },
      records: this.#newRecords(),
      policy,
      clock,
      ...(trustedSince === undefined ? {} : { trustedSince }),
      newKey: () => `key-${(keys += 1)}`,
    };
  }

  #newRecords(): Records<ContactRecord, AccountState, CallCounts> {
    const { policy, number, log } = this.options;
    return new Records<ContactRecord, AccountState, CallCounts>({
      store: this.#cuttable(),
      keys: new Keys({ phoneNumberId: number.phoneNumberId, simulated: true }),
      ...shapesFor(policy, false),
      report: log,
      onScheduled: (at) => this.timers?.scheduled(at),
    });
  }

  /** The store, which does nothing any more for a machine that is gone. */
  #cuttable(): KeyValueStore {
    const { store } = this.options;
    return {
      ...this.#cuttableValues(store),
      ...(store.begin && { begin: () => this.#cuttableValues(store.begin!()) }),
    };
  }

  #cuttableValues(values: Values): Values {
    return {
      get: async (wanted) => {
        this.#pass('read');
        return values.get(wanted);
      },
      set: async (entries, lifetimes) => {
        this.#pass('write');
        await values.set(entries, lifetimes);
        this.#pass('written');
      },
    };
  }

  #pass(moment: Moment): void {
    if (!this.#isGone) this.options.pass(moment, this);
    if (this.#isGone) throw new Gone();
  }

  #newTimers(): Timers | null {
    const { tell, postponed = () => undefined } = this.options;
    return tell === undefined
      ? null
      : new Timers({ account: this.account, tell, report: postponed });
  }

  #newEndpoint(): WebhookEndpoint {
    const { number, clock, log } = this.options;
    const endpoint = new WebhookEndpoint({ now: () => clock.now() });
    endpoint.add({
      ...number,
      verifyToken: null,
      appSecrets: [number.appSecret],
      store: async (changes) => {
        const { events, failures } = await handleWebhook(this.account, changes);
        this.events = events;
        if (failures.length > 0) throw failures[0];
      },
      log: (level, message) => {
        if (!this.#isGone) log(`${level}: ${message}`);
      },
    });
    return endpoint;
  }
}
