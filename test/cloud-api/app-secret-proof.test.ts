import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { failureOf, POSTS } from './actions';
import {
  ANA,
  CALL_ACCEPTED,
  FakeWhatsApp,
  MESSAGE_ACCEPTED,
  PERMISSION,
  TOKEN,
} from './fake-whatsapp';

const appSecret = 'invented-app-secret';
const PROOF = createHmac('sha256', appSecret).update(TOKEN).digest('hex');

/** In Meta's words; no other number tells it. */
const WRONG_PROOF = {
  status: 400,
  body: {
    error: {
      message: 'Invalid appsecret_proof provided in the API argument',
      type: 'GraphMethodException',
      code: 100,
      fbtrace_id: 'AxTest01',
    },
  },
};

describe('cloud-api: the proof of the app secret', () => {
  const whatsapp = new FakeWhatsApp();
  before(() => whatsapp.start());
  after(() => whatsapp.stop());
  beforeEach(() => {
    whatsapp.seen.length = 0;
  });

  async function sendAll(options: { appSecret?: string }): Promise<void> {
    const client = whatsapp.client(options);
    whatsapp.behave(
      { status: 500, body: '' },
      { body: PERMISSION },
      { body: MESSAGE_ACCEPTED },
      { body: CALL_ACCEPTED },
      { body: { success: true } },
    );
    await client.lookUpPermission(ANA);
    for (const act of Object.values(POSTS)) await act(client);
    assert.equal(whatsapp.seen.length, 5);
  }

  it('goes with each request, repetitions too, beside what else is asked', async () => {
    await sendAll({ appSecret });
    for (const { query } of whatsapp.seen) assert.equal(query['appsecret_proof'], PROOF);
    assert.equal(whatsapp.seen[1]?.query['user_wa_id'], ANA.waId);
  });

  it('is not sent where no app secret is given', async () => {
    await sendAll({});
    for (const { query } of whatsapp.seen) assert.equal('appsecret_proof' in query, false);
  });

  it('that is refused is a fault of its own, and never taken for the end of a call', async () => {
    whatsapp.behave(WRONG_PROOF);
    const client = whatsapp.client({ appSecret });
    const lookUp = () => client.lookUpPermission(ANA);
    for (const act of [lookUp, ...Object.values(POSTS)]) {
      const { code, number, outcome } = await failureOf(act(client));
      assert.deepEqual([code, number, outcome], ['app-secret-proof', 100, 'refused']);
    }
    assert.equal(whatsapp.seen.length, 4);
  });

  it('is in no error, even where WhatsApp repeats it', async () => {
    const error = { code: 100, message: `Unsupported get request: ${PROOF}, ${TOKEN}` };
    whatsapp.behave({ status: 400, body: { error } });
    const shown = inspect(await failureOf(whatsapp.client({ appSecret }).lookUpPermission(ANA)), {
      depth: 9,
      showHidden: true,
    });
    for (const secret of [PROOF, TOKEN, appSecret]) assert.equal(shown.includes(secret), false);
  });
});
