import type { Node, NodeAPI } from 'node-red';
import { CloudApi, type CloudApiOptions } from '../../src/cloud-api';
import { systemClock, type Clock } from '../../src/clock';
import { WebhookEndpoint, type WebhookReceiver } from '../../src/webhooks';
import { SettingsError } from '../common/coded-error';
import { SIMULATOR_PORT, useSimulator, type SimulatorSettings } from './embedded-simulator';
import { RemoteNumber } from './remote-number';
import type { AccountSettings } from './settings';
import { addressOf, answerWebhooks, servesHttp } from './webhook-route';

/** How an account reaches WhatsApp and is reached by it. */
export interface Connection {
  cloudApi: CloudApi;
  clock: Clock;
  close(): Promise<void>;
}

type Store = WebhookReceiver['store'];

/** How long WhatsApp is waited for, and how often it is asked. */
export type Patience = Pick<CloudApiOptions, 'timeout' | 'retryDelay' | 'lookUpsPerSecond'>;

let patience: Patience = {};

/** Changes the patience of accounts that are connected from now on; `{}`: the client's own. */
export const setPatience = (wanted: Patience): void => void (patience = wanted);

/**
 * Connects an account to the Cloud API, to the simulator inside Node-RED or to one elsewhere, and its webhooks to
 * `store`. A simulator elsewhere is waited for, until `signal` says that the account is closed.
 */
export async function connect(
  RED: NodeAPI,
  node: Node,
  settings: AccountSettings,
  store: Store,
  signal: AbortSignal,
): Promise<Connection> {
  if (!settings.isSimulated) return connectCloudApi(RED, node, settings, store);
  const url = simulatorUrlOf(RED);
  return url === null
    ? connectSimulator(RED, node, settings, store)
    : connectRemoteSimulator(RED, node, settings, { url, store, signal });
}

async function connectCloudApi(
  RED: NodeAPI,
  node: Node,
  settings: AccountSettings,
  store: Store,
): Promise<Connection> {
  const [appSecret] = settings.appSecrets;
  const proof = settings.appSecretProof && appSecret !== undefined ? { appSecret } : {};
  const cloudApi = new CloudApi({
    ...settings,
    ...proof,
    ...patience,
    now: () => systemClock.now(),
  });
  const receiver = receiverOf(node, settings, settings.appSecrets, store);
  const stop = answerWhereServed(RED, node, settings, receiver);
  if (appSecret === undefined) {
    node.warn('The account has no app secret: every webhook is refused.');
  }
  return {
    cloudApi,
    clock: systemClock,
    async close() {
      stop();
      cloudApi.close();
    },
  };
}

function answerWhereServed(
  RED: NodeAPI,
  node: Node,
  { webhookPath }: AccountSettings,
  receiver: WebhookReceiver,
): () => void {
  if (servesHttp(RED)) return answerWebhooks(RED, webhookPath, receiver);
  node.warn('Node-RED serves no HTTP nodes (httpNodeRoot is false): no webhook can arrive.');
  return () => undefined;
}

async function connectSimulator(
  RED: NodeAPI,
  node: Node,
  settings: AccountSettings,
  store: Store,
): Promise<Connection> {
  let clock = systemClock;
  const endpoint = new WebhookEndpoint({ now: () => clock.now() });
  const number = await useSimulator(settings, simulatorSettings(RED), async ({ headers, body }) => {
    const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    const { status } = await endpoint.receive(Object.fromEntries(lowerCase), body);
    return status;
  });
  const { simulator, accessToken, appSecret, businessAccountId } = number;
  clock = simulator.clock;
  endpoint.add(receiverOf(node, settings, [appSecret], store));
  const cloudApi = new CloudApi({
    ...settings,
    ...patience,
    graphUrl: simulator.graphUrl,
    accessToken,
    businessAccountId,
    now: () => clock.now(),
    // Pacing goes by the machine's time, which stands still beside a clock that is moved by days.
    lookUpsPerSecond: Infinity,
  });
  return {
    cloudApi,
    clock,
    async close() {
      cloudApi.close();
      await number.leave();
    },
  };
}

interface Remote {
  url: string;
  store: Store;
  signal: AbortSignal;
}

async function connectRemoteSimulator(
  RED: NodeAPI,
  node: Node,
  settings: AccountSettings,
  { url, store, signal }: Remote,
): Promise<Connection> {
  const number = new RemoteNumber(url, settings, (problem) => node.warn(problem));
  const { appSecret, ...access } = await number.open(signal);
  const { clock } = number;
  const now = (): number => clock.now();
  const receiver = { ...receiverOf(node, settings, [appSecret], store), now };
  const stop = answerWhereServed(RED, node, settings, receiver);
  const leave = async (): Promise<void> => {
    stop();
    await number.leave();
  };
  if (servesHttp(RED)) {
    await number.askForWebhooks(addressOf(RED, settings.webhookPath)).catch(async (problem) => {
      await leave();
      throw problem;
    });
  }
  const cloudApi = new CloudApi({
    ...settings,
    ...patience,
    ...access,
    graphUrl: url,
    now,
  });
  return {
    cloudApi,
    clock,
    async close() {
      cloudApi.close();
      await leave();
    },
  };
}

/**
 * The simulator that Node-RED's settings name; null where they name none.
 *
 * @throws {SettingsError} `setting-invalid` for what is no address
 */
function simulatorUrlOf({ settings }: NodeAPI): string | null {
  const { whatsappCallingAccountSimulatorUrl: url } = settings as {
    whatsappCallingAccountSimulatorUrl?: unknown;
  };
  if (url === undefined || url === '') return null;
  if (typeof url === 'string' && URL.canParse(url) && /^http:/i.test(url)) {
    return url.replace(/\/+$/, '');
  }
  const said = 'whatsappCallingAccountSimulatorUrl in the settings of Node-RED is no http address.';
  throw new SettingsError('setting-invalid', said);
}

function simulatorSettings({ settings }: NodeAPI): SimulatorSettings {
  const {
    whatsappCallingAccountSimulatorPort: port,
    whatsappCallingAccountSimulatorFaults: faults,
  } = settings as {
    whatsappCallingAccountSimulatorPort?: unknown;
    whatsappCallingAccountSimulatorFaults?: unknown;
  };
  return { port: typeof port === 'number' ? port : SIMULATOR_PORT, faults };
}

function receiverOf(
  node: Node,
  settings: AccountSettings,
  appSecrets: readonly string[],
  store: Store,
): WebhookReceiver {
  const { phoneNumberId, displayNumber, businessAccountId, verifyToken } = settings;
  return {
    phoneNumberId,
    displayNumber,
    businessAccountId,
    verifyToken: verifyToken || null,
    appSecrets,
    store,
    log: (level, message) => node[level](message),
  };
}
