import assert from 'node:assert/strict';
import type { NodeAPI } from 'node-red';
import { GRAPH_ERRORS } from '../../src/cloud-api';
import { standing } from '../actions/support/office';
import { FakeWhatsApp, graphError, type Behaviour } from '../cloud-api/fake-whatsapp';
import { callStatus, connected, replied, terminated, wrote } from './support/bodies';
import { Cloud, OFFER } from './support/cloud';
import { Listening } from './support/listening';
import { ShakyStore } from './support/shaky-store';
import { check, USER, type Message } from './support/stage';

const TOKEN = 'EAAGinventedTokenABCDEFGH';
const SECRET = 'f00dfacecafebabe0badc0de';
const OLD_SECRET = 'deadbeef8badf00dfeedface';
const VERIFY = 'a word of ours alone';
const USER_ID = 'CO.77001122339988';
const MEMO = 'her order is a surprise';
const TEXT = 'please tell nobody';
const SECRETS = [TOKEN, SECRET, OLD_SECRET, VERIFY, MEMO, TEXT, 'sip password'];
const NUMBERS = [USER, USER_ID];

/** How people and machines write the number. */
const SPELLINGS = [
  USER,
  `+${USER}`,
  '+57 300 111 0001',
  '57-300-111-0001',
  '(57) 300.111.0001',
  '3001110001',
  USER_ID,
];
const ANA: object = { payload: `+${USER}`, session: OFFER, memo: { note: MEMO } };
const ACTIONS = ['check', 'request', 'place', 'to-opt-out', 'to-restore', 'to-forget'];

/** What went wrong in a store of somebody else's, with all that was in its hands. */
class TalkativeStore extends ShakyStore {
  override set(scope: string, keys: string | string[], values: unknown, callback: never): void {
    this.problem = () => quoting(keys, values);
    super.set(scope, keys, values, callback);
  }

  override get(scope: string, keys: string | string[], callback: never): void {
    this.problem = () => quoting(keys, Object.fromEntries(this.kept));
    super.get(scope, keys, callback);
  }
}

const quoting = (...what: unknown[]): Error =>
  Object.assign(new Error(`ERR cannot do ${JSON.stringify(what)}`), { code: 'ERR', args: what });

