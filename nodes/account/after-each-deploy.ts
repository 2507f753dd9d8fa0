import type { NodeAPI } from 'node-red';

type Task = () => void;

const tasks = new Set<Task>();
const runAll = (): void => tasks.forEach((task) => task());

/**
 * Runs `task` whenever flows have been deployed; returns what stops it. One listener serves all accounts: Node.js
 * warns of a leak from the eleventh on.
 */
export function afterEachDeploy({ events }: NodeAPI, task: Task): () => void {
  if (tasks.size === 0) events.on('flows:started', runAll);
  tasks.add(task);
  return () => {
    tasks.delete(task);
    if (tasks.size === 0) events.removeListener('flows:started', runAll);
  };
}
