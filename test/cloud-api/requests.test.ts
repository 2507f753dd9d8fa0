import assert from 'node:assert/strict';
import type { ContactNames } from '../../src/rules/contact';
import { failureOf } from './actions';
import {
  ANA,
  CALL_ACCEPTED,
  FakeWhatsApp,
  MESSAGE_ACCEPTED,
  PERMISSION,
  TOKEN,
} from './fake-whatsapp';

const NOBODY: ContactNames = { waId: null, userId: null, phone: null };
const SDP = 'v=0\r\no=- 11 2 IN IP4 127.0.0.1\r\n';

describe('cloud-api: what is sent', () => {
  const whatsapp = new FakeWhatsApp();
  before(() => whatsapp.start());
  after(() => whatsapp.stop());

  it('sends the access token in the header and nowhere else', async () => {
    whatsapp.behave({ body: CALL_ACCEPTED });
    await whatsapp.client().placeCall(ANA, { sdp: SDP }, 'key-1');
    const { headers, path, query, body } = whatsapp.last!;
    assert.equal(headers.authorization, `Bearer ${TOKEN}`);
    assert.match(headers['content-type'] ?? '', /^application\/json/);
    assert.ok(!JSON.stringify({ path, query, body }).includes(TOKEN));
  });

  const requestBody = async (
    ...of: Parameters<ReturnType<FakeWhatsApp['client']>['requestPermission']>
  ) => {
    whatsapp.behave({ body: MESSAGE_ACCEPTED });
    await whatsapp.client().requestPermission(...of);
    assert.equal(whatsapp.last!.method, 'POST');
    assert.equal(whatsapp.last!.path, '/v25.0/100200300400500/messages');
    return whatsapp.last!.body;
  };

  describe('asking for permission', () => {
    const recipient = {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: '573001234567',
    };
    it('sends a free-form request with its text', async () => {
      const text = 'May we ring you about order K-77?';
      assert.deepEqual(await requestBody(ANA, { kind: 'free-form', body: text }), {
        ...recipient,
        type: 'interactive',
        interactive: {
          type: 'call_permission_request',
          action: { name: 'call_permission_request' },
          body: { text },
        },
      });
    });

    it('leaves the text out where there is none', async () => {
      for (const body of [undefined, '']) {
        assert.deepEqual(await requestBody(ANA, { kind: 'free-form', body }), {
          ...recipient,
          type: 'interactive',
          interactive: {
            type: 'call_permission_request',
            action: { name: 'call_permission_request' },
          },
        });
      }
    });

    it('sends a template with its parameters in order, and no component for the request', async () => {
      const template = {
        kind: 'template',
        name: 'ask_to_call_v1',
        language: 'es',
        parameters: ['Ana', 'K-77'],
      } as const;
      assert.deepEqual(await requestBody(ANA, { ...template, parameters: ['Ana', 'K-77'] }), {
        ...recipient,
        type: 'template',
        template: {
          name: 'ask_to_call_v1',
          language: { code: 'es' },
          components: [
            {
              type: 'body',
              parameters: [
                { type: 'text', text: 'Ana' },
                { type: 'text', text: 'K-77' },
              ],
            },
          ],
        },
      });
    });

    it('sends a template with named parameters', async () => {
      const body = await requestBody(ANA, {
        kind: 'template',
        name: 'ask_to_call_v1',
        language: 'en_US',
        parameters: { customer: 'Ana' },
      });
      assert.deepEqual(body, {
        ...recipient,
        type: 'template',
        template: {
          name: 'ask_to_call_v1',
          language: { code: 'en_US' },
          components: [
            {
              type: 'body',
              parameters: [{ type: 'text', parameter_name: 'customer', text: 'Ana' }],
            },
          ],
        },
      });
    });

    it('sends a template without parameters without components', async () => {
      for (const parameters of [undefined, [], {}]) {
        const body = await requestBody(ANA, {
          kind: 'template',
          name: 'ask',
          language: 'en',
          parameters,
        });
        assert.deepEqual(body, {
          ...recipient,
          type: 'template',
          template: { name: 'ask', language: { code: 'en' } },
        });
      }
    });

    it('names a user without a number as recipient, without a "to"', async () => {
      const body = await requestBody({ ...NOBODY, userId: 'CO.77' }, { kind: 'free-form' });
      assert.deepEqual(body, {
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        recipient: 'CO.77',
        type: 'interactive',
        interactive: {
          type: 'call_permission_request',
          action: { name: 'call_permission_request' },
        },
      });
    });

    it("gives the message id and WhatsApp's names of the contact", async () => {
      whatsapp.behave({ body: MESSAGE_ACCEPTED });
      const accepted = await whatsapp.client().requestPermission(ANA, { kind: 'free-form' });
      assert.deepEqual(accepted, {
        id: 'wamid.TEST0001',
        waId: '573001234567',
        userId: 'CO.7700112233',
      });
    });
  });

  describe('calling', () => {
    it('sends the offer as it is, with our key', async () => {
      whatsapp.behave({ body: CALL_ACCEPTED });
      const call = await whatsapp.client().placeCall(ANA, { sdp: SDP }, 'flow42:msg9');
      assert.equal(whatsapp.last!.method, 'POST');
      assert.equal(whatsapp.last!.path, '/v25.0/100200300400500/calls');
      assert.deepEqual(whatsapp.last!.body, {
        messaging_product: 'whatsapp',
        to: '573001234567',
        action: 'connect',
        session: { sdp_type: 'offer', sdp: SDP },
        biz_opaque_callback_data: 'flow42:msg9',
      });
      assert.deepEqual(call, { id: 'wacid.TEST0001', waId: null, userId: null });
    });

    it("gives WhatsApp's names of the contact where the answer has them", async () => {
      whatsapp.behave({ body: { ...CALL_ACCEPTED, contacts: [{ wa_id: '573001234567' }] } });
      const call = await whatsapp.client().placeCall(ANA, { sdp: SDP }, 'key-1');
      assert.deepEqual(call, { id: 'wacid.TEST0001', waId: '573001234567', userId: null });
    });

    it('hangs up by "terminate"', async () => {
      whatsapp.behave({ body: { success: true } });
      await whatsapp.client().endCall('wacid.TEST0001');
      assert.equal(whatsapp.last!.method, 'POST');
      assert.equal(whatsapp.last!.path, '/v25.0/100200300400500/calls');
      assert.deepEqual(whatsapp.last!.body, {
        messaging_product: 'whatsapp',
        call_id: 'wacid.TEST0001',
        action: 'terminate',
      });
    });
  });

  it('sends nothing for a contact without any name, or a call without an id', async () => {
    const before = whatsapp.seen.length;
    const client = whatsapp.client();
    for (const action of [
      client.lookUpPermission(NOBODY),
      client.requestPermission(NOBODY, { kind: 'free-form' }),
      client.placeCall(NOBODY, { sdp: SDP }, 'key-1'),
      client.endCall(''),
    ]) {
      const { code, outcome } = await failureOf(action);
      assert.deepEqual({ code, outcome }, { code: 'invalid-parameter', outcome: 'not-sent' });
    }
    assert.equal(whatsapp.seen.length, before);
  });

  it('takes a Graph URL with a path and a slash at the end', async () => {
    whatsapp.behave({ body: PERMISSION });
    await whatsapp.client({ graphUrl: ` ${whatsapp.url}/whatsapp/ ` }).lookUpPermission(ANA);
    assert.equal(whatsapp.last!.path, '/whatsapp/v25.0/100200300400500/call_permissions');
  });
});
