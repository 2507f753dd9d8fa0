import * as fc from 'fast-check';
import {
  ACCEPT_PERMANENT,
  ACCEPT_TEMPORARY,
  AUTOMATIC_REVOCATION,
  DECLINE,
  HEARD,
  PHONE_NUMBER_ID,
  T,
  accountUpdateBody,
  callStatus,
  callStatusBody,
  callsBody,
  connect,
  messageStatus,
  messageStatusBody,
  messagesBody,
  reply,
  settingsBody,
  terminate,
  textMessage,
  unanswered,
  type Body,
} from './fixtures';

const GRANTS: Body[] = [
  messagesBody(reply(ACCEPT_PERMANENT)),
  messagesBody(reply(ACCEPT_TEMPORARY)),
];

/** Bodies of every kind that WhatsApp sends, all of them right. */
export const BODIES: Body[] = [
  ...GRANTS,
  messagesBody(reply(DECLINE)),
  messagesBody(reply(AUTOMATIC_REVOCATION, { context: undefined })),
  messagesBody(textMessage()),
  messageStatusBody(messageStatus('delivered'), messageStatus('failed')),
  callsBody(connect()),
  callsBody(terminate()),
  callsBody(unanswered({ status: 'FAILED', errors: [{ code: 138021, message: 'no media' }] })),
  callsBody(connect({ direction: 'USER_INITIATED', from: '34600111222' })),
  callStatusBody(callStatus('RINGING'), callStatus('ACCEPTED'), callStatus('REJECTED')),
  accountUpdateBody({
    event: 'ACCOUNT_RESTRICTION',
    restriction_info: [
      { restriction_type: 'RESTRICTED_BUSINESS_INITIATED_CALLING', expiration: String(T + 9) },
    ],
  }),
  accountUpdateBody({ event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'DISABLE' } }),
  settingsBody({ status: 'DISABLED', sip: { status: 'ENABLED', sip_user_password: 'secret' } }),
];

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Parent = Json[] | { [name: string]: Json };

/** A place in a body: what holds it and under which name. */
interface Place {
  parent: Parent;
  name: string;
}

/** One thing done to a body, at the place that `at` picks. */
interface Mutation {
  at: number;
  how: (place: Place, body: Json) => void;
}

const isParent = (value: Json): value is Parent => typeof value === 'object' && value !== null;

function placesIn(value: Json): Place[] {
  const places: Place[] = [];
  const ahead = [value];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (!isParent(next)) continue;
    for (const name of Object.keys(next)) {
      const place = { parent: next, name };
      places.push(place);
      ahead.push(valueAt(place));
    }
  }
  return places;
}

/** Own values only: `__proto__` is a name like any other in JSON. */
const valueAt = ({ parent, name }: Place): Json =>
  (Object.getOwnPropertyDescriptor(parent, name)?.value as Json | undefined) ?? null;

const put = ({ parent, name }: Place, value: Json): void =>
  void Object.defineProperty(parent, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });

const remove = ({ parent, name }: Place): void => {
  if (Array.isArray(parent)) parent.splice(Number(name), 1);
  else Reflect.deleteProperty(parent, name);
};

const rename = (place: Place, name: string): void => {
  const value = valueAt(place);
  remove(place);
  put({ parent: place.parent, name: Array.isArray(place.parent) ? place.name : name }, value);
};

const nested = (depth: number): Json =>
  Array.from({ length: depth }).reduce<Json>(
    (inner, _, level) => (level % 2 ? [inner] : { value: inner }),
    1,
  );

/** Values that have broken readers: of wrong types, at the ends of ranges, or words of ours in a wrong place. */
const ODD: Json[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  0.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  HEARD / 1000 + 1_000_000,
  HEARD,
  '',
  ' ',
  '0',
  '-5',
  '1e9',
  '0x10',
  'NaN',
  'Infinity',
  '９９９９９９９',
  '9'.repeat(16),
  '9'.repeat(600),
  'x'.repeat(100_000),
  '\u0000',
  '\ud800',
  '__proto__',
  'constructor',
  'toString',
  'US.',
  'US.__proto__',
  '+',
  '()-. ',
  PHONE_NUMBER_ID,
  'accept',
  'reject',
  'connect',
  'COMPLETED',
  [],
  {},
  [[]],
  [null],
  [[[{}]]],
  nested(60),
  nested(70),
  nested(700),
];

const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'length',
  '0',
  '',
  'id',
  'from',
  'to',
  'errors',
  'calls',
  'value',
];

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  how: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(...ODD).map((odd) => (it: Place) => put(it, structuredClone(odd))),
    },
    fc
      .jsonValue({ maxDepth: 3 })
      .map((odd) => (it: Place) => put(it, structuredClone(odd) as Json)),
    fc.constant(remove),
    fc.constantFrom(...NAMES).map((name) => (it: Place) => rename(it, name)),
    fc.constantFrom(...NAMES).map((name) => (it: Place) => {
      const value = valueAt(it);
      if (isParent(value) && !Array.isArray(value))
        put({ parent: value, name }, structuredClone(value));
    }),
    fc.constant((it: Place) => put(it, [valueAt(it)])),
    fc.constant((it: Place) => put(it, { value: valueAt(it) })),
    fc.constant((it: Place) => put(it, JSON.stringify(valueAt(it)))),
    fc.integer({ min: 2, max: 50 }).map((times) => (it: Place) => {
      const value = valueAt(it);
      put(
        it,
        Array.from({ length: times }).flatMap(() => structuredClone(value)),
      );
    }),
    fc.nat().map((from) => (it: Place, body: Json) => {
      const places = placesIn(body);
      put(it, structuredClone(valueAt(places[from % places.length]!)));
    }),
  ),
});

/** The same body as it comes out of JSON, with some mutations in it. */
function mutated(body: Body, mutations: readonly Mutation[]): unknown {
  const holder = JSON.parse(JSON.stringify({ body })) as { [name: string]: Json };
  for (const { at, how } of mutations) {
    const places = placesIn(holder);
    // Several mutations together may make a body that grows without end.
    if (places.length > 0 && places.length < 5_000) how(places[at % places.length]!, holder);
  }
  return (JSON.parse(JSON.stringify(holder)) as { body?: unknown }).body;
}

/** Bodies of WhatsApp that were tampered with in a few places, as JSON gives them. */
export const mutatedBody: fc.Arbitrary<unknown> = fc
  .tuple(fc.constantFrom(...BODIES), fc.array(mutation, { minLength: 1, maxLength: 6 }))
  .map(([body, mutations]) => mutated(body, mutations));

/** Whether anything in a body could be a user's word that calls are allowed. */
export function holdsGrant(body: unknown): boolean {
  return /"response":"\s*accept\s*"/i.test(JSON.stringify(body) ?? '');
}
