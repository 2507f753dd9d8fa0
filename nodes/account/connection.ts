import type { Node, NodeAPI } from 'node-red';
import { CloudApi, type CloudApiOptions } from '../../src/cloud-api';
import { systemClock, type Clock } from '../../src/clock';
import { WebhookEndpoint, type WebhookReceiver } from '../../src/webhooks';
import { SIMULATOR_PORT, useSimulator, type SimulatorSettings } from './embedded-simulator';
import type { AccountSettings } from './settings';
import { answerWebhooks } from './webhook-route';

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

/** Connects an account to the Cloud API or to the simulator inside Node-RED, and its webhooks to `store`. */
export const connect = (
  RED: NodeAPI,
  node: Node,
  settings: AccountSettings,
  store: Store,
): Promise<Connection> =>
  settings.isSimulated
    ? connectSimulator(RED, node, settings, store)
    : connectCloudApi(RED, node, settings, store);

async function connectCloudApi(
  RED: NodeAPI,
  node: Node,
  settings: AccountSettings,
  store: Store,
): Promise<Connection> {
  const cloudApi = new CloudApi({ ...settings, ...patience, now: () => systemClock.now() });
  const receiver = receiverOf(node, settings, settings.appSecret, store);
  let stop = (): void => undefined;
  if (RED.settings.httpNodeRoot === false || typeof RED.httpNode !== 'function') {
    node.warn('Node-RED serves no HTTP nodes (httpNodeRoot is false): no webhook can arrive.');
  } else {
    stop = answerWebhooks(RED, settings.webhookPath, receiver);
  }
  if (settings.appSecret === '') {
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
  const { simulator, accessToken, appSecret } = number;
  clock = simulator.clock;
  endpoint.add(receiverOf(node, settings, appSecret, store));
  const cloudApi = new CloudApi({
    ...settings,
    graphUrl: simulator.graphUrl,
    accessToken,
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
  appSecret: string,
  store: Store,
): WebhookReceiver {
  const { phoneNumberId, displayNumber, businessAccountId, verifyToken } = settings;
  return {
    phoneNumberId,
    displayNumber,
    businessAccountId,
    verifyToken: verifyToken || null,
    appSecrets: appSecret === '' ? [] : [appSecret],
    store,
    log: (level, message) => node[level](message),
  };
}
