import type { NodeAPI } from 'node-red';

type Task = () => void;

const tasks = new Set<Task>();
/** What waits for the deploy that is under way; null while none is. */
let waiting: Task[] | null = null;

const begin = (): void => void (waiting ??= []);

function end(): void {
  const due = waiting ?? [];
  waiting = null;
  for (const task of [...tasks, ...due]) task();
}

/**
 * Runs `task` whenever flows have been deployed; returns what stops it. One listener serves all accounts: Node.js
 * warns of a leak from the eleventh on. Called while nodes are made, which is to say, during a deploy.
 */
export function afterEachDeploy({ events }: NodeAPI, task: Task): () => void {
  if (tasks.size === 0) {
    events.on('flows:stopping', begin).on('flows:started', end);
    begin();
  }
  tasks.add(task);
  return () => {
    tasks.delete(task);
    if (tasks.size === 0) events.off('flows:stopping', begin).off('flows:started', end);
  };
}

/** Runs `task` at once, or when the deploy that is under way is over: until then nodes are away or not there yet. */
export function onceDeployed(task: Task): void {
  if (waiting) waiting.push(task);
  else task();
}
