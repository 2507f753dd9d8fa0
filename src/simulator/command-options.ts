import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { SimulatorError } from './errors';
import { readFaults } from './faults/faults';
import { toPreset } from './limits';
import type { SimulatorOptions } from './simulator';
import type { UserOptions } from './user';
import { isOnCall, isOnRequest } from './user-script';

export const USAGE = `node-red-contrib-whatsapp-calling simulator [options]

A WhatsApp Cloud API on this machine, with virtual users and a clock that can be moved.

  --port <port>            where to listen (default 4000; 0: any free port)
  --host <host>            at which address (default 127.0.0.1); with any that is not loopback, the
                           control API under /simulator answers everybody who can reach it
  --number <id:display>    a business number (repeatable; default 100200300400500:573010000000)
  --webhook <url>          where webhooks go
  --access-token <token>   default: made up and printed
  --app-secret <secret>    default: made up and printed
  --verify-token <token>   default: made up and printed
  --user <waId[:script]>   a virtual user (repeatable); script: words with commas, out of
                           accept-temporary accept-permanent decline (requests) and
                           answer reject unreachable (calls), such as 573001234567:accept-temporary,answer
  --policy <limits>        meta (default) or meta-test-number
  --faults <faults>        what goes wrong: all, or names with commas, each perhaps with how often:
                           webhook-twice,server-error=0.2 (GET /simulator/faults lists them)
  --seed <number>          the same seed gives the same waits and faults
  --help                   this text
`;

export interface CommandOptions {
  port: number;
  /** undefined: the simulator's own default. */
  host: string | undefined;
  accessToken: string;
  appSecret: string;
  verifyToken: string;
  simulator: SimulatorOptions;
}

/**
 * Reads the command line (without node and the script).
 * @returns null where help is wanted
 * @throws SimulatorError `bad-input`; TypeError of parseArgs for an unknown option
 */
export function readCommandLine(args: string[]): CommandOptions | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  if (positionals.length !== 1 || positionals[0] !== 'simulator') {
    throw new SimulatorError('bad-input', 'The only command is "simulator".');
  }
  const secrets = {
    accessToken: values['access-token'] ?? madeUp(),
    appSecret: values['app-secret'] ?? madeUp(),
    verifyToken: values['verify-token'] ?? madeUp(),
  };
  const webhook = values.webhook === undefined ? {} : { webhook: values.webhook };
  const numbers = values.number.map((text) => {
    const [id = '', displayNumber = ''] = text.split(':');
    return { id, displayNumber, businessAccountId: '900800700600500', ...secrets, ...webhook };
  });
  const seed = values.seed === undefined ? {} : { seed: toNumber('seed', values.seed) };
  const limits = toPreset(values.policy);
  return {
    port: toNumber('port', values.port),
    host: values.host,
    ...secrets,
    simulator: {
      numbers,
      users: values.user.map(toUser),
      limits,
      faults: readFaults(values.faults),
      ...seed,
    },
  };
}

const parse = (args: string[]) =>
  parseArgs({
    args,
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '4000' },
      host: { type: 'string' },
      number: { type: 'string', multiple: true, default: ['100200300400500:573010000000'] },
      webhook: { type: 'string' },
      'access-token': { type: 'string' },
      'app-secret': { type: 'string' },
      'verify-token': { type: 'string' },
      user: { type: 'string', multiple: true, default: [] },
      policy: { type: 'string', default: 'meta' },
      faults: { type: 'string', default: '' },
      seed: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });

const madeUp = (): string => randomBytes(16).toString('hex');

function toNumber(option: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new SimulatorError('bad-input', `--${option} must be a whole number.`);
}

function toUser(text: string): UserOptions {
  const [waId = '', script = ''] = text.split(':');
  const options: UserOptions = { waId };
  for (const word of script.split(',').filter((one) => one !== '')) {
    if (isOnRequest(word)) options.onRequest = word;
    else if (isOnCall(word)) options.onCall = word;
    else throw new SimulatorError('bad-input', `--user: "${word}" is no script.`);
  }
  return options;
}
