import { randomBytes } from 'node:crypto';
import type { Keys } from './keys';
import type { Reports } from './reports';
import { isStoredSecret, storedSecret } from './stored';
import type { Updates } from './updates';

/** Gives the key of an erased contact for one of its own. */
export type Eraser = (contactKey: string) => string;

/**
 * Where the remains of erased contacts lie: under keyed hashes of their names. The secret is the account's own,
 * made when the first contact is erased and kept beside the records; without it no hash leads to a name.
 */
export class Erasure {
  /** As it was read last; null while no contact was ever erased. */
  private secret: string | null = null;

  constructor(
    private readonly keys: Keys,
    private readonly updates: Updates,
    private readonly reports: Reports,
  ) {}

  /** Null while no contact was ever erased. */
  get eraser(): Eraser | null {
    const { secret } = this;
    return secret === null ? null : (key) => this.keys.erased(key, secret);
  }

  /** Where remains of the contacts with these keys may lie. */
  erased(contactKeys: Iterable<string>): string[] {
    const { eraser } = this;
    return eraser ? [...contactKeys].filter((key) => !this.keys.isErased(key)).map(eraser) : [];
  }

  /** Takes in what lies under the secret's key: another process may have made the secret. */
  learn(value: unknown): void {
    const stored = this.reports.readable(this.keys.secret, value, isStoredSecret);
    if (stored) this.secret = stored.secret;
  }

  /** For erasing a contact: makes the secret where there is none yet. */
  async begin(): Promise<Eraser> {
    const secret = await this.settle(randomBytes(32).toString('hex'));
    return (key) => this.keys.erased(key, secret);
  }

  /** The secret there is; else the one that is offered becomes it. */
  settle(offered: string): Promise<string> {
    const { updates, keys } = this;
    return updates.run<string>([keys.secret], async (_held, values) => {
      const [value] = await values.get([keys.secret]);
      this.learn(value);
      const known = this.secret ?? offered;
      if (!isStoredSecret(value)) await values.set(new Map([[keys.secret, storedSecret(known)]]));
      return (this.secret = known);
    });
  }
}
