// Webhooks as they come on a working day: each of another contact's life, signed, about 1 KB.
import { createHmac } from 'node:crypto';

export const NUMBER = '100200300400500';
export const SECRET = 'app-secret';

const CONTACTS = 10_000;

const valueOf = (waId, parts) => ({
  messaging_product: 'whatsapp',
  metadata: { display_phone_number: '34910000001', phone_number_id: NUMBER },
  contacts: [{ profile: { name: 'A virtual user' }, wa_id: waId, user_id: `ES.77${waId}` }],
  ...parts,
});

const called = (waId, index) => ({
  id: `wacid.BENCH${index}`,
  direction: 'BUSINESS_INITIATED',
  from: '34910000001',
  to: waId,
});

/** A message, an answer to a permission request, and the beginning and the end of a call, in turn. */
const KINDS = [
  ({ waId, id, timestamp }) => ({
    messages: [
      {
        from: waId,
        id,
        timestamp,
        type: 'text',
        text: { body: 'What is this about? '.repeat(20) },
      },
    ],
  }),
  ({ waId, id, timestamp }) => ({
    messages: [
      {
        from: waId,
        id,
        timestamp,
        type: 'interactive',
        context: { id: `${id}REQUEST` },
        interactive: {
          type: 'call_permission_reply',
          call_permission_reply: {
            response: 'accept',
            is_permanent: false,
            expiration_timestamp: String(Number(timestamp) + 604_800),
            response_source: 'user_action',
          },
        },
      },
    ],
  }),
  ({ waId, index, timestamp }) => ({
    calls: [
      {
        ...called(waId, index - 2),
        event: 'connect',
        timestamp,
        session: { sdp_type: 'answer', sdp: 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n'.repeat(12) },
      },
    ],
  }),
  ({ waId, index, timestamp }) => ({
    calls: [{ ...called(waId, index - 3), event: 'terminate', timestamp, status: 'COMPLETED' }],
  }),
];

/** The body with that number (from 0) and the headers that it comes with. */
export function webhook(index) {
  const waId = String(34_600_000_000 + (Math.floor(index / KINDS.length) % CONTACTS));
  const timestamp = String(Math.floor(Date.now() / 1000));
  const parts = KINDS[index % KINDS.length]({ waId, index, id: `wamid.BENCH${index}`, timestamp });
  const field = 'calls' in parts ? 'calls' : 'messages';
  const body = Buffer.from(
    JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [{ id: '900800700600500', changes: [{ field, value: valueOf(waId, parts) }] }],
    }),
  );
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'content-length': body.length,
    'x-hub-signature-256': `sha256=${signature}`,
  };
  return { body, headers };
}
