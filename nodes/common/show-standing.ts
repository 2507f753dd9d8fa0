import type { Node, NodeAPI } from 'node-red';
import { afterEachDeploy } from '../account/after-each-deploy';
import { problemOf } from '../account/open-accounts';
import { watchStops } from '../account/stops';
import type { Badge } from './badge';

/**
 * Shows on a node's badge what keeps it from working, its own settings or its account, and what stops its account for a
 * while; returns what keeps it from working now. Looks again after each deploy: another account may have been mended,
 * though this node was left alone.
 *
 * @param own what is wrong with the settings of the node itself
 */
export function showStanding(
  RED: NodeAPI,
  node: Node,
  badge: Badge,
  { account, own }: { account: string; own: Error | null },
): Error | null {
  const show = (): Error | null => {
    const problem = own ?? problemOf(account);
    badge.showProblem(problem);
    return problem;
  };
  const stopLooking = afterEachDeploy(RED, () => void show());
  const stopWatching = watchStops(account, (reason) => badge.showStop(reason));
  node.on('close', () => {
    stopLooking();
    stopWatching();
    // Node-RED keeps a badge when the node is made anew.
    badge.showProblem(null);
  });
  return show();
}
