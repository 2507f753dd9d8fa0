import type { Answer, ReadRequest } from './answer';
import { toNumberOptions, toPermissionKind, toPositive, toUserOptions } from './control-inputs';
import { describeAccess, describeNumber, describeSimulator, describeUser } from './control-views';
import { SimulatorError } from './errors';
import type { SimulatorErrorCode } from './errors';
import { GraphError } from './graph-errors';
import { postMessages } from './graph-messages';
import { toFaultsAndSeed } from './faults/faults';
import { isObject, objectAt, textAt } from './json';
import type { JsonObject } from './json';
import type { Simulator } from './simulator';
import { SECOND } from './times';
import { toTrouble } from './trouble';
import type { VirtualUser } from './user';

type Route = (simulator: Simulator, input: JsonObject, id: string) => unknown;
type Command = (
  user: VirtualUser,
  number: string | undefined,
  input: JsonObject,
) => void | JsonObject;

/** `:id` stands for one part of the path. */
const ROUTES: Readonly<Record<string, Route>> = {
  'GET /simulator': (simulator) => describeSimulator(simulator),
  'GET /simulator/log': (simulator) => simulator.log,
  'GET /simulator/clock': (simulator) => describeClock(simulator),
  'POST /simulator/clock': moveClock,
  'GET /simulator/faults': (simulator) => simulator.faults.describe(),
  'PUT /simulator/faults': playFaults,
  'POST /simulator/users': (simulator, input) =>
    describeUser(simulator, simulator.addUser(toUserOptions(input))),
  'GET /simulator/users/:id': (simulator, _, id) => describeUser(simulator, simulator.user(id)),
  'PATCH /simulator/users/:id/script': (simulator, input, id) => {
    simulator.user(id).setScript(input);
    return describeUser(simulator, simulator.user(id));
  },
  'POST /simulator/numbers': (simulator, input) =>
    describeNumber(simulator.addNumber(toNumberOptions(input))),
  'GET /simulator/numbers/:id': (simulator, _, id) => describeNumber(simulator.number(id)),
  'GET /simulator/numbers/:id/access': (simulator, _, id) =>
    describeAccess(simulator, simulator.number(id)),
  'PATCH /simulator/numbers/:id/settings': (simulator, input, id) => {
    simulator.number(id).changeSettings(objectAt(input, 'calling'));
    return describeNumber(simulator.number(id));
  },
  'PUT /simulator/numbers/:id/webhook': (simulator, input, id) => {
    simulator.number(id).sendWebhooksTo(textAt(input, 'url'));
    return describeNumber(simulator.number(id));
  },
  'POST /simulator/numbers/:id/verify-webhook': async (simulator, _, id) => ({
    verified: await simulator.number(id).verifyWebhook(),
  }),
  'POST /simulator/numbers/:id/restrict': (simulator, input, id) => {
    simulator.number(id).restrict(toPositive(input, 'days', 7));
    return describeNumber(simulator.number(id));
  },
  'POST /simulator/numbers/:id/release': (simulator, _, id) => {
    simulator.number(id).release();
    return describeNumber(simulator.number(id));
  },
  'POST /simulator/numbers/:id/warn': (simulator, _, id) => {
    simulator.number(id).warn();
    return describeNumber(simulator.number(id));
  },
  'POST /simulator/numbers/:id/break': (simulator, input, id) => {
    simulator.number(id).trouble = toTrouble(input['what']);
    return describeNumber(simulator.number(id));
  },
  'POST /simulator/numbers/:id/mend': (simulator, _, id) => {
    simulator.number(id).trouble = null;
    return describeNumber(simulator.number(id));
  },
  'POST /simulator/numbers/:id/messages': (simulator, input, id) =>
    postMessages(simulator.number(id), input),
};

