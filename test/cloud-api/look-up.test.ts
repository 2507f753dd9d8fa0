import assert from 'node:assert/strict';
import type { ContactNames } from '../../src/rules/contact';
import { ANA, FakeWhatsApp, PERMISSION } from './fake-whatsapp';

const NOBODY: ContactNames = { waId: null, userId: null, phone: null };

describe('cloud-api: looking up the permission', () => {
  const whatsapp = new FakeWhatsApp();
  before(() => whatsapp.start());
  after(() => whatsapp.stop());

  const lookUp = async (names: Partial<ContactNames>) => {
    whatsapp.behave({ body: PERMISSION });
    await whatsapp.client().lookUpPermission({ ...NOBODY, ...names });
    return whatsapp.last!;
  };

  it('is a GET of call_permissions with the number in digits', async () => {
    const { method, path, query } = await lookUp({ waId: '573001234567' });
    assert.equal(method, 'GET');
    assert.equal(path, '/v25.0/100200300400500/call_permissions');
    assert.deepEqual(query, { user_wa_id: '573001234567' });
  });

  it("prefers WhatsApp's own number to the one that was dialled, and a number to the user id", async () => {
    const all = { waId: '5215550001111', phone: '525550001111', userId: 'MX.99' };
    assert.deepEqual((await lookUp(all)).query, { user_wa_id: '5215550001111' });
    assert.deepEqual((await lookUp({ ...all, waId: null })).query, {
      user_wa_id: '525550001111',
    });
  });

  it('names a user without a number as recipient, letters, dots and all', async () => {
    const { query } = await lookUp({ userId: 'US.ENT.1349+a&b' });
    assert.deepEqual(query, { recipient: 'US.ENT.1349+a&b' });
  });

  it('takes everything but digits out of a number', async () => {
    assert.deepEqual((await lookUp({ phone: '+57 300-123 4567' })).query, {
      user_wa_id: '573001234567',
    });
  });

  it('tells when the look-up was sent', async () => {
    whatsapp.behave({ body: PERMISSION });
    const { sentAt } = await whatsapp.client({ now: () => 1234 }).lookUpPermission(ANA);
    assert.equal(sentAt, 1234);
  });

  it('tells the time of the look-up that got the answer, not of one that failed', async () => {
    whatsapp.behave({ status: 503, body: '' }, { body: PERMISSION });
    let time = 0;
    const client = whatsapp.client({ now: () => (time += 1000) });
    const { sentAt } = await client.lookUpPermission(ANA);
    assert.equal(sentAt, time);
  });

  it('shares one look-up among those who ask for the same contact at the same time', async () => {
    whatsapp.behave({ body: PERMISSION });
    const client = whatsapp.client();
    const before = whatsapp.seen.length;
    const other = { ...NOBODY, waId: '34600111222' };
    const same = [client.lookUpPermission(ANA), client.lookUpPermission({ ...ANA })];
    await Promise.all([...same, client.lookUpPermission(other)]);
    assert.equal(whatsapp.seen.length - before, 2);
    await client.lookUpPermission(ANA);
    assert.equal(whatsapp.seen.length - before, 3);
  });
});
