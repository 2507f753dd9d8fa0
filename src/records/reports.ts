import type { Keys } from './keys';

/** Tells what cannot be read in the store, once a key; it is taken for nothing known. */
export class Reports {
  private readonly reported = new Set<string>();

  constructor(
    private readonly keys: Keys,
    private readonly tell: (message: string) => void,
  ) {}

  /** The value if it is what we stored; otherwise null, reported unless there simply is nothing. */
  readable<V>(key: string, value: unknown, isOurs: (value: unknown) => value is V): V | null {
    if (isOurs(value)) return value;
    if (value !== undefined && value !== null) this.report(key, 'cannot be read');
    return null;
  }

  /** An alias leads to no record. */
  lost(key: string): void {
    this.report(key, 'is not where it should be');
  }

  /** Somebody is erased: that something under these keys could not be read is not kept in mind. */
  forget(keys: Iterable<string>): void {
    for (const key of keys) this.reported.delete(key);
  }

  private report(key: string, fault: string): void {
    if (this.reported.has(key)) return;
    this.reported.add(key);
    this.tell(`In the records, ${this.keys.describe(key)} ${fault}; it is taken for unknown.`);
  }
}
