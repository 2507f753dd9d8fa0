import assert from 'node:assert/strict';
import { parseWebhook } from '../../src/webhooks';
import {
  ANA,
  bodyOf,
  callsBody,
  callStatus,
  connect,
  DISPLAY_NUMBER,
  HEARD,
  valueOf,
  type Body,
} from './fixtures';
import { readContact } from './read';

const inBody = (call: Body, parts: Body = {}): Body =>
  bodyOf('calls', valueOf({ calls: [call], ...parts }));

describe('webhooks about calls', () => {
  describe('tell who began the call', () => {
    const foreign = { biz_opaque_callback_data: undefined, from: ANA.waId, to: DISPLAY_NUMBER };
    const table: [string, Body, string][] = [
      ['by today’s words', { ...foreign, direction: 'USER_INITIATED' }, 'user'],
      ['by old words', { ...foreign, direction: 'incoming' }, 'user'],
      ['by other old words', { direction: 'OutBound' }, 'business'],
      [
        'by our key where the word is missing',
        { from: ANA.waId, direction: undefined },
        'business',
      ],
      [
        'by our number where the key is missing too',
        { direction: undefined, biz_opaque_callback_data: undefined },
        'business',
      ],
      ['by another’s number', { ...foreign, direction: undefined }, 'user'],
      [
        'by another’s user id',
        { ...foreign, from: undefined, from_user_id: ANA.userId, direction: '?' },
        'user',
      ],
    ];
    for (const [how, over, direction] of table) {
      it(how, () => assert.equal(readContact(callsBody(connect(over))).call?.direction, direction));
    }
  });

  describe('name the contact', () => {
    it('by `contacts`', () => {
      assert.deepEqual(readContact(callsBody(connect())).contact, ANA);
    });

    it('by `to` where `contacts` is missing', () => {
      assert.deepEqual(readContact(inBody(connect(), { contacts: undefined })).contact, ANA);
    });

    it('by `recipient_id` of a status without `contacts`', () => {
      const body = bodyOf('calls', valueOf({ contacts: null, statuses: [callStatus('RINGING')] }));
      assert.deepEqual(readContact(body).contact, ANA);
    });

    it('by `from` of a user’s call', () => {
      const call = connect({
        direction: 'USER_INITIATED',
        from: ANA.waId,
        from_user_id: ANA.userId,
        to: DISPLAY_NUMBER,
        to_user_id: undefined,
      });
      assert.deepEqual(readContact(inBody(call, { contacts: [] })).contact, ANA);
    });

    it('never by our own number, even where from and to are swapped', () => {
      const call = connect({ from: ANA.waId, to: DISPLAY_NUMBER, to_user_id: undefined });
      const { contact } = readContact(inBody(call, { contacts: undefined }));
      assert.deepEqual(contact, { waId: ANA.waId, userId: null, phone: null });
    });

    it('by the user id alone where the number is hidden', () => {
      const contacts = [{ user_id: ANA.userId }];
      const { contact } = readContact(inBody(connect({ to: undefined }), { contacts }));
      assert.deepEqual(contact, { waId: null, userId: ANA.userId, phone: null });
    });

    it('never by the digits of a user id', () => {
      const call = connect({ to: 'US.13491208655302741918', to_user_id: undefined });
      const { contact } = readContact(inBody(call, { contacts: undefined }));
      assert.deepEqual(contact, { waId: null, userId: 'US.13491208655302741918', phone: null });
    });

    it('by both numbers where WhatsApp writes another than was dialled', () => {
      const contacts = [{ wa_id: '5511987654321' }];
      const call = connect({ to: '551187654321', to_user_id: undefined });
      const { contact } = readContact(inBody(call, { contacts }));
      assert.deepEqual(contact, { waId: '5511987654321', userId: null, phone: '551187654321' });
    });

    it('by nothing at all, and are still told', () => {
      const call = connect({ to: undefined, to_user_id: undefined, from: undefined });
      const { contact, call: about } = readContact(inBody(call, { contacts: undefined }));
      assert.deepEqual(contact, { waId: null, userId: null, phone: null });
      assert.equal(about?.key, 'flow42:msg9');
    });

    it('each by its own entry among several', () => {
      const other = { wa_id: '573001234567', user_id: 'CO.1' };
      const calls = [
        connect({ to_user_id: undefined }),
        connect({ to: undefined, to_user_id: 'CO.1' }),
      ];
      const contacts = [other, { wa_id: ANA.waId, user_id: ANA.userId }];
      const names = parseWebhook(bodyOf('calls', valueOf({ calls, contacts })), HEARD).map((it) =>
        it.kind === 'contact' ? it.contact.waId : it.kind,
      );
      assert.deepEqual(names, [ANA.waId, '573001234567']);
    });

    it('never by somebody else’s entry', () => {
      const contacts = [{ wa_id: '573001234567', user_id: 'CO.1' }];
      assert.deepEqual(readContact(inBody(connect(), { contacts })).contact, ANA);
    });
  });
});
