import type { Node, NodeAPI } from 'node-red';
import { ContextStore, type KeyValueStore } from '../../src/records';
import { afterEachDeploy } from './after-each-deploy';
import { placeOfRecords } from './records-place';

/** A context store that holds more contacts than this becomes slow, and blocks Node-RED while it is written. */
const CROWD = 50_000;

/** After how many changes the contacts are counted again. */
const CHANGES_BETWEEN_COUNTS = 1000;

export interface PlaceOptions {
  scope: 'flow' | 'global';
  /** Undefined for the default store. */
  storeName: string | undefined;
  /** What all keys of contacts begin with. */
  prefix: string;
}

/** The context store of an account's records, found anew after each deploy: nodes may have moved to another tab. */
export class DeployedPlace implements KeyValueStore {
  #store: ContextStore | null = null;
  #problem: Error | null | undefined;
  #changes = 0;
  #isCrowded = false;
  readonly #stopForgetting: () => void;

  constructor(
    private readonly RED: NodeAPI,
    private readonly node: Node,
    private readonly options: PlaceOptions,
  ) {
    this.#stopForgetting = afterEachDeploy(RED, () => {
      this.#store = null;
      this.#problem = undefined;
    });
  }

  async get(keys: readonly string[]): Promise<unknown[]> {
    return this.#open().get(keys);
  }

  async set(entries: ReadonlyMap<string, unknown>): Promise<void> {
    await this.#open().set(entries);
    if (this.#changes++ % CHANGES_BETWEEN_COUNTS === 0) void this.#count();
  }

  /** Why there is no such place, found out once a deploy; null where there is one. */
  get problem(): Error | null {
    if (this.#problem !== undefined) return this.#problem;
    try {
      this.#open();
      this.#problem = null;
    } catch (problem) {
      this.#problem = problem as Error;
    }
    return this.#problem;
  }

  close(): void {
    this.#stopForgetting();
  }

  #open(): ContextStore {
    const { scope, storeName } = this.options;
    this.#store ??= new ContextStore(placeOfRecords(this.RED, this.node, scope), storeName);
    return this.#store;
  }

  /** Warns once where there are too many. */
  async #count(): Promise<void> {
    if (this.#isCrowded) return;
    const keys = await this.#open()
      .keys(this.options.prefix)
      .catch(() => []);
    const contacts = keys.filter((key) => !/:(call-|due)/.test(key)).length;
    if (contacts <= CROWD || this.#isCrowded) return;
    this.#isCrowded = true;
    this.node.warn(
      `The account keeps more than ${CROWD} contacts in Node-RED's context, which becomes slow. ` +
        'Keep its records on disk instead: what is there moves by itself.',
    );
  }
}
