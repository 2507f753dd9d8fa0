import assert from 'node:assert/strict';
import { parseWebhook } from '../../src/webhooks';
import {
  ACCEPT_PERMANENT,
  ACCEPT_TEMPORARY,
  ANA,
  AUTOMATIC_REVOCATION,
  bodyOf,
  callStatus,
  CONTACT,
  DECLINE,
  HEARD,
  messagesBody,
  messageStatus,
  messageStatusBody,
  reply,
  T,
  textMessage,
  valueOf,
  type Body,
} from './fixtures';
import { readContact, readOne, typesIn } from './read';

describe('webhooks about messages', () => {
  describe('become facts: the user’s answer', () => {
    const told = { id: 'wamid.SIM0002', at: T * 1000, heard: HEARD, request: 'wamid.SIM0001' };
    const expiresAt = (T + 604_800) * 1000;
    const temporary = { ...told, type: 'granted', kind: 'temporary', expiresAt };
    const permanent = { ...told, type: 'granted', kind: 'permanent', expiresAt: null };
    const refused = { ...told, type: 'refused', automatic: false };
    const noContext = { context: undefined };
    const table: [string, Body, object][] = [
      ['accepts for a time', reply(ACCEPT_TEMPORARY), temporary],
      [
        'accepts, the expiry being a number',
        reply({ ...ACCEPT_TEMPORARY, expiration_timestamp: T + 604_800 }),
        temporary,
      ],
      [
        'accepts for longer than 7 days: the value given counts',
        reply({ ...ACCEPT_TEMPORARY, expiration_timestamp: T + 1_382_400 }),
        { ...temporary, expiresAt: (T + 1_382_400) * 1000 },
      ],
      [
        'accepts, without is_permanent as before 2025-11-03',
        reply({ ...ACCEPT_TEMPORARY, is_permanent: undefined }),
        temporary,
      ],
      [
        'accepts, with an unreadable expiry',
        reply({ ...ACCEPT_TEMPORARY, expiration_timestamp: 'soon' }),
        { ...temporary, expiresAt: null },
      ],
      [
        'accepts, with an expiry in milliseconds',
        reply({ ...ACCEPT_TEMPORARY, expiration_timestamp: expiresAt }),
        { ...temporary, expiresAt: null },
      ],
      ['accepts for good', reply(ACCEPT_PERMANENT), permanent],
      [
        'allows in the business profile, without context',
        reply(ACCEPT_PERMANENT, noContext),
        { ...permanent, request: null },
      ],
      [
        'allows by calling the business; the context is a call',
        reply(
          { ...ACCEPT_TEMPORARY, response_source: 'automatic' },
          { context: { id: 'wacid.UIC' } },
        ),
        { ...temporary, request: 'wacid.UIC' },
      ],
      ['declines', reply(DECLINE), refused],
      [
        'is revoked by WhatsApp after unanswered calls',
        reply(AUTOMATIC_REVOCATION, noContext),
        { ...refused, automatic: true, request: null },
      ],
      ['revokes by hand', reply(DECLINE, noContext), { ...refused, request: null }],
      ['needs no outer type', reply(DECLINE, { type: undefined }), refused],
    ];
    for (const [rule, message, fact] of table) {
      it(rule, () => {
        const change = readContact(messagesBody(message));
        assert.deepEqual(change.fact, fact);
        assert.deepEqual(change.contact, ANA);
        assert.equal(change.id, 'wamid.SIM0002');
        assert.equal(change.call, null);
        assert.deepEqual(change.raw, message);
      });
    }

    it('is passed on where the word is unknown, and never a grant', () => {
      assert.equal(readOne(messagesBody(reply({ response: 'maybe' }))).kind, 'other');
      assert.equal(readOne(messagesBody(reply({ is_permanent: true }))).kind, 'other');
    });

    it('is told by `from` where `contacts` is missing', () => {
      const body = bodyOf('messages', valueOf({ contacts: undefined, messages: [reply(DECLINE)] }));
      assert.deepEqual(readContact(body).contact, ANA);
    });

    it('is passed on where nobody can be told', () => {
      const message = reply(ACCEPT_PERMANENT, { from: undefined, from_user_id: undefined });
      const body = bodyOf('messages', valueOf({ contacts: undefined, messages: [message] }));
      assert.deepEqual(typesIn(body), ['other']);
    });
  });

  describe('become facts: what the user wrote', () => {
    const told = { id: 'wamid.SIM0003', at: T * 1000, heard: HEARD };
    for (const type of ['text', 'image', 'reaction', 'unsupported', 'interactive']) {
      it(`${type} opens the service window`, () => {
        const { fact } = readContact(messagesBody(textMessage({ type })));
        assert.deepEqual(fact, { type: 'user-wrote', ...told });
      });
    }

    it('a change of number is WhatsApp speaking, not the user', () => {
      const message = textMessage({ type: 'system', system: { type: 'user_changed_number' } });
      const change = readOne(messagesBody(message));
      assert.ok(change.kind === 'other');
      assert.deepEqual(change.contact, ANA);
    });
  });

  describe('become facts: what became of a request', () => {
    const delivered = {
      type: 'request-delivered',
      id: 'wamid.SIM0001',
      at: T * 1000,
      heard: HEARD,
    };
    const table: [string, object][] = [
      ['delivered', delivered],
      ['read', delivered],
      ['failed', { ...delivered, type: 'request-failed' }],
    ];
    for (const [status, fact] of table) {
      it(status, () =>
        assert.deepEqual(readContact(messageStatusBody(messageStatus(status))).fact, fact),
      );
    }

    it('failed comes without contacts, and perhaps without the user id', () => {
      const status = messageStatus('failed', { recipient_user_id: undefined });
      const body = bodyOf('messages', valueOf({ contacts: undefined, statuses: [status] }));
      assert.deepEqual(readContact(body).contact, { ...ANA, userId: null });
    });

    for (const status of ['sent', 'played', 'toString']) {
      it(`${status} tells nothing`, () => {
        assert.equal(readOne(messageStatusBody(messageStatus(status))).kind, 'other');
      });
    }

    it('is not mixed up with the statuses of calls', () => {
      const statuses = [messageStatus('read'), callStatus('RINGING')];
      assert.deepEqual(typesIn(messageStatusBody(...statuses)), ['request-delivered', 'ringing']);
    });
  });

  it('in batches are all read, each for its own contact', () => {
    const carlos = { wa_id: '573001234567', user_id: 'CO.1' };
    const messages = [
      textMessage(),
      reply(DECLINE, { from: '573001234567', from_user_id: undefined }),
      reply(ACCEPT_PERMANENT, { from: undefined, from_user_id: 'CO.1' }),
    ];
    const body = bodyOf('messages', valueOf({ messages, contacts: [CONTACT, carlos] }));
    const read = parseWebhook(body, HEARD).map((it) =>
      it.kind === 'contact' ? [it.fact.type, it.contact.userId] : [it.kind],
    );
    assert.deepEqual(read, [
      ['user-wrote', ANA.userId],
      ['refused', 'CO.1'],
      ['granted', 'CO.1'],
    ]);
  });

  it('that hold errors only are passed on', () => {
    const body = bodyOf('messages', valueOf({ errors: [{ code: 130429 }] }));
    assert.deepEqual(typesIn(body), ['other']);
    const mixed = bodyOf('messages', valueOf({ messages: [textMessage()], errors: [{ code: 1 }] }));
    assert.deepEqual(typesIn(mixed), ['user-wrote', 'other']);
  });
});
