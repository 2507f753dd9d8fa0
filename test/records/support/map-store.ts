import type { KeyValueStore } from '../../../src/records/key-value-store';
import { RecordsError } from '../../../src/records/records-error';

/** A backend in memory that tells how often it was read and what was written, and fails when told to. */
export class MapStore implements KeyValueStore {
  readonly values = new Map<string, unknown>();
  readonly changes: [string, unknown][][] = [];
  reads = 0;
  failing: 'get' | 'set' | null = null;

  async get(keys: readonly string[]): Promise<unknown[]> {
    await this.work('get');
    this.reads++;
    return keys.map((key) => structuredClone(this.values.get(key)));
  }

  async set(entries: ReadonlyMap<string, unknown>): Promise<void> {
    await this.work('set');
    this.changes.push([...entries]);
    for (const [key, value] of entries) {
      if (value === undefined) this.values.delete(key);
      else this.values.set(key, structuredClone(value));
    }
  }

  /** What is stored, as plain JSON. */
  get content(): Record<string, unknown> {
    return Object.fromEntries(this.values);
  }

  private async work(kind: 'get' | 'set'): Promise<void> {
    await new Promise(setImmediate);
    if (this.failing === kind) throw new RecordsError('records-unavailable', 'The disk is gone');
  }
}
