import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import type { ContactNames } from '../../src/rules';
import { openAccount, type OpenAccount } from '../account/open-accounts';
import { Badge, type BadgeState } from './badge';
import { asCodedError } from './coded-error';
import { readContact } from './contact';
import { migrate, type Migration } from './migrations';
import { problemWith } from './usable-settings';
import { showStanding } from './show-standing';
import { typedValue } from './typed-value';

/** Settings that every node with an input has. */
interface ActionConfig {
  account: string;
}

/** What an action has to work with. */
export interface Occasion<C> {
  RED: NodeAPI;
  node: Node;
  config: C;
  msg: Message;
  account: OpenAccount;
}

export type Message = NodeMessage & Record<string, unknown>;

/** What an action came to: the output (from 0), the badge, and what it adds to the message. */
export interface Answer {
  output: number;
  badge: BadgeState;
  add: Record<string, unknown>;
}

/** A node that is being deployed. */
export interface Deployed<C> {
  RED: NodeAPI;
  node: Node;
  config: C;
  badge: Badge;
}

/**
 * Registers a node that acts on each message. Whatever goes wrong, at once or later, ends in one `done(error)`
 * with an error that has a `code`; on a fault nothing is sent.
 *
 * @param deployed hears of each node of the type that can work, as far as its settings tell
 */
export function registerActionNode<C extends ActionConfig>(
  RED: NodeAPI,
  type: string,
  migrations: readonly Migration[],
  act: (occasion: Occasion<C>) => Promise<Answer>,
  deployed?: (deployed: Deployed<C>) => void,
): void {
  function ActionNode(this: Node, stored: NodeDef & C): void {
    RED.nodes.createNode(this, stored);
    const config = migrate(stored, migrations);
    const badge = new Badge(this);
    const problem = problemWith(config, migrations);
    const { account } = config;
    const standing = showStanding(RED, this, badge, { account, own: problem });
    if (standing === null) deployed?.({ RED, node: this, config, badge });
    const run = async (msg: Message): Promise<Answer> => {
      if (problem) throw problem;
      return act({ RED, node: this, config, msg, account: await openAccount(config.account) });
    };
    // Node-RED counts the listeners with exactly three parameters to know when a message is done with.
    this.on('input', (msg, send, done) => {
      run(msg as Message)
        .then(({ output, badge: state, add }) => {
          badge.show(state);
          send([...Array.from({ length: output }, () => null), Object.assign(msg, add)]);
        })
        .then(
          () => done(),
          (thrown: unknown) => {
            badge.show('failed');
            done(asCodedError(thrown));
          },
        );
    });
  }
  RED.nodes.registerType(type, ActionNode);
}

/**
 * The contact that a message is about. A number that an earlier node of ours put on the wire is known by all its
 * names already and is not read again.
 */
export async function contactOf(
  occasion: Occasion<{ contact: string; contactType: string }>,
): Promise<ContactNames> {
  const { config, account, msg } = occasion;
  const value = await typedValue(occasion, config.contact, config.contactType);
  return contactOnWire(msg, value) ?? readContact(value, account.country);
}

function contactOnWire({ permission }: Message, value: unknown): ContactNames | null {
  const contact = (permission as { contact?: Partial<ContactNames> } | null | undefined)?.contact;
  if (!contact || typeof value !== 'string') return null;
  const { waId = null, userId = null, phone = null } = contact;
  const areTexts = [waId, userId, phone].every((name) => name === null || typeof name === 'string');
  const isNamed = areTexts && [waId && `+${waId}`, phone, userId].includes(value);
  return isNamed ? { waId, userId, phone: phone && phone.replace(/^\+/, '') } : null;
}
