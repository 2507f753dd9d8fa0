import assert from 'node:assert/strict';
import { handleWebhook, requestPermission } from '../../src/actions';
import { graphError } from '../cloud-api/fake-whatsapp';
import { ANA, T, messagesBody, textMessage } from '../webhooks/fixtures';
import { Office, standing } from './support/office';

describe('a request of kind "auto"', () => {
  const DAY = 86_400_000;
  const MARGIN = 5 * 60_000;
  const TEMPLATE = { name: 'ask_to_call', language: 'en' };
  let office: Office;
  beforeEach(async () => {
    office = new Office();
    await office.open();
    office.now = T * 1000;
    const accepted = { messages: [{ id: 'wamid.TEST0001' }] };
    office.whatsapp.behave(standing('no_permission'), { body: accepted });
  });
  afterEach(() => office.close());

  const write = () => handleWebhook(office.account, office.read(messagesBody(textMessage())));
  const ask = () => requestPermission(office.account, ANA, { kind: 'auto', template: TEMPLATE });

  const moments: [string, number, 'free-form' | 'template'][] = [
    ['at once', 0, 'free-form'],
    ['a moment before we take the window to be shut', DAY - MARGIN - 1, 'free-form'],
    ['when we take the window to be shut', DAY - MARGIN, 'template'],
    ['when it is shut', DAY, 'template'],
  ];
  for (const [when, later, kind] of moments) {
    it(`is sent as ${kind} ${when}`, async () => {
      await write();
      office.now = T * 1000 + later;
      assert.equal((await ask()).request?.kind, kind);
      const sent = office.whatsapp.last?.body as { type: string };
      assert.equal(sent.type, kind === 'template' ? 'template' : 'interactive');
    });
  }

  it('is sent as template to who has never written', async () =>
    assert.equal((await ask()).request?.kind, 'template'));

  it('goes by the moment at which it is sent: a look-up before it may have waited long', async () => {
    await write();
    office.now = T * 1000 + DAY - MARGIN - 1;
    const { cloudApi } = office.account;
    const lookUp = cloudApi.lookUpPermission.bind(cloudApi);
    cloudApi.lookUpPermission = async (contact) => {
      const answer = await lookUp(contact);
      office.now += 1;
      return answer;
    };
    assert.equal((await ask()).request?.kind, 'template');
  });

  it('that WhatsApp refuses since the window is shut is a fault by that name, and not counted', async () => {
    await write();
    office.whatsapp.behave(standing('no_permission'), { status: 400, body: graphError(131047) });
    await assert.rejects(ask(), { code: 'outside-service-window' });
    const { record } = await office.account.records.read(ANA);
    assert.deepEqual(
      record.requests?.map(({ released }) => released),
      [true],
    );
  });
});
