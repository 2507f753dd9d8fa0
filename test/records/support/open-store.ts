import { DiskStore } from '../../../src/records/disk-store';
import type { KeyValueStore } from '../../../src/records/key-value-store';

/** A store that several processes can open, by a text that fits on a command line. */
export function openStore(place: string): KeyValueStore & { close(): Promise<void> } {
  const report = (message: string): void => {
    throw new Error(message);
  };
  return new DiskStore({ folder: place, report });
}
