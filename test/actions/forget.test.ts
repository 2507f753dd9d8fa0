import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  checkPermission,
  handleWebhook,
  placeCall,
  remind,
  requestPermission,
  revoke,
} from '../../src/actions';
import type { Json } from '../../src/rules';
import { builtInOffer } from '../../src/media/built-in-offer';
import {
  ACCEPT_PERMANENT,
  ACCEPT_TEMPORARY,
  AUTOMATIC_REVOCATION,
  bodyOf,
  callStatus,
  connect,
  DECLINE,
  messageStatus,
  reply,
  T,
  terminate,
  textMessage,
  unanswered,
  valueOf,
  type Body,
} from '../webhooks/fixtures';
import { Office, standing } from './support/office';

const HOUR = 3_600_000;

/** Bia, by all the names she has: WhatsApp writes her number without the 9 that one dials. */
const WA_ID = '551187654321';
const DIALLED = '5511987654321';
const USER_ID = 'BR.13491208655302';
const ALL_NAMES = { waId: WA_ID, userId: USER_ID, phone: DIALLED };
const NAMES = [
  ALL_NAMES,
  { waId: WA_ID, userId: null, phone: null },
  { waId: null, userId: USER_ID, phone: null },
  { waId: null, userId: null, phone: DIALLED },
];
const CARLOS = '573001234567';
const MEMO: Json = { note: 'a secret plan', order: 'marmalade' };

/** Any of her names in any spelling, ids of what was sent and called, our own keys, what was kept or written. */
const TRACES =
  /87654321|13491208655302|BR[._]|wamid|wacid|HBgM|key-\d|flow42|secret plan|marmalade|Bia|hola/;

const HER_NAMES = { profile: { name: 'Bia' }, wa_id: WA_ID, user_id: USER_ID };
const about = (field: 'calls' | 'messages', parts: Body, isNamed: boolean): Body =>
  bodyOf(field, { ...valueOf(parts), contacts: isNamed ? [HER_NAMES] : [] });

const from = { from: WA_ID, from_user_id: USER_ID };
const to = { to: WA_ID, to_user_id: USER_ID, recipient_id: WA_ID, recipient_user_id: USER_ID };

type Step = (office: Office, at: { timestamp: string }, n: number) => Promise<unknown>;

/** A webhook, with her names beside it or without. */
const told =
  (field: 'calls' | 'messages', list: string, item: (n: number) => Body, isNamed = true): Step =>
  (office, at, n) =>
    handleWebhook(
      office.account,
      office.read(about(field, { [list]: [{ ...item(n), ...at }] }, isNamed)),
    );

const accepted = (list: 'messages' | 'calls', id: string) => ({
  body: { contacts: [HER_NAMES], [list]: [{ id }] },
});

