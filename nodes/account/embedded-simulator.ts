import {
  Simulator,
  toFaultsAndSeed,
  type DeliverWebhook,
  type UserOptions,
  type VirtualNumber,
} from '../../src/simulator';
import type { AccountSettings } from './settings';
import { madeUpSecrets, simulatedNumber, type Secrets } from './simulated-number';

/** Where the simulator listens unless Node-RED's settings say otherwise: a port that flows can rely on. */
export const SIMULATOR_PORT = 4600;

/** Who lives in the simulator of a fresh Node-RED. The numbers are invented. */
const VIRTUAL_USERS: UserOptions[] = [
  { waId: '573001110001', name: 'Ana, who waits for you' },
  {
    waId: '573001110002',
    name: 'Beto, who says yes',
    onRequest: 'accept-temporary',
    onCall: 'answer',
    talkFor: 20,
  },
  { waId: '573001110003', name: 'Carla, who says no', onRequest: 'decline', onCall: 'reject' },
  { waId: '573001110004', name: 'David, who never picks up', onRequest: 'accept-permanent' },
];

/** What Node-RED's settings file says about the simulator. */
export interface SimulatorSettings {
  /** Where it listens; at any free port where that is taken. */
  port: number;
  /** Which faults it plays, as `PUT /simulator/faults` takes them, or as text; undefined: none. */
  faults: unknown;
}

/** What an account needs to use the simulator inside Node-RED. */
export interface SimulatedNumber {
  simulator: Simulator;
  accessToken: string;
  appSecret: string;
  businessAccountId: string;
  leave(): Promise<void>;
}

/** The one simulator of this Node-RED, and the made-up secrets of its numbers by phone number id. */
interface Embedded {
  simulator: Simulator;
  secrets: Map<string, Secrets>;
  receivers: Map<VirtualNumber, Set<DeliverWebhook>>;
  accounts: number;
}

let embedded: Embedded | null = null;
/** Starting and stopping take turns. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Starts the simulator where it does not run yet and connects a number to it. It stops with its last account, and
 * keeps what it knows for the next deploy.
 *
 * @throws {SimulatorError} `bad-input` where the faults cannot be read
 */
export async function useSimulator(
  settings: AccountSettings,
  { port, faults }: SimulatorSettings,
  deliver: DeliverWebhook,
): Promise<SimulatedNumber> {
  embedded ??= embed(newSimulator(faults));
  const { simulator, secrets } = embedded;
  const shared = embedded;
  try {
    await join(shared, port);
    const number = numberOf(shared, settings);
    const stopDelivery = deliverTo(shared, number, deliver);
    return {
      simulator,
      businessAccountId: number.businessAccountId,
      ...secrets.get(settings.phoneNumberId)!,
      async leave() {
        stopDelivery();
        await part(shared);
      },
    };
  } catch (error) {
    await part(shared);
    throw error;
  }
}

function newSimulator(settings: unknown): Simulator {
  const { wanted, seed } = toFaultsAndSeed(settings ?? {});
  return new Simulator({
    users: VIRTUAL_USERS,
    lookUpsPerSecond: Infinity,
    faults: wanted,
    ...(seed === undefined ? {} : { seed }),
  });
}

/** Of two accounts with one number the later gets the webhooks, until it leaves. */
function deliverTo(
  { receivers }: Embedded,
  number: VirtualNumber,
  deliver: DeliverWebhook,
): () => void {
  const all = receivers.get(number) ?? new Set();
  receivers.set(number, all.add(deliver));
  const deliverToLast = (): void => number.sendWebhooksTo([...all].at(-1) ?? null);
  deliverToLast();
  return () => {
    all.delete(deliver);
    deliverToLast();
  };
}

/** The simulator inside this Node-RED; null where no account has used it yet. */
export const embeddedSimulator = (): Simulator | null => embedded?.simulator ?? null;

/** Puts a simulator of one's own (its users, its clock) in the place of the one inside Node-RED; null: a new one. */
export function embedSimulator(simulator: Simulator | null): void {
  embedded = simulator && embed(simulator);
}

const embed = (simulator: Simulator): Embedded => ({
  simulator,
  secrets: new Map(),
  receivers: new Map(),
  accounts: 0,
});

function join(shared: Embedded, port: number): Promise<unknown> {
  shared.accounts += 1;
  if (shared.accounts > 1) return turn;
  return inTurn(() => shared.simulator.listen(port).catch(() => shared.simulator.listen(0)));
}

async function part(shared: Embedded): Promise<void> {
  shared.accounts -= 1;
  if (shared.accounts === 0) await inTurn(() => shared.simulator.close());
}

function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const result = turn.then(task);
  turn = result.catch(() => undefined);
  return result;
}

function numberOf({ simulator, secrets }: Embedded, settings: AccountSettings): VirtualNumber {
  const { phoneNumberId } = settings;
  const known = simulator.numbers.find(({ id }) => id === phoneNumberId);
  if (known) return known;
  const made = madeUpSecrets();
  secrets.set(phoneNumberId, made);
  return simulator.addNumber(simulatedNumber(settings, made));
}
