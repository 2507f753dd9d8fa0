import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskStore } from '../../../src/records/disk-store';

/** A temporary folder with records on disk, and the stores that were opened on it. */
export class Disk {
  readonly reports: string[] = [];
  readonly #stores: DiskStore[] = [];

  private constructor(readonly folder: string) {}

  static async make(): Promise<Disk> {
    return new Disk(await mkdtemp(join(tmpdir(), 'whatsapp-calling-disk-')));
  }

  open(folder = this.folder): DiskStore {
    const report = (message: string): void => void this.reports.push(message);
    const store = new DiskStore({ folder, report });
    this.#stores.push(store);
    return store;
  }

  async end(): Promise<void> {
    for (const store of this.#stores) await store.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
