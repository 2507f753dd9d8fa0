import { randomUUID } from 'node:crypto';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { handleWebhook, type CallingEvent, type EventType } from '../../src/actions';
import { Repeats, type WebhookChange } from '../../src/webhooks';
import { onceDeployed } from './after-each-deploy';
import { TYPE, type AccountConfig, type AccountCredentials } from './config';
import { connect } from './connection';
import { tell } from './listeners';
import {
  announceAccount,
  openAccount,
  type DeployedAccount,
  type OpenAccount,
} from './open-accounts';
import { openRecords } from './open-records';
import { readSettings, type AccountSettings } from './settings';
import { startTimers } from './start-timers';
import { trustedSince } from './trusted-since';

type AccountNode = Node<AccountCredentials>;

export = (RED: NodeAPI): void => {
  function WhatsAppCallingAccount(this: AccountNode, config: NodeDef & AccountConfig): void {
    RED.nodes.createNode(this, config);
    const { deployed, close } = deploy(RED, this, config);
    const forget = announceAccount(this.id, deployed);
    this.on('close', (_removed: boolean, done: () => void) => {
      forget();
      close().then(done, (problem: Error) => {
        this.error(problem);
        done();
      });
    });
  }
  RED.nodes.registerType<AccountNode, NodeDef & AccountConfig, object, AccountCredentials>(
    TYPE,
    WhatsAppCallingAccount,
    {
      credentials: {
        accessToken: { type: 'password' },
        appSecret: { type: 'password' },
        verifyToken: { type: 'password' },
      },
    },
  );
};

interface Deployment {
  deployed: DeployedAccount;
  close: () => Promise<void>;
}

/** Opens the account. What is wrong with it is shown once, and to every message that needs it. */
function deploy(RED: NodeAPI, node: AccountNode, config: AccountConfig): Deployment {
  let settings: AccountSettings;
  try {
    settings = readSettings(config, node.credentials ?? {}, storesOf(RED));
  } catch (thrown) {
    const problem = thrown as Error;
    node.error(problem);
    const opening = Promise.reject<OpenAccount>(problem);
    opening.catch(() => undefined);
    return { deployed: { number: null, opening, problem }, close: async () => undefined };
  }
  const { opening, close } = open(RED, node, settings);
  // Whoever needs the account hears of it; nobody may be waiting yet.
  opening.catch((problem: Error) => node.error(problem));
  const number = `${settings.isSimulated ? 'simulator' : 'cloud-api'} ${settings.phoneNumberId}`;
  return { deployed: { number, opening, problem: null }, close };
}

function open(RED: NodeAPI, node: AccountNode, settings: AccountSettings) {
  const opened = openRecords(RED, node, settings);
  const repeats = new Repeats();
  const store = async (changes: WebhookChange[]): Promise<void> => {
    const { events, failures } = await handleWebhook(await openAccount(node.id), changes);
    const news = events.filter((event) => !repeats.isRepeat(event) || !MAY_REPEAT.has(event.type));
    // The answer to WhatsApp goes first, and what is told once must not be told to nobody.
    setImmediate(() => onceDeployed(() => tellAll(node.id, news)));
    if (failures.length > 0) throw failures[0];
  };
  const connecting = connect(RED, node, settings, store);
  const opening = connecting.then(({ cloudApi, clock }): OpenAccount => {
    const { policy, country, isSimulated, phoneNumberId } = settings;
    const { records } = opened;
    return {
      cloudApi,
      clock,
      records,
      policy,
      country,
      isSimulated,
      trustedSince: trustedSince(`${isSimulated} ${phoneNumberId}`, clock.now()),
      newKey: randomUUID,
    };
  });
  const stopTimers = startTimers(RED, node, opening, opened.whenScheduled, (events) =>
    onceDeployed(() => tellAll(node.id, events)),
  );
  const close = async (): Promise<void> => {
    const stopped = stopTimers();
    await connecting.then(
      (connection) => connection.close(),
      () => undefined,
    );
    await stopped;
    opened.close();
  };
  return { opening, close };
}

/** Of these the records keep no trace, or not for long. */
const MAY_REPEAT = new Set<EventType>(['unknown', 'user-wrote']);

function tellAll(id: string, events: CallingEvent[]): void {
  for (const event of events) tell(id, event);
}

/** The context stores of this Node-RED. Without any in its settings there is one in memory. */
function storesOf(RED: NodeAPI): string[] {
  const { contextStorage } = RED.settings as { contextStorage?: Record<string, unknown> };
  return contextStorage ? Object.keys(contextStorage) : ['memory'];
}
