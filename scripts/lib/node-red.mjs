import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { until } from './until.mjs';

/**
 * Starts Node-RED as a process of its own and waits until its editor answers.
 *
 * @param options.runtime which Node.js and which Node-RED, see runtimes.mjs
 * @param options.userDir its folder, with a settings.js in it
 * @param options.port where it listens
 * @param options.flowFile name of the flow file in that folder
 * @param options.env what to add to the environment
 * @throws where it stops before, with what it printed
 */
export async function startNodeRed(options) {
  const { runtime, userDir, port, flowFile = 'flows.json', env = {} } = options;
  const child = spawn(
    runtime.node,
    [path.join(runtime.nodeRed, 'red.js'), '--userDir', userDir, '--port', String(port), flowFile],
    { cwd: userDir, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      printed.push(text);
    });
  }
  const exit = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const nodeRed = {
    url,
    exit,
    /** Everything that it printed. */
    output: () => printed.join(''),
    /** From now on what it prints goes to our own output, too. */
    echo: () => [child.stdout, child.stderr].forEach((stream) => stream.pipe(process.stdout)),
    /** `SIGTERM` lets Node-RED save what it has to; `SIGKILL` is a crash. */
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exit;
    },
  };
  const isOver = exit.then(() => {
    throw new Error(`Node-RED did not start:\n${nodeRed.output()}`);
  });
  isOver.catch(() => undefined);
  await Promise.race([isOver, until('the editor answers', () => answers(url), 60_000)]).catch(
    async (problem) => {
      await nodeRed.stop('SIGKILL');
      throw problem;
    },
  );
  return nodeRed;
}

const answers = async (url) => (await fetch(`${url}/settings`)).ok;
