import type { NodeAPI } from 'node-red';

/** How Node-RED's settings configure a context store. */
export interface Storage {
  module?: unknown;
  config?: { cache?: boolean; flushInterval?: number };
}

/** The context stores of this Node-RED. */
export const storesOf = (RED: NodeAPI): string[] => Object.keys(storagesOf(RED));

/** How a context store is configured, undefined for the default one. */
export const storageOf = (RED: NodeAPI, store: string | undefined): Storage =>
  named(storagesOf(RED), store ?? 'default');

type Storages = Record<string, Storage | string>;

/** Without any in its settings Node-RED has one in memory. */
const storagesOf = ({ settings }: NodeAPI): Storages =>
  (settings as { contextStorage?: Storages }).contextStorage ?? { memory: { module: 'memory' } };

/** The default store may be the name of another; without one the first counts (Node-RED, settings file). */
function named(storages: Storages, name: string): Storage {
  const storage = storages[name] ?? Object.values(storages)[0] ?? {};
  return typeof storage === 'string' ? named(storages, storage) : storage;
}
