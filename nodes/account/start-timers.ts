import type { Node, NodeAPI } from 'node-red';
import type { Cancel } from '../../src/clock';
import { MINUTE } from '../../src/rules';
import { Timers, type Account, type CallingEvent } from '../../src/actions';
import { afterEachDeploy } from './after-each-deploy';
import type { OpenRecords } from './open-records';

/**
 * Tells what becomes due for the contacts of an account, from when the flows run. At each deploy the agenda is read
 * anew: the records may have moved with their tab. Returns what stops it.
 */
export function startTimers(
  RED: NodeAPI,
  node: Node,
  opening: Promise<Account>,
  { whenScheduled, isShared }: Pick<OpenRecords, 'whenScheduled' | 'isShared'>,
  tell: (events: CallingEvent[]) => void,
): () => Promise<void> {
  const starting = opening.then((account) => {
    const report = (problem: string): void =>
      node.warn(`What is due for contacts cannot be told yet, and is tried again: ${problem}`);
    const timers = new Timers({ account, tell, report });
    const stopPolling = isShared ? poll(account, timers) : () => undefined;
    const stopHearing = whenScheduled((at) => timers.scheduled(at));
    const stop = (): void => {
      stopPolling();
      stopHearing();
    };
    return { timers, stop };
  });
  starting.catch(() => undefined);
  const stopLooking = afterEachDeploy(RED, () => {
    starting.then(
      ({ timers }) => timers.look(),
      () => undefined,
    );
  });
  return async () => {
    stopLooking();
    await starting.then(
      ({ timers, stop }) => {
        stop();
        return timers.close();
      },
      () => undefined,
    );
  };
}

/** Another process may have scheduled somebody sooner, and this one may not have heard of it. */
function poll({ clock }: Account, timers: Timers): () => void {
  let cancel: Cancel;
  const wait = (): void => {
    cancel = clock.schedule(clock.now() + MINUTE, () => {
      timers.lookAgain();
      wait();
    });
  };
  wait();
  return () => cancel();
}
