import type { Node, NodeAPI } from 'node-red';
import type { Context } from '../../src/records';
import { SettingsError } from '../common/coded-error';

/** A node as it stands in the flow file. */
interface Placed {
  id: string;
  type: string;
  z?: string;
  account?: string;
}

/**
 * The context that keeps an account's records. With `flow` it is that of the one tab on which the account's nodes
 * sit, whether the tab is enabled or not: webhooks are stored all the same.
 *
 * @throws {SettingsError} `records-on-several-tabs`
 */
export function placeOfRecords(RED: NodeAPI, account: Node, records: 'flow' | 'global'): Context {
  const context = account.context();
  if (records === 'global') return context.global;
  const tabs = tabsUsing(RED, (account as Node & { _alias?: string })._alias ?? account.id);
  if (tabs.length > 1) {
    throw new SettingsError(
      'records-on-several-tabs',
      "The account's nodes sit on more than one tab. Keep its records in the global context instead.",
    );
  }
  const [tab] = tabs;
  return (tab === undefined ? context.global : flowContext(account, tab)) as Context;
}

/** Every context that may hold records of the account: the global one and those of all tabs and subflows. */
export function contextsIn(RED: NodeAPI, account: Node): Context[] {
  const tabs: string[] = [];
  RED.nodes.eachNode((node) => {
    if (node.type === 'tab' || node.type.startsWith('subflow:')) tabs.push(node.id);
  });
  const flows = tabs.map((tab) => flowContext(account, tab) as Context);
  return [account.context().global, ...flows];
}

/** Where the nodes that use the account run. A subflow counts once for each of its instances. */
function tabsUsing(RED: NodeAPI, accountId: string): string[] {
  const nodes: Placed[] = [];
  RED.nodes.eachNode((node) => nodes.push(node));
  const templates = new Set(nodes.filter(({ type }) => type === 'subflow').map(({ id }) => id));
  const places = nodes.filter(({ account }) => account === accountId).map(({ z }) => z);
  const tabs = [...new Set(places)].flatMap((place) => {
    if (place === undefined) return [];
    if (!templates.has(place)) return [place];
    return nodes.filter(({ type }) => type === `subflow:${place}`).map(({ id }) => id);
  });
  return tabs;
}

/** A config node has no flow context of its own; Node-RED hands out any tab's to a node that sits there. */
function flowContext(account: Node, tab: string): unknown {
  const visitor = { id: account.id, z: tab };
  return account.context.call(visitor as unknown as Node).flow;
}
