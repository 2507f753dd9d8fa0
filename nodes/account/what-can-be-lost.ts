import type { NodeAPI } from 'node-red';
import { storageOf } from './context-stores';
import type { AccountSettings } from './settings';

/**
 * What a crash of this Node-RED loses of an account's records, for its log; null where that is nothing, or for Redis to
 * say. Measured figures: docs/reliability.md.
 */
export function whatCanBeLost(
  RED: NodeAPI,
  { records, contextStore }: AccountSettings,
): string | null {
  if (records === 'disk' || records === 'redis') return null;
  const storage = storageOf(RED, contextStore);
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
