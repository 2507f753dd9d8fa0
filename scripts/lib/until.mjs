import { setTimeout as wait } from 'node:timers/promises';

/**
 * Asks again and again until `ask` gives something truthy, and returns that. What it throws counts as "not yet".
 *
 * @param what the condition in words, for the error
 * @param deadline milliseconds until it gives up
 * @throws where the deadline passes
 */
export async function until(what, ask, deadline = 30_000) {
  const end = Date.now() + deadline;
  let problem;
  do {
    try {
      const answer = await ask();
      if (answer) return answer;
      problem = undefined;
    } catch (thrown) {
      problem = thrown;
    }
    await wait(50);
  } while (Date.now() < end);
  throw new Error(`Waited ${deadline / 1000} s in vain: ${what}.`, { cause: problem });
}