/** POST /simulator/users/:id/<command>; `number` in the body says at which business number. */
const COMMANDS: Readonly<Record<string, Command>> = {
  accept: (user, number, input) => user.accept(number, toPermissionKind(input)),
  decline: (user, number) => user.decline(number),
  ignore: (user, number) => user.ignore(number),
  revoke: (user, number) => user.revoke(number),
  grant: (user, number) => user.grant(number),
  ring: (user, number) => ({ callId: user.ring(number) }),
  write: (user, number, input) => user.write(textAt(input, 'text') ?? 'Hello', number),
  answer: (user, number) => user.answer(number),
  reject: (user, number) => user.reject(number),
  'hang-up': (user, number) => user.hangUp(number),
};

const STATUS: Partial<Record<SimulatorErrorCode, number>> = {
  'unknown-number': 404,
  'unknown-user': 404,
  'already-there': 409,
  'no-request': 409,
  'no-call': 409,
  'call-in-progress': 409,
  'calling-off': 409,
  'no-webhook-url': 409,
};

/** JSON commands for people, scripts and buttons, next to the Graph API: see docs/simulator.md. */
export class ControlApi {
  constructor(private readonly simulator: Simulator) {}

  /** Never throws for a bad command: that is a 4xx with the error's code. */
  async answer(request: ReadRequest): Promise<Answer> {
    try {
      const result = await this.#handle(request);
      return result === undefined ? NOT_FOUND : { status: 200, body: result };
    } catch (error) {
      if (error instanceof GraphError) {
        return { status: error.status, body: error.toEnvelope('AxSimulator') };
      }
      if (!(error instanceof SimulatorError)) throw error;
      return failure(STATUS[error.code] ?? 400, error.code, error.message);
    }
  }

  async #handle({ method, path, body }: ReadRequest): Promise<unknown> {
    const [, users = '', id = '', verb = '', ...rest] = parts(path);
    if (rest.length > 0) return undefined;
    const pattern = [`${method} /simulator`, users, id === '' ? '' : ':id', verb];
    const route = ROUTES[pattern.filter((part) => part !== '').join('/')];
    if (route !== undefined) return route(this.simulator, toInput(body), id);
    if (method !== 'POST' || users !== 'users' || !Object.hasOwn(COMMANDS, verb)) return undefined;
    const input = toInput(body);
    const user = this.simulator.user(id);
    const result = COMMANDS[verb]?.(user, textAt(input, 'number') ?? undefined, input);
    return { ...result, ...describeUser(this.simulator, user) };
  }
}

const failure = (status: number, code: string, message: string): Answer => ({
  status,
  body: { error: { code, message } },
});
const NOT_FOUND = failure(404, 'not-found', 'There is no such command.');

/** @throws SimulatorError `bad-input` for an escape that cannot be read */
function parts(path: string): string[] {
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    throw new SimulatorError('bad-input', 'The path cannot be read.');
  }
}

/** @throws SimulatorError `bad-input` for what is neither empty nor a JSON object */
function toInput(body: Buffer): JsonObject {
  if (body.length === 0) return {};
  try {
    const input: unknown = JSON.parse(body.toString('utf8'));
    if (isObject(input)) return input;
  } catch {
    // Said below, in the same words.
  }
  throw new SimulatorError('bad-input', 'The body must be a JSON object.');
}

/** Plays the named faults and no others. `seed`: begins their chances anew. */
function playFaults({ faults }: Simulator, input: JsonObject): JsonObject {
  const { wanted, seed } = toFaultsAndSeed(input);
  faults.play(wanted, seed);
  return faults.describe();
}

const describeClock = (simulator: Simulator): JsonObject => {
  const now = simulator.clock.now();
  return { now, iso: new Date(now).toISOString(), followers: simulator.clock.followerCount };
};

/** `by`: seconds; `to`: ISO 8601 or epoch milliseconds. Answers when everything on the way has happened. */
async function moveClock(simulator: Simulator, input: JsonObject): Promise<JsonObject> {
  if ('to' in input) {
    const { to } = input;
    const time = typeof to === 'string' ? Date.parse(to) : to;
    if (typeof time !== 'number' || !Number.isFinite(time)) {
      throw new SimulatorError('bad-input', '"to" must be ISO 8601 or epoch milliseconds.');
    }
    await simulator.clock.moveTo(time);
  } else {
    await simulator.clock.advance(toPositive(input, 'by') * SECOND);
  }
  return describeClock(simulator);
}
