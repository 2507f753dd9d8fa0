#!/usr/bin/env node
import type { CommandOptions } from './command-options';
import { USAGE, readCommandLine } from './command-options';
import { Simulator } from './simulator';

const BAD_USAGE = 2;

async function main(args: string[]): Promise<void> {
  const command = prepare(args);
  if (command === null) return;
  const { options, simulator } = command;
  const url = await simulator.listen(options.port, options.host);
  process.stdout.write(describe(url, options, simulator));
  const stop = (): void => void simulator.close().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** Null where there is nothing to start; then it has been said why. */
function prepare(args: string[]): { options: CommandOptions; simulator: Simulator } | null {
  try {
    const options = readCommandLine(args);
    if (options !== null) return { options, simulator: new Simulator(options.simulator) };
    process.stdout.write(USAGE);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${USAGE}`);
    process.exitCode = BAD_USAGE;
  }
  return null;
}

/** The secrets are made up, or came from the command line: they protect nothing but virtual users. */
function describe(url: string, options: CommandOptions, simulator: Simulator): string {
  const numbers = simulator.numbers.map(
    ({ id, displayNumber, businessAccountId, webhookUrl }) =>
      `  phone number id      ${id}  (+${displayNumber}, business account ${businessAccountId})\n` +
      `  webhooks go to       ${webhookUrl ?? 'nowhere (--webhook)'}\n`,
  );
  return (
    `The simulator listens. Enter in the account:\n` +
    `  graph url            ${url}\n${numbers.join('')}` +
    `  access token         ${options.accessToken}\n` +
    `  app secret           ${options.appSecret}\n` +
    `  verify token         ${options.verifyToken}\n` +
    `Virtual users: ${simulator.userCount}. Control it at ${url}/simulator\n`
  );
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
