import type { NodeAPI } from 'node-red';
import type { AccountSettings } from './settings';

interface Storage {
  module?: unknown;
  config?: { cache?: boolean; flushInterval?: number };
}

/**
 * What a crash of this Node-RED loses of an account's records, for its log; null where that is nothing, or for Redis to
 * say. Measured figures: docs/reliability.md.
 */
export function whatCanBeLost(
  { settings }: NodeAPI,
  { records, contextStore }: AccountSettings,
): string | null {
  if (records === 'disk' || records === 'redis') return null;
  const { contextStorage = { memory: { module: 'memory' } } } = settings as {
    contextStorage?: Record<string, Storage | string>;
  };
  const storage = storageOf(contextStorage, contextStore ?? 'default');
  const advice = 'Before you call real people, keep the records on disk.';
  if (storage.module === 'memory') {
    return `Every restart loses all records, opt-outs above all: they are in memory only. ${advice}`;
  }
  if (storage.module !== 'localfilesystem') {
    return `What a crash loses of the records, opt-outs above all, depends on the context store. ${advice}`;
  }
  if (storage.config?.cache === false) {
    return `A power failure can lose the last records, opt-outs above all. ${advice}`;
  }
  const { flushInterval: seconds = 30 } = storage.config ?? {};
  return `A crash loses the records of the last ${seconds} seconds, opt-outs above all. ${advice}`;
}

/** The default store may be the name of another; without one the first counts (Node-RED, settings file). */
function storageOf(storages: Record<string, Storage | string>, name: string): Storage {
  const storage = storages[name] ?? Object.values(storages)[0] ?? {};
  return typeof storage === 'string' ? storageOf(storages, storage) : storage;
}
