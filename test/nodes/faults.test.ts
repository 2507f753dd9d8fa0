import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { standing } from '../actions/support/office';
import {
  CALL_ACCEPTED,
  FakeWhatsApp,
  graphError,
  MESSAGE_ACCEPTED,
} from '../cloud-api/fake-whatsapp';
import { Cloud, OFFER, TOKEN } from './support/cloud';
import { USER } from './support/stage';

const ANA = { payload: `+${USER}`, session: OFFER };

const PERMITTED = standing('permanent');
const NOT_ASKED = standing('no_permission');

describe('faults of WhatsApp and the network', () => {
  let cloud: Cloud;
  let whatsapp: FakeWhatsApp;

  beforeEach(async () => {
    cloud = new Cloud();
    whatsapp = new FakeWhatsApp();
    await whatsapp.start();
    await cloud.open({ account: { graphUrl: whatsapp.url }, patience: { timeout: 500 } });
  });
  afterEach(async () => {
    await cloud.close();
    await whatsapp.stop();
  });

  const posts = () => whatsapp.seen.filter(({ method }) => method === 'POST').length;
  const hang = (_response: ServerResponse): void => undefined;
  const cut = (response: ServerResponse): void => void response.socket!.destroy();

  /** A fault ends in one Catch message; nothing leaves the node, and it goes on working. */
  async function fails(id: string, code: string): Promise<void> {
    assert.equal(await cloud.stage.failureOf(id, { ...ANA }), code);
    assert.equal(cloud.stage.received('caught').length, 1);
    assert.deepEqual(cloud.stage.received(`${id}-`), []);
    assert.equal(cloud.stage.badges(id).at(-1), 'status.failed');
  }

  for (const [what, answer, code] of [
    ['a wrong token', { status: 401, body: graphError(190) }, 'token-invalid'],
    [
      'a token without the permission',
      { status: 403, body: graphError(10) },
      'token-not-permitted',
    ],
    [
      'an unknown phone number id',
      { status: 400, body: graphError(100, { error_subcode: 33 }) },
      'unknown-phone-number-id',
    ],
    ['an answer that is not JSON', { body: '<html>' }, 'invalid-response'],
    ['an answer without a permission', { body: {} }, 'invalid-response'],
    ['an error that nobody knows', { status: 400, body: graphError(999_999) }, 'whatsapp-error'],
    ['silence', hang, 'timeout'],
    ['a cut connection', cut, 'connection-cut'],
  ] as const) {
    it(`${what}, at the look-up: ${code}; nothing is sent`, async () => {
      whatsapp.behave(answer);
      for (const id of ['check', 'request', 'place']) {
        cloud.stage.received('caught').length = 0;
        assert.equal(await cloud.stage.failureOf(id, { ...ANA }), code);
        assert.deepEqual(cloud.stage.received(`${id}-`), []);
        assert.equal(cloud.stage.badges(id).at(-1), 'status.failed');
      }
      assert.equal(posts(), 0);
      whatsapp.behave(NOT_ASKED);
      assert.equal((await cloud.stage.send('check', { ...ANA })).output, 2);
      assert.equal(cloud.stage.badges('check').at(-1), 'status.needs-request');
    });
  }

  it('no network: network-down; nothing is sent', async () => {
    const dead = new FakeWhatsApp();
    await dead.start();
    const { url } = dead;
    await dead.stop();
    await cloud.stage.deploy(cloud.flow({ graphUrl: url }), 'full', {
      account: { accessToken: TOKEN, appSecret: 's' },
    });
    await fails('place', 'network-down');
  });

  it('the error names the fault, and never the token', async () => {
    whatsapp.behave({ status: 401, body: graphError(190, { message: `bad ${TOKEN}` }) });
    const { msg } = await cloud.stage.send('check', { ...ANA });
    assert.match(msg['error'].message, /token is wrong/);
    assert.equal(JSON.stringify(msg['error']).includes(TOKEN), false);
  });

  for (const [what, answer] of [
    ['silence', hang],
    ['a cut connection', cut],
    ['an error of the server', { status: 500, body: '' }],
    ['an answer that is not JSON', { body: '<html>' }],
    ['an answer without an id', { body: {} }],
  ] as const) {
    it(`${what} after a call was sent: outcome-unknown, it stays counted and is never sent again`, async () => {
      whatsapp.behave(PERMITTED, answer);
      await fails('place', 'outcome-unknown');
      whatsapp.behave(PERMITTED);
      const { output, msg } = await cloud.stage.send('place', { ...ANA });
      assert.equal(output, 3);
      assert.equal(msg['permission'].reason, 'call-in-progress');
      assert.equal(posts(), 1);
    });

    it(`${what} after a request was sent: outcome-unknown, it stays counted and is never sent again`, async () => {
      whatsapp.behave(NOT_ASKED, answer);
      await fails('request', 'outcome-unknown');
      whatsapp.behave(NOT_ASKED);
      const { output, msg } = await cloud.stage.send('request', { ...ANA });
      assert.equal(output, 3);
      assert.equal(msg['permission'].reason, 'awaiting-reply');
      assert.equal(posts(), 1);
    });
  }

  it('a token that runs out between look-up and call: token-invalid, and the call is not counted', async () => {
    whatsapp.behave(PERMITTED, { status: 401, body: graphError(190) });
    await fails('place', 'token-invalid');
    whatsapp.behave({ body: CALL_ACCEPTED });
    assert.equal((await cloud.stage.send('place', { ...ANA })).output, 1);
  });

  it('a template that WhatsApp does not know is a fault, and the request is not counted', async () => {
    whatsapp.behave(NOT_ASKED, { status: 404, body: graphError(132_001) });
    await fails('request', 'template-not-found');
    whatsapp.behave({ body: MESSAGE_ACCEPTED });
    assert.equal((await cloud.stage.send('request', { ...ANA })).output, 1);
  });

  it('hanging up a call of which WhatsApp knows nothing succeeds, and 190 does not', async () => {
    const call = { id: 'wacid.C1' };
    whatsapp.behave({ status: 400, body: graphError(100) });
    assert.equal((await cloud.stage.send('end', { call })).output, 1);
    whatsapp.behave({ status: 401, body: graphError(190) });
    assert.equal(await cloud.stage.failureOf('end', { call }), 'token-invalid');
  });
});