describe('what anybody can read of a whole story, with every kind of fault', function () {
  this.timeout(60_000);
  let cloud: Cloud;
  let whatsapp: FakeWhatsApp;
  let listening: Listening;
  let store: TalkativeStore;
  let RED: NodeAPI;

  beforeEach(async () => {
    cloud = new Cloud();
    whatsapp = new FakeWhatsApp();
    listening = new Listening();
    store = new TalkativeStore();
    await whatsapp.start();
    const { settings = {}, nodes = [] } = store.options;
    await cloud.open({
      account: { graphUrl: whatsapp.url, country: 'CO', appSecretProof: true },
      credentials: {
        accessToken: TOKEN,
        appSecret: `${SECRET},${OLD_SECRET}`,
        verifyToken: VERIFY,
      },
      settings,
      nodes: [(api) => void (RED = api), listening.begin, ...nodes],
      patience: { timeout: 300 },
    });
    hearCaught();
  });
  afterEach(async () => {
    listening.end();
    await cloud.close();
    await whatsapp.stop();
  });

  const discreetly = (title: string, story: () => Promise<void>): void =>
    void it(title, async () => {
      await story();
      listening.assertDiscreet(SECRETS, NUMBERS);
    });

  /** Errors as a Catch node gets them: what a flow's designer puts into a log. */
  const hearCaught = (): void =>
    void cloud.stage
      .node('caught')
      .on('input', (msg: Message) => listening.hear('caught', msg['error']));

  const each = async (ids: readonly string[], message: object): Promise<void> => {
    for (const id of ids)
      await cloud.stage.send(id, { call: { id: 'wacid.HBgMNTczMDAxMTEwMDAx' }, ...message });
  };

  const heardOf = (pattern: RegExp): void =>
    assert.ok(
      listening.lines.some((line) => pattern.test(line)),
      `nothing heard of ${pattern}`,
    );

  discreetly(
    'tells no secret and no number where WhatsApp refuses, whatever it says of why',
    async () => {
      for (const { number } of GRAPH_ERRORS) {
        for (const spelling of SPELLINGS.slice(0, 3)) {
          const why = `(#${number}) ${spelling} with ${TOKEN}, wamid.HBgMNTczMDAxMTEwMDAx for ${SPELLINGS.join()}`;
          const body = graphError(number, { message: why, error_data: { details: why } });
          whatsapp.behave(standing('permanent'), { status: 400, body });
          await each(['place', 'end', 'request'], ANA);
          whatsapp.behave({ status: 401, body });
          await each(['check', 'request', 'place', 'end'], ANA);
        }
      }
      heardOf(/caught: .*token-invalid/s);
    },
  );

  discreetly('tells none where the network or WhatsApp fails', async () => {
    const dead = new FakeWhatsApp();
    await dead.start();
    const { url } = dead;
    await dead.stop();
    const faults: Behaviour[] = [
      () => undefined,
      (response) => void response.socket?.destroy(),
      { status: 500, body: `${USER} ${TOKEN}` },
      { body: `<html>${USER} ${TOKEN}</html>` },
      { body: { error: `${USER} ${TOKEN}` } },
      { status: 302, body: '', headers: { location: `http://127.0.0.1:1/${USER}?${TOKEN}` } },
    ];
    for (const fault of faults) {
      whatsapp.behave(fault);
      await each(['check', 'request', 'place', 'end'], ANA);
      whatsapp.behave(standing('permanent'), fault);
      await each(['place'], { ...ANA, payload: '+57 300 222 0002' });
    }
    const account = { graphUrl: url };
    await cloud.stage.deploy(cloud.flow(account), 'full', { account: { accessToken: TOKEN } });
    hearCaught();
    await each(['check', 'request', 'place', 'end'], ANA);
    heardOf(/network-down/);
  });

  discreetly('tells none where the message or the settings are wrong', async () => {
    const junk: unknown[] = [
      ...SPELLINGS.map((spelling) => `${spelling} 99`),
      ...SPELLINGS.map((spelling) => ({ phone: `x${spelling}y` })),
      ...SPELLINGS.map((spelling) => ({ userId: `${spelling} !` })),
      { waId: `${USER}${USER}` },
      [USER],
      { toString: () => USER },
      { phone: { toString: () => raise(new Error(`no ${USER}`)) } },
    ];
    for (const payload of junk) await each(ACTIONS, { ...ANA, payload });
    await each(['request', 'place'], { ...ANA, memo: { text: MEMO.repeat(100), USER } });
    const jsonata = `$number("${USER}x" & payload)`;
    await cloud.stage.deploy(
      [...cloud.flow(), ...check({ contact: jsonata, contactType: 'jsonata' }, 'odd')],
      'full',
      { account: { accessToken: TOKEN } },
    );
    hearCaught();
    await cloud.stage.send('odd', { ...ANA });
    heardOf(/caught: .*field-invalid/s);
  });

  discreetly('tells none where webhooks are junk, forged or for somebody else', async () => {
    const bodies: (object | string)[] = [
      wrote('wamid.W1', undefined, TEXT),
      replied('accept'),
      connected({ user: { to: USER, to_user_id: USER_ID } }),
      callStatus('RINGING'),
      terminated({ more: { errors: [{ code: 138021, message: `no way to ${USER}` }] } }),
      `{"${USER}": ${USER}`,
      { entry: [{ changes: [{ field: USER, value: { phone_number: `+${USER}`, x: TEXT } }] }] },
      {
        entry: [
          {
            changes: [
              {
                field: 'messages',
                value: {
                  metadata: { display_phone_number: '34910000001' },
                  messages: [{ from: USER, text: TEXT }],
                },
              },
            ],
          },
        ],
      },
    ];
    for (const body of bodies) {
      await cloud.post(body, { secret: SECRET });
      await cloud.post(body, { secret: 'another' });
      await cloud.post(body, { headers: { 'x-hub-signature-256': SECRET } });
    }
    await fetch(
      `${cloud.url}/whatsapp/webhook?hub.mode=subscribe&hub.verify_token=${VERIFY}x&${USER}`,
    );
    heardOf(/is not JSON/);
    heardOf(/which no account has/);
  });

  discreetly(
    'tells none where the store fails and quotes what it holds, or holds what cannot be read',
    async () => {
      whatsapp.behave(standing('permanent'));
      await each(['check', 'place'], ANA);
      store.isBroken = true;
      await each(ACTIONS, ANA);
      assert.equal(await cloud.post(replied('accept'), { secret: SECRET }), 503);
      store.isBroken = false;
      for (const key of store.kept.keys()) store.kept.set(key, { v: 9, names: USER, memo: MEMO });
      await each(['check', 'place'], ANA);
      await cloud.post(replied('accept'), { secret: SECRET });
      heardOf(/records-unavailable/);
      heardOf(/cannot be read/);
    },
  );

  discreetly('keeps the secrets out of what Node-RED shows and exports of nodes', async () => {
    const shown: unknown[] = [];
    RED.nodes.eachNode((node) => void shown.push(node));
    assert.ok(shown.length > 0);
    listening.hear('flows', shown);
  });
});

function raise(error: Error): never {
  throw error;
}
