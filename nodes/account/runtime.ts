import { randomUUID } from 'node:crypto';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { handleWebhook, type CallingEvent, type EventType } from '../../src/actions';
import { Repeats, type WebhookChange } from '../../src/webhooks';
import { asCodedError } from '../common/coded-error';
import { onceDeployed } from './after-each-deploy';
import { TYPE, type AccountConfig, type AccountCredentials } from './config';
import { CallHolders } from './call-holders';
import { connect } from './connection';
import { storesOf } from './context-stores';
import { tell } from './listeners';
import {
  announceAccount,
  openAccount,
  type DeployedAccount,
  type OpenAccount,
} from './open-accounts';
import { noticeStops } from './notice-stops';
import { openRecords, type OpenRecords } from './open-records';
import { readSettings, type AccountSettings } from './settings';
import { startTimers } from './start-timers';
import { trustedSince } from './trusted-since';
import { whatCanBeLost } from './what-can-be-lost';

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
        redisUrl: { type: 'password' },
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
  let records: OpenRecords;
  try {
    settings = readSettings(config, node.credentials ?? {}, storesOf(RED));
    records = openRecords(RED, node, settings);
    const loss = settings.isSimulated ? null : whatCanBeLost(RED, settings);
    if (loss !== null) node.warn(loss);
  } catch (thrown) {
    const problem = thrown as Error;
    node.error(problem);
    const opening = Promise.reject<OpenAccount>(problem);
    opening.catch(() => undefined);
    return { deployed: { number: null, opening, problem }, close: async () => undefined };
  }
  const { opening, close } = open(RED, node, settings, records);
  const number = `${settings.isSimulated ? 'simulator' : 'cloud-api'} ${settings.phoneNumberId}`;
  return { deployed: { number, opening, problem: null }, close };
}

function open(RED: NodeAPI, node: AccountNode, settings: AccountSettings, opened: OpenRecords) {
  const holders = new CallHolders(opened.channel, opened.topic);
  const tellEverybody = (events: CallingEvent[], letters: string[]): void => {
    events.forEach((event) => holders.tell(event));
    tellOnceDeployed(node, events, letters);
  };
  const repeats = new Repeats();
  const store = async (changes: WebhookChange[]): Promise<void> => {
    const { events, failures } = await handleWebhook(await openAccount(node.id), changes);
    const news = events.filter((event) => !repeats.isRepeat(event) || !MAY_REPEAT.has(event.type));
    // The answer to WhatsApp goes first.
    setImmediate(() => tellEverybody(news, lettersOf(events)));
    if (failures.length === 0) return;
    timers.doubt();
    throw failures[0];
  };
  const closing = new AbortController();
  const connecting = connect(RED, node, settings, store, closing.signal);
  const opening = connecting.then(({ cloudApi, clock }): OpenAccount => {
    const { policy, country, isSimulated, phoneNumberId } = settings;
    const { records } = opened;
    return {
      cloudApi,
      clock,
      records,
      holders,
      policy,
      country,
      isSimulated,
      ...(!opened.isShared && {
        trustedSince: trustedSince(`${isSimulated} ${phoneNumberId}`, clock.now()),
      }),
      newKey: randomUUID,
    };
  });
  const timers = startTimers(RED, node, opening, opened, (events) =>
    tellEverybody(events, lettersOf(events)),
  );
  const stopNoticing = noticeStops(RED, node, opening, opened.whenAccountIsKnown);
  // Whoever needs the account hears of it; nobody may be waiting yet.
  opening.catch((problem: Error) => {
    if (!closing.signal.aborted) node.error(problem);
  });
  const close = async (): Promise<void> => {
    closing.abort();
    stopNoticing();
    const stopped = timers.stop();
    await connecting.then(
      (connection) => connection.close(),
      () => undefined,
    );
    await stopped;
    holders.close();
    await opened.close();
  };
  return { opening, close };
}

/** Of these the records keep no trace, or not for long. */
const MAY_REPEAT = new Set<EventType>(['unknown', 'user-wrote']);

const lettersOf = (events: CallingEvent[]): string[] =>
  events.flatMap(({ letter }) => letter ?? []);

/** Letters that this process told and could not settle yet: it does not tell them again. */
const unsettled = new Set<string>();

/** What is told once must not be told to nobody, as nodes are away during a deploy. */
function tellOnceDeployed(node: Node, events: CallingEvent[], letters: string[]): void {
  onceDeployed(() => {
    for (const event of events) {
      if (event.letter === undefined || !unsettled.has(event.letter)) tell(node.id, event);
    }
    if (letters.length > 0) void settle(node, letters);
  });
}

async function settle(node: Node, letters: string[]): Promise<void> {
  for (const letter of letters) unsettled.add(letter);
  try {
    const { records } = await openAccount(node.id);
    await records.settle(letters);
    for (const letter of letters) unsettled.delete(letter);
  } catch (problem) {
    // Another process tells it again then, which is better than not at all.
    node.debug(`What was told could not be settled: ${asCodedError(problem).message}`);
  }
}
