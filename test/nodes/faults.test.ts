import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import {
  CALL_ACCEPTED,
  FakeWhatsApp,
  graphError,
  MESSAGE_ACCEPTED,
} from '../cloud-api/fake-whatsapp';
import { callStatus, connected, messageStatus, terminated } from './support/bodies';
import { Cloud, OFFER, TOKEN } from './support/cloud';
import { USER } from './support/stage';

const ANA = { payload: `+${USER}`, session: OFFER };

/** WhatsApp's answer to a look-up of somebody who may be called, or asked. */
const standing = (status: 'permanent' | 'no_permission') => ({
  body: {
    messaging_product: 'whatsapp',
    permission: { status },
    actions: [
      { action_name: 'send_call_permission_request', can_perform_action: status !== 'permanent' },
      { action_name: 'start_call', can_perform_action: status === 'permanent' },
    ],
  },
});
const PERMITTED = standing('permanent');
const NOT_ASKED = standing('no_permission');

describe('faults of WhatsApp and the network', () => {
  let cloud: Cloud;
  let whatsapp: FakeWhatsApp;

  beforeEach(async () => {
    cloud = new Cloud();
    whatsapp = new FakeWhatsApp();
    await whatsapp.start();
    await cloud.open({ account: { graphUrl: whatsapp.url }, patience: { timeout: 150 } });
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
      whatsapp.behave(answer as never);
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
      whatsapp.behave(PERMITTED, answer as never);
      await fails('place', 'outcome-unknown');
      whatsapp.behave(PERMITTED);
      const { output, msg } = await cloud.stage.send('place', { ...ANA });
      assert.equal(output, 3);
      assert.equal(msg['permission'].reason, 'call-in-progress');
      assert.equal(posts(), 1);
    });

    it(`${what} after a request was sent: outcome-unknown, it stays counted and is never sent again`, async () => {
      whatsapp.behave(NOT_ASKED, answer as never);
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

  for (const [number, status, output, reason] of [
    [138006, 401, 4, 'revoked-by-user'],
    [138000, 401, 3, 'account-not-eligible'],
    [138001, 400, 3, 'recipient-uncallable'],
    [138002, 429, 3, 'concurrent-calls'],
    [138003, 400, 3, 'call-in-progress'],
    [138005, 429, 3, 'daily-initiations'],
    [138012, 400, 3, 'connected-calls-per-24h'],
    [138013, 400, 3, 'account-not-eligible'],
    [138014, 400, 3, 'account-restricted'],
    [80007, 400, 3, 'rate-limited'],
    [131056, 400, 3, 'rate-limited'],
  ] as const) {
    it(`${number} for a call is an answer: output ${output}, ${reason}; the call is not counted`, async () => {
      whatsapp.behave(PERMITTED, { status, body: graphError(number) });
      const { output: left, msg } = await cloud.stage.send('place', { ...ANA });
      assert.equal(left, output);
      assert.equal(msg['permission'].reason, reason);
      assert.equal('call' in msg, false);
      assert.equal(msg['permission'].unanswered, 0);
      assert.equal('delay' in msg, output === 3);
    });
  }

  for (const [number, output, reason] of [
    [138009, 3, 'requests-per-24h'],
    [138014, 3, 'account-restricted'],
    [138017, 2, 'permanent-permission'],
    [131026, 3, 'recipient-uncallable'],
  ] as const) {
    it(`${number} for a request is an answer: output ${output}, ${reason}`, async () => {
      whatsapp.behave(NOT_ASKED, { status: 400, body: graphError(number) });
      const { output: left, msg } = await cloud.stage.send('request', { ...ANA });
      assert.equal(left, output);
      assert.equal(msg['permission'].reason, reason);
      assert.equal('request' in msg, false);
    });
  }

  it('613 at a look-up, for as long as we ask: limited for the whole number', async () => {
    whatsapp.behave({ status: 429, body: graphError(613) });
    const { output, msg } = await cloud.stage.send('check', { ...ANA });
    assert.equal(output, 3);
    assert.equal(msg['permission'].reason, 'rate-limited');
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

  describe('webhooks that come before the answer to what they are about', () => {
    /** Sends, and holds WhatsApp's answer back until `meanwhile` is over. */
    async function answeredAfter(
      id: string,
      first: object,
      answer: object,
      meanwhile: (sent: { biz_opaque_callback_data: string }) => Promise<void>,
    ) {
      const held = withResolvers<ServerResponse>();
      whatsapp.behave(first as never, (response) => held.resolve(response));
      const sending = cloud.stage.send(id, { ...ANA, memo: 'K-77' });
      const response = await held.promise;
      await meanwhile(whatsapp.last!.body as never);
      response.end(JSON.stringify(answer));
      return sending;
    }
    const told = () => cloud.stage.told();
    const now = () => String(Math.floor(Date.now() / 1000));

    for (const [what, keyOf] of [
      ['with our key', (key: string) => ({ key })],
      ['without our key', () => ({})],
    ] as const) {
      it(`${what}: one call, with its memo and its end`, async () => {
        const { msg } = await answeredAfter('place', PERMITTED, CALL_ACCEPTED, async (sent) => {
          const options = {
            id: 'wacid.TEST0001',
            at: now(),
            contacts: [],
            ...keyOf(sent.biz_opaque_callback_data),
          };
          assert.equal(await cloud.post(callStatus('RINGING', options)), 200);
          assert.equal(await cloud.post(connected(options)), 200);
          assert.equal(await cloud.post(terminated(options)), 200);
        });
        assert.equal(msg['call'].id, 'wacid.TEST0001');
        const all = cloud.stage.received('webhook-');
        assert.deepEqual(told(), ['4:call-ringing', '4:call-connecting', '5:call-ended']);
        for (const each of all) assert.equal(each['memo'], 'K-77');
        whatsapp.behave(PERMITTED);
        const after = await cloud.stage.send('check', { ...ANA });
        assert.equal(after.msg['permission'].unanswered, 1);
        assert.notEqual(after.msg['permission'].reason, 'call-in-progress');
      });
    }

    it('a call told by the user id alone is the call that we placed to the number', async () => {
      const user = { to_user_id: 'CO.7700112233', recipient_user_id: 'CO.7700112233' };
      const options = { id: 'wacid.TEST0001', at: now(), user, contacts: [] };
      whatsapp.behave(PERMITTED, { body: CALL_ACCEPTED });
      await cloud.stage.send('place', { ...ANA });
      assert.equal(await cloud.post(callStatus('RINGING', options)), 200);
      assert.equal(await cloud.post(terminated(options)), 200);
      assert.equal(cloud.stage.received('webhook-5')[0]!.payload, `+${USER}`);
      whatsapp.behave(PERMITTED);
      const { msg } = await cloud.stage.send('check', { payload: 'CO.7700112233' });
      assert.equal(msg['permission'].unanswered, 1);
      assert.notEqual(msg['permission'].reason, 'call-in-progress');
    });

    it('a request that fails before its answer is told, with its memo', async () => {
      const { output } = await answeredAfter('request', NOT_ASKED, MESSAGE_ACCEPTED, async () => {
        assert.equal(await cloud.post(messageStatus('failed', 'wamid.TEST0001', now())), 200);
      });
      assert.equal(output, 1);
      const [failed] = cloud.stage.received('webhook-3');
      assert.equal(failed!['event'].type, 'request-failed');
      assert.equal(failed!['memo'], 'K-77');
      assert.notEqual(failed!['request']?.sentAt, '1970-01-01T00:00:00.000Z');
    });

    it('a deploy while WhatsApp is silent ends within a second; the call stays counted', async () => {
      const held = withResolvers<void>();
      whatsapp.behave(PERMITTED, () => held.resolve());
      const sending = cloud.stage.failureOf('place', { ...ANA });
      await held.promise;
      const credentials = { account: { accessToken: TOKEN, appSecret: 's' } };
      const flow = cloud.flow({ graphUrl: whatsapp.url });
      const late = wait(1000, 'late', { ref: false });
      assert.notEqual(
        await Promise.race([cloud.stage.deploy(flow, 'full', credentials), late]),
        'late',
      );
      whatsapp.behave(PERMITTED);
      const { msg } = await cloud.stage.send('place', { ...ANA });
      assert.equal(msg['permission'].reason, 'call-in-progress');
      assert.equal(posts(), 1);
      void sending;
    });
  });
});

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}
