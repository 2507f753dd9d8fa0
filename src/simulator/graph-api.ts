import type { Answer, ReadRequest } from './answer';
import { checkProof } from './app-secret-proof';
import { SimulatorError } from './errors';
import { postCalls } from './graph-calls';
import { GraphError, invalidParameter } from './graph-errors';
import { postMessages } from './graph-messages';
import { getTemplates } from './graph-templates';
import { callPermissions } from './call-permissions';
import { isObject, objectAt } from './json';
import type { JsonObject } from './json';
import type { VirtualNumber } from './number';
import type { Numbers } from './numbers';
import { pairAddressed } from './recipient';
import { underTrouble } from './trouble';

type Handler = (number: VirtualNumber, request: ReadRequest) => JsonObject;

/** What can be done below /{phone number id}/. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  'GET call_permissions': getCallPermissions,
  'POST messages': (number, request) => postMessages(number, toJsonObject(request.body)),
  'POST calls': (number, request) => postCalls(number, toJsonObject(request.body)),
  'GET settings': (number) => ({ calling: number.settings.toJson(number.clock.now()) }),
  'POST settings': postSettings,
  'GET ': getNumber,
};

/** What can be done below /{business account id}/. */
const ACCOUNT_HANDLERS: Readonly<Record<string, Handler>> = {
  'GET message_templates': (number, { query }) => getTemplates(number, query),
};

/** The part of Meta's Graph API that calling needs. */
export class GraphApi {
  constructor(private readonly numbers: Numbers) {}

  /** Never throws: what WhatsApp refuses is an answer too. */
  answer(request: ReadRequest): Answer {
    try {
      return this.#handle(request);
    } catch (error) {
      const refusal = error instanceof SimulatorError ? invalidParameter(error.message) : error;
      if (!(refusal instanceof GraphError)) throw error;
      return { status: refusal.status, body: refusal.toEnvelope('AxSimulator') };
    }
  }

  #handle(request: ReadRequest): Answer {
    const token = bearerToken(request);
    if (token === null || !this.numbers.knowToken(token)) throw new GraphError(190);
    const [id = '', edge = '', ...rest] = request.path
      .replace(/^\/v\d+\.\d+(?=\/|$)/, '')
      .split('/')
      .filter((part) => part !== '');
    const found = this.numbers.find(id);
    const ofAccount = found === null ? this.numbers.ofBusinessAccount(id, token) : null;
    const number = found ?? ofAccount;
    if (number === null || number.accessToken !== token) {
      const details = `Object with ID '${id}' does not exist or cannot be loaded.`;
      throw new GraphError(100, details, 33);
    }
    checkProof(number, request);
    const handlers = ofAccount === null ? HANDLERS : ACCOUNT_HANDLERS;
    const handler = handlers[`${request.method} ${edge}`];
    if (handler === undefined || rest.length > 0) throw new GraphError(2500);
    return underTrouble(number.trouble, () => {
      if (request.method === 'POST' && edge !== 'settings') number.suffer();
      return { status: 200, body: handler(number, request) };
    });
  }
}

function getCallPermissions(number: VirtualNumber, { query }: ReadRequest): JsonObject {
  if (!number.mayLookUp()) throw new GraphError(613);
  if (!number.settings.isCallingOn) throw new GraphError(138000);
  const pair = pairAddressed(number, query.get('user_wa_id'), query.get('recipient'));
  return callPermissions(number.settings, pair, number.clock.now());
}

function postSettings(number: VirtualNumber, { body }: ReadRequest): JsonObject {
  number.changeSettings(objectAt(toJsonObject(body), 'calling'));
  return { success: true };
}

/** Only what is asked for with `fields`; the id always. */
function getNumber(number: VirtualNumber, { query }: ReadRequest): JsonObject {
  const all: JsonObject = {
    display_phone_number: number.displayNumber,
    verified_name: 'Virtual business',
    status: 'CONNECTED',
    quality_rating: 'GREEN',
    platform_type: 'CLOUD_API',
    whatsapp_business_manager_messaging_limit: 'TIER_2K',
  };
  const wanted = query.get('fields')?.split(',') ?? ['display_phone_number', 'verified_name'];
  const known = Object.entries(all).filter(([field]) => wanted.includes(field));
  return { ...Object.fromEntries(known), id: number.id };
}

function bearerToken(request: ReadRequest): string | null {
  const match = /^Bearer\s+(\S+)$/i.exec(String(request.headers['authorization'] ?? ''));
  return match?.[1] ?? null;
}

/** @throws GraphError 100 for what is no JSON object */
function toJsonObject(body: Buffer): JsonObject {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (isObject(value)) return value;
  } catch {
    // Said below, in the same words.
  }
  throw invalidParameter('The body must be a JSON object.');
}
