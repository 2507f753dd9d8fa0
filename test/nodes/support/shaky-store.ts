import { NODE_RED, type OpenOptions } from './stage';

type Callback = (error: unknown, ...values: unknown[]) => void;

/** A context store of somebody else's: it answers later, never at once, and fails when it is told to. */
export class ShakyStore {
  isBroken = false;
  /** What it fails with. */
  problem = (): Error => new Error('disk full');
  /** What is kept, by scope and key. */
  readonly kept = new Map<string, unknown>();

  #hold: { about: string; tell: (goOn: () => void) => void } | null = null;

  /** Holds back the next question with `about` in a key; resolves when it is asked, with what lets it go on. */
  holdNext(about: string): Promise<() => void> {
    return new Promise((tell) => (this.#hold = { about, tell }));
  }

  #denied: string | null = null;

  /** Says that the next change with `about` in a key failed, although it was carried out. */
  denyNext(about: string): void {
    this.#denied = about;
  }

  async open(): Promise<void> {}
  async close(): Promise<void> {}
  async delete(): Promise<void> {}
  async clean(): Promise<void> {}

  get(scope: string, keys: string | string[], callback: Callback): void {
    this.#answer([keys].flat(), callback, () =>
      [keys].flat().map((key) => this.kept.get(`${scope} ${key}`)),
    );
  }

  set(scope: string, keys: string | string[], values: unknown, callback: Callback): void {
    this.#answer([keys].flat(), callback, () => {
      const all = Array.isArray(keys) ? (values as unknown[]) : [values];
      [keys].flat().forEach((key, index) => {
        if (all[index] === undefined) this.kept.delete(`${scope} ${key}`);
        else this.kept.set(`${scope} ${key}`, all[index]);
      });
      this.#throwIfDenied([keys].flat());
      return [];
    });
  }

  keys(_scope: string, callback: Callback): void {
    this.#answer([], callback, () => [[]]);
  }

  #throwIfDenied(keys: string[]): void {
    const about = this.#denied;
    if (about === null || !keys.some((key) => key.includes(about))) return;
    this.#denied = null;
    throw new Error('no answer');
  }

  #answer(keys: string[], callback: Callback, work: () => unknown[]): void {
    const answer = (): void => {
      if (this.isBroken) return callback(this.problem());
      try {
        callback(undefined, ...work());
      } catch (error) {
        callback(error);
      }
    };
    const hold = this.#hold;
    if (!hold || !keys.some((key) => key.includes(hold.about))) return void setImmediate(answer);
    this.#hold = null;
    hold.tell(() => void setImmediate(answer));
  }

  /** Makes it the default store of a stage, under the name "shaky". */
  get options(): OpenOptions {
    const settings = { contextStorage: { shaky: { module: () => this } } };
    // The helper leaves out what Node-RED does at its start: opening the stores.
    const path = require.resolve('@node-red/runtime/lib/nodes/context', { paths: [NODE_RED] });
    const context = require(path) as { load(): Promise<void> };
    return { settings, nodes: [() => context.load()] };
  }
}