/** What makes up her life with the business. Whatever fails is part of it. */
const STEPS: Record<string, Step> = {
  allows: told('messages', 'messages', (n) =>
    reply(ACCEPT_TEMPORARY, { ...from, id: `wamid.G${n}`, context: { id: 'wamid.HBgM1' } }),
  ),
  'allows for good': told('messages', 'messages', (n) =>
    reply(ACCEPT_PERMANENT, { ...from, id: `wamid.P${n}`, context: undefined }),
  ),
  declines: told('messages', 'messages', (n) => reply(DECLINE, { ...from, id: `wamid.D${n}` })),
  'is revoked': told('messages', 'messages', (n) =>
    reply(AUTOMATIC_REVOCATION, { ...from, id: `wamid.R${n}`, context: undefined }),
  ),
  writes: told('messages', 'messages', (n) => textMessage({ ...from, id: `wamid.W${n}` })),
  'writes without her number': told(
    'messages',
    'messages',
    (n) => textMessage({ from: undefined, from_user_id: USER_ID, id: `wamid.U${n}` }),
    false,
  ),
  'gets the request': told('messages', 'statuses', () =>
    messageStatus('delivered', { ...to, id: 'wamid.HBgM1' }),
  ),
  'is connected': told('calls', 'calls', () => connect({ ...to, id: 'wacid.1' })),
  'hears it ring': told('calls', 'statuses', () => callStatus('RINGING', { ...to, id: 'wacid.1' })),
  rejects: told('calls', 'statuses', () => callStatus('REJECTED', { ...to, id: 'wacid.1' })),
  'has talked': told('calls', 'calls', () => terminate({ ...to, id: 'wacid.1' })),
  'did not pick up': told('calls', 'calls', (n) => unanswered({ ...to, id: `wacid.N${n}` })),
  'calls herself': told('calls', 'calls', (n) =>
    connect({ ...from, to: undefined, id: `wacid.U${n}`, direction: 'USER_INITIATED' }),
  ),
  'is looked up': async (office) => {
    office.whatsapp.behave(standing('permanent'));
    await checkPermission(office.account, ALL_NAMES, 'always');
  },
  'is asked': async (office) => {
    office.whatsapp.behave(standing('no_permission'), accepted('messages', 'wamid.HBgM1'));
    const template = { name: 'may_we_call', language: 'pt', parameters: [] };
    const request = { kind: 'template', body: '', template, memo: MEMO } as const;
    await requestPermission(office.account, NAMES[3]!, request);
  },
  'is called': async (office) => {
    office.whatsapp.behave(standing('permanent'), accepted('calls', 'wacid.1'));
    await placeCall(office.account, ALL_NAMES, { sdp: builtInOffer(), memo: MEMO });
  },
  'is called, with an unknown outcome': async (office) => {
    office.whatsapp.behave(standing('permanent'), (response) => void response.socket?.destroy());
    await placeCall(office.account, NAMES[1]!, { sdp: builtInOffer(), memo: MEMO });
  },
  'is to be reminded of': async ({ account }) => {
    const { verdict } = await checkPermission(account, ALL_NAMES, 'never');
    await remind(account, ALL_NAMES, verdict, MEMO);
  },
  'opts out': ({ account }) => revoke(account, ALL_NAMES, 'opt-out'),
  'may be called again': ({ account }) => revoke(account, ALL_NAMES, 'restore'),
};

const content = ({ store }: Office): string => JSON.stringify([...store.values]);

describe('after forgetting somebody, whatever was known', () => {
  let office: Office;
  before(async () => {
    office = new Office();
    await office.open();
  });
  after(() => office.close());

  /** Lives through some steps, with a pause before each. */
  async function live(steps: readonly (readonly [string, number])[]): Promise<void> {
    office.store.values.clear();
    office.now = (T + 10) * 1000;
    for (const [n, [name, pause]] of steps.entries()) {
      office.now += pause;
      const at = { timestamp: String(Math.floor(office.now / 1000)) };
      await STEPS[name]!(office, at, n).catch(() => undefined);
    }
  }

  const steps = fc.array(fc.tuple(fc.constantFrom(...Object.keys(STEPS)), fc.nat(30 * HOUR)), {
    minLength: 1,
    maxLength: 12,
  });

  it('no key and no value in the store tells who it was, by what she was called, asked or told', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.constantFrom(...NAMES), async (life, name) => {
        await live([['writes', 0], ...life]);
        assert.match(content(office), TRACES);
        await revoke(office.account, name, 'forget');
        assert.doesNotMatch(content(office), TRACES);
      }),
      { numRuns: Number(process.env['RUNS'] ?? 150) },
    );
  });

  it('nothing of anybody else is gone', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (life) => {
        await live([['writes', 0], ...life]);
        const carlos = { waId: CARLOS, userId: null, phone: null };
        await revoke(office.account, carlos, 'opt-out');
        await revoke(office.account, ALL_NAMES, 'forget');
        assert.match(content(office), new RegExp(CARLOS));
        const { verdict } = await checkPermission(office.account, carlos, 'never');
        assert.equal(verdict.reason, 'opted-out');
      }),
      { numRuns: 20 },
    );
  });
});
