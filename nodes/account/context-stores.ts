import type { NodeAPI } from 'node-red';

/** What Node-RED's settings say of its context stores: a configuration, or the name of another store. */
type ContextStorage = Record<string, string | { module?: unknown }>;

/** The context stores of this Node-RED. Without any in its settings there is one in memory. */
export function storesOf(RED: NodeAPI): string[] {
  const storage = storageOf(RED);
  return storage ? Object.keys(storage) : ['memory'];
}

/** Whether a context store, undefined for the default one, is known to end with the process. */
export function endsWithProcess(RED: NodeAPI, store: string | undefined): boolean {
  const storage = storageOf(RED);
  if (!storage) return true;
  // Node-RED takes the first for the default where none is called that.
  const name = store ?? ('default' in storage ? 'default' : Object.keys(storage)[0]);
  const configured = name === undefined ? undefined : storage[name];
  const meant = typeof configured === 'string' ? storage[configured] : configured;
  return typeof meant === 'object' && meant.module === 'memory';
}

const storageOf = ({ settings }: NodeAPI): ContextStorage | undefined =>
  (settings as { contextStorage?: ContextStorage }).contextStorage;
