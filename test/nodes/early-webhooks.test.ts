import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { standing } from '../actions/support/office';
import { CALL_ACCEPTED, FakeWhatsApp, MESSAGE_ACCEPTED } from '../cloud-api/fake-whatsapp';
import { callStatus, connected, messageStatus, terminated } from './support/bodies';
import { Cloud, OFFER, TOKEN } from './support/cloud';
import { USER } from './support/stage';

const ANA = { payload: `+${USER}`, session: OFFER };
const PERMITTED = standing('permanent');
const NOT_ASKED = standing('no_permission');

describe('webhooks that come before the answer to what they are about', () => {
  let cloud: Cloud;
  let whatsapp: FakeWhatsApp;

  beforeEach(async () => {
    cloud = new Cloud();
    whatsapp = new FakeWhatsApp();
    await whatsapp.start();
    await cloud.open({ account: { graphUrl: whatsapp.url } });
  });
  afterEach(async () => {
    await cloud.close();
    await whatsapp.stop();
  });

  const posts = () => whatsapp.seen.filter(({ method }) => method === 'POST').length;

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

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}
