import type { EditorNodeDef, EditorNodeInstance, EditorRED } from 'node-red';

/** What a validator returns: true, or why not. */
export type Validity = boolean | string;

/**
 * A validator of one property. Node-RED calls it with two arguments and reads a string as the reason only if it
 * was declared with two (`validators.js`, since Node-RED 3).
 */
export type Validator<V> = (this: EditorNodeInstance, value: V, opt?: object) => Validity;

/** A text of the node's catalog. */
export type Translate = (key: string, values?: Record<string, string | number>) => string;

interface Property<V> {
  value: V;
  /** The type of config node that the property holds the id of. */
  type?: string;
  required?: boolean;
  validate?: Validator<V>;
}

/** Exactly the settings of a node's config interface: one missing or one too many does not compile. */
type Defaults<Config> = { [Key in keyof Config]-?: Property<Config[Key]> };

interface Definition<Config extends { name: string }, Credentials> extends Omit<
  EditorNodeDef<Config, Credentials>,
  'defaults'
> {
  defaults: Defaults<Config>;
}

interface EditorNodes extends Omit<EditorRED['nodes'], 'registerType'> {
  registerType<Config extends { name: string }, Credentials = undefined>(
    type: string,
    definition: Definition<Config, Credentials>,
  ): void;
  node<Config>(id: string): Partial<Config> | null;
}

interface EditorTabs {
  create(options: { id: string; onchange: (tab: { id: string }) => void }): {
    addTab(tab: { id: string; label: string }): void;
  };
}

/** The editor's `RED`, with what the published types lack of Node-RED 4.1. */
interface Editor extends Omit<EditorRED, 'events' | 'nodes' | 'settings' | 'tabs' | 'validators'> {
  nodes: EditorNodes;
  validators: { typedInput(typeField: string): Validator<string> };
  tabs: EditorTabs;
  events: { on(event: 'nodes:add', listener: (node: EditorNodeInstance) => void): void };
  settings: {
    httpNodeRoot: string | false;
    context: { default: string; stores: string[] };
  };
}

declare global {
  const RED: Editor;
}
