import { runInNewContext } from 'node:vm';
import { type BuiltNode, catalogOf } from './built';

interface RunningProperty {
  value: unknown;
  type?: string;
  validate?: (this: object, value: unknown, opt?: object) => boolean | string;
}

/** A node's definition as the editor runs it. */
export interface RunningDefinition {
  defaults: Record<string, RunningProperty>;
  label(): string;
  paletteLabel(): string;
  outputLabels(index: number): string;
  /** Lets a node come into the editor, and returns it as it is then. */
  load(node: Record<string, unknown>): Record<string, unknown>;
}

/** Context stores that the pretended Node-RED has. */
export const STORES = ['memory', 'file'];

/** Id of an account that the pretended Node-RED has. */
export const ACCOUNT = 'a1b2c3d4e5f60718';

/** What a typed input holds is Node-RED's to check. */
const acceptAnything = (_value: unknown, _opt?: object): boolean => true;

const noField = () => ({ val: () => undefined });

/** Runs a node's script in a pretended editor with no dialog open. */
export function run({ script, definition }: BuiltNode, accounts: object[] = []): RunningDefinition {
  const registered: RunningDefinition[] = [];
  const listeners: ((node: object) => void)[] = [];
  const RED = {
    nodes: {
      registerType: (_type: string, running: RunningDefinition) => registered.push(running),
      getType: () => ({ category: definition.literals['category'] }),
      node: (id: string) => (id === ACCOUNT ? { id } : null),
      eachConfig: (visit: (config: object) => boolean) => accounts.forEach(visit),
    },
    events: { on: (_event: string, listener: (node: object) => void) => listeners.push(listener) },
    validators: { typedInput: () => acceptAnything },
    settings: { httpNodeRoot: '/', context: { default: 'memory', stores: STORES } },
  };
  runInNewContext(script, { RED, $: noField, navigator: { language: 'en-US' } });
  const [running] = registered;
  if (!running) throw new Error(`${definition.type} was not registered`);
  running.load = (node) => {
    for (const listener of listeners) listener(node);
    return node;
  };
  return running;
}

/** A node on the canvas with the definition's defaults, and what is given. Its texts are the catalog's. */
export function instance(node: BuiltNode, settings: object = {}): Record<string, unknown> {
  const defaults = Object.entries(run(node).defaults).map(([key, { value }]) => [key, value]);
  return {
    ...Object.fromEntries(defaults),
    type: node.definition.type,
    _: (key: string) => text(node, key),
    ...settings,
  };
}

function text(node: BuiltNode, key: string): string {
  const [group = '', name = ''] = key.split('.');
  const found = catalogOf(node)[group]?.[name];
  if (found === undefined) throw new Error(`${node.name} has no text ${key}`);
  return found;
}
