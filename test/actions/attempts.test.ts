import assert from 'node:assert/strict';
import {
  checkPermission,
  endCall,
  handleWebhook,
  placeCall,
  requestPermission,
  revoke,
} from '../../src/actions';
import { RecordsError } from '../../src/records';
import { CALL_ACCEPTED, graphError, MESSAGE_ACCEPTED } from '../cloud-api/fake-whatsapp';
import { ANA, callsBody, unanswered } from '../webhooks/fixtures';
import { Office, standing } from './support/office';

const OFFER = { sdp: 'v=0\r\n' };
const MINUTE = 60_000;

describe('asking and calling', () => {
  let office: Office;

  beforeEach(async () => {
    office = new Office();
    await office.open();
  });
  afterEach(() => office.close());

  const ask = () => requestPermission(office.account, ANA, { kind: 'free-form' });
  const call = () => placeCall(office.account, ANA, OFFER);
  const check = () => checkPermission(office.account, ANA, 'never');

  it('of many that ask at once, one asks', async () => {
    office.whatsapp.behave(standing('no_permission'), { body: MESSAGE_ACCEPTED });
    const first = await ask();
    office.whatsapp.behave({ body: MESSAGE_ACCEPTED });
    const others = await Promise.all(Array.from({ length: 20 }, ask));
    assert.equal(first.sent?.id, 'wamid.TEST0001');
    assert.deepEqual(new Set(others.map(({ sent }) => sent)), new Set([null]));
    assert.equal(office.posts, 1);
  });

  it('of many that call at once, one calls', async () => {
    office.whatsapp.behave(standing('permanent'));
    await checkPermission(office.account, ANA, 'auto');
    office.whatsapp.behave({ body: CALL_ACCEPTED });
    const all = await Promise.all(Array.from({ length: 20 }, call));
    assert.equal(all.filter(({ sent }) => sent !== null).length, 1);
    assert.equal(office.posts, 1);
  });

  it('what the records cannot count is not sent', async () => {
    office.whatsapp.behave(standing('permanent'));
    await checkPermission(office.account, ANA, 'auto');
    office.store.failing = 'set';
    await assert.rejects(call(), { code: 'records-unavailable' });
    assert.equal(office.posts, 0);
  });

  it('what WhatsApp refused is not counted, though what it says of the number cannot be kept', async () => {
    office.whatsapp.behave(standing('permanent'), { status: 400, body: graphError(138_014) });
    const set = office.store.set.bind(office.store);
    office.store.set = (entries) =>
      [...entries.keys()].some((key) => key.endsWith(':account'))
        ? Promise.reject(new RecordsError('records-unavailable', 'full'))
        : set(entries);
    await assert.rejects(call(), { code: 'records-unavailable' });
    assert.notEqual((await check()).verdict.reason, 'call-in-progress');
  });

  it('an opt-out settles it: WhatsApp is not even asked', async () => {
    await revoke(office.account, ANA, 'opt-out');
    assert.equal((await call()).verdict.reason, 'opted-out');
    assert.equal((await ask()).verdict.reason, 'opted-out');
    assert.deepEqual(office.whatsapp.seen, []);
  });

  it('an answer that says nothing readable is a fault, never a permission', async () => {
    office.whatsapp.behave({ body: { permission: {} } });
    const { verdict } = await checkPermission(office.account, ANA, 'always');
    assert.equal(verdict.canCall, false);
    office.whatsapp.behave({ body: [] });
    await assert.rejects(checkPermission(office.account, ANA, 'always'), {
      code: 'invalid-response',
    });
  });

  describe('a look-up that WhatsApp refuses', () => {
    const refused = (code: number, headers = {}) => ({
      status: 400,
      headers,
      body: graphError(code),
    });

    it('limits for as long as WhatsApp says', async () => {
      office.whatsapp.behave(refused(613));
      const { verdict } = await checkPermission(office.account, ANA, 'auto');
      assert.equal(verdict.reason, 'rate-limited');
    });

    for (const [what, answer] of [
      ['for no time at all', refused(613, { 'retry-after': '0' })],
      ['with a word about something else', refused(138_009)],
    ] as const) {
      it(`${what} is a fault: nobody is called by what was known before`, async () => {
        office.whatsapp.behave(standing('permanent'));
        await checkPermission(office.account, ANA, 'always');
        office.now += 48 * 60 * MINUTE;
        office.whatsapp.behave(answer);
        await assert.rejects(call(), { name: 'CloudApiError' });
        assert.equal(office.posts, 0);
      });
    }
  });

  it('a refusal that does not keep us from trying again is a fault, not a loop', async () => {
    office.whatsapp.behave(standing('permanent'), { status: 400, body: graphError(138_015) });
    await assert.rejects(call(), { code: 'messaging-limit-too-low' });
    assert.equal((await check()).verdict.canCall, true);
  });

  it('a block of the number that lasts longer is not cut short by a new refusal', async () => {
    office.whatsapp.behave(standing('permanent'), { status: 400, body: graphError(138_014) });
    const { verdict } = await call();
    assert.equal(verdict.reason, 'account-restricted');
    office.now += MINUTE;
    office.whatsapp.behave({
      status: 400,
      headers: { 'retry-after': '1' },
      body: graphError(138_014),
    });
    await checkPermission(office.account, ANA, 'always');
    const after = await check();
    assert.equal(after.verdict.retryAt, verdict.retryAt);
  });

  it('hanging up too late does not turn an unanswered call into a cancelled one', async () => {
    office.whatsapp.behave(standing('permanent'), { body: CALL_ACCEPTED });
    await call();
    const over = unanswered({ id: 'wacid.TEST0001', timestamp: String(office.now / 1000 + 50) });
    office.now += MINUTE;
    await handleWebhook(office.account, office.read(callsBody(over)));
    assert.equal((await check()).verdict.unanswered, 1);
    office.whatsapp.behave({ status: 400, body: graphError(100) });
    await endCall(office.account, 'wacid.TEST0001');
    assert.equal((await check()).verdict.unanswered, 1);
  });

  for (const [what, brought] of [
    ['with our key', ({ biz_opaque_callback_data }: any) => ({ biz_opaque_callback_data })],
    ['without our key', () => ({})],
  ] as const) {
    it(`a call that is over before WhatsApp answers, ${what}, leaves no way to its contact behind`, async () => {
      office.whatsapp.behave(standing('permanent'), (response) => {
        const over = unanswered({ id: 'wacid.TEST0001', ...brought(office.whatsapp.last!.body) });
        void handleWebhook(office.account, office.read(callsBody(over))).then(() =>
          response.end(JSON.stringify(CALL_ACCEPTED)),
        );
      });
      await call();
      const ways = Object.keys(office.store.content).filter((each) => each.includes(':call-'));
      assert.deepEqual(ways, []);
      office.whatsapp.behave({ status: 400, body: graphError(100) });
      await endCall(office.account, 'wacid.TEST0001');
      assert.equal((await check()).verdict.unanswered, 1);
    });
  }

  it('hanging up a call of which the records know nothing tells nobody', async () => {
    office.whatsapp.behave({ body: { success: true } });
    assert.equal(await endCall(office.account, 'wacid.UNKNOWN'), null);
    assert.deepEqual(office.store.content, {});
  });
});
