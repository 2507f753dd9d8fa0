import assert from 'node:assert/strict';
import { standing } from '../actions/support/office';
import { FakeWhatsApp, graphError } from '../cloud-api/fake-whatsapp';
import { Cloud, OFFER } from './support/cloud';
import { USER } from './support/stage';

const ANA = { payload: `+${USER}`, session: OFFER };
const PERMITTED = standing('permanent');
const NOT_ASKED = standing('no_permission');

describe('what WhatsApp refuses', () => {
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
});
