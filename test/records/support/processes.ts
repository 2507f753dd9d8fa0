import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Another process that runs one of the scripts beside this file. */
export interface Worker {
  child: ChildProcess;
  /** Each line that it prints, as it comes. */
  lines: AsyncIterableIterator<string>;
}

export function startWorker(script: string, ...args: string[]): Worker {
  const child = spawn(process.execPath, [require.resolve(`./${script}`), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

/** Runs the script to its end; what it printed. Rejects where it failed. */
export async function runWorker(script: string, ...args: string[]): Promise<string[]> {
  const { child, lines } = startWorker(script, ...args);
  const ended = once(child, 'exit');
  const printed: string[] = [];
  for await (const line of lines) printed.push(line);
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${printed.join('\n')}`);
  return printed;
}
