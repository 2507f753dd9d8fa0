import { isDeepStrictEqual } from 'node:util';
import type { Node, NodeAPI } from 'node-red';
import { recount, type Account } from '../../src/actions';
import type { Cancel } from '../../src/clock';
import { emptyAccountState, stopOf, type AccountState } from '../../src/rules';
import { afterEachDeploy } from './after-each-deploy';
import type { OpenRecords } from './open-records';
import { sayStop } from './stops';

/**
 * Says what stops an account as a whole, from when the flows run: at each change of its state, and when the time of
 * what stops it is over. Returns what ends that.
 */
export function noticeStops(
  RED: NodeAPI,
  { id }: Node,
  opening: Promise<Account>,
  whenAccountIsKnown: OpenRecords['whenAccountIsKnown'],
): () => void {
  let end = (): void => undefined;
  let isEnded = false;
  const noticing = opening.then((account) => {
    if (isEnded) return;
    const notice = new Notice(id, account);
    const stopHearing = whenAccountIsKnown((state) => notice.learn(state));
    end = () => {
      stopHearing();
      notice.close();
    };
  });
  noticing.catch(() => undefined);
  const stopLooking = afterEachDeploy(RED, () => {
    // Who needs the account or its records hears of it where they cannot be had.
    Promise.all([opening, noticing])
      .then(([account]) => recount(account))
      .catch(() => undefined);
  });
  return () => {
    isEnded = true;
    stopLooking();
    end();
  };
}

class Notice {
  #state: AccountState = emptyAccountState();
  #cancel: Cancel = () => undefined;

  constructor(
    private readonly id: string,
    private readonly account: Account,
  ) {}

  learn(state: AccountState): void {
    if (isDeepStrictEqual(state, this.#state)) return;
    this.#state = state;
    this.#say();
  }

  close(): void {
    this.#cancel();
    sayStop(this.id, null);
  }

  #say(): void {
    const { policy, clock } = this.account;
    this.#cancel();
    const stop = stopOf(this.#state, policy, clock.now());
    sayStop(this.id, stop?.reason ?? null);
    if (stop && Number.isFinite(stop.until)) {
      this.#cancel = clock.schedule(stop.until, () => this.#say());
    }
  }
}
