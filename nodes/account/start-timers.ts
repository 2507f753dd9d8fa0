import type { Node, NodeAPI } from 'node-red';
import type { Cancel } from '../../src/clock';
import { MINUTE } from '../../src/rules';
import { Retelling, Timers, type Account, type CallingEvent } from '../../src/actions';
import { afterEachDeploy } from './after-each-deploy';
import type { OpenRecords } from './open-records';

/** What tells flows by itself. */
export interface RunningTimers {
  /** Something may have been stored though that was denied: it is told later, if it was. */
  doubt: () => void;
  stop: () => Promise<void>;
}

/**
 * Tells what becomes due for the contacts of an account, from when the flows run, and what was perhaps not told before
 * a crash. At each deploy the agenda and the outbox are read anew: the records may have moved with their tab.
 */
export function startTimers(
  RED: NodeAPI,
  node: Node,
  opening: Promise<Account>,
  { whenScheduled, isShared }: Pick<OpenRecords, 'whenScheduled' | 'isShared'>,
  tell: (events: CallingEvent[]) => void,
): RunningTimers {
  const starting = opening.then((account) => {
    const report = (problem: string): void => {
      node.warn(`What is due for contacts cannot be told yet, and is tried again: ${problem}`);
      doubt();
    };
    const timers = new Timers({ account, tell, report });
    const retelling = new Retelling({ account, tell, report });
    const stopPolling = isShared ? poll(account, timers, retelling) : () => undefined;
    const stopHearing = whenScheduled((at) => timers.scheduled(at));
    const stop = (): void => {
      stopPolling();
      stopHearing();
    };
    return { timers, retelling, stop };
  });
  const doubt = (): void =>
    void starting.then(
      ({ retelling }) => retelling.lookLater(),
      () => undefined,
    );
  starting.catch(() => undefined);
  const stopLooking = afterEachDeploy(RED, () => {
    starting.then(
      ({ timers, retelling }) => {
        timers.look();
        return retelling.look();
      },
      () => undefined,
    );
  });
  const stop = async (): Promise<void> => {
    stopLooking();
    await starting.then(
      async ({ timers, retelling, stop }) => {
        stop();
        await Promise.all([timers.close(), retelling.close()]);
      },
      () => undefined,
    );
  };
  return { doubt, stop };
}

/** Another process may have scheduled somebody sooner, unheard, or have ended before it told what it had stored. */
function poll({ clock }: Account, timers: Timers, retelling: Retelling): () => void {
  let cancel: Cancel;
  const wait = (): void => {
    cancel = clock.schedule(clock.now() + MINUTE, () => {
      timers.lookAgain();
      wait();
      return retelling.look();
    });
  };
  wait();
  return () => cancel();
}
