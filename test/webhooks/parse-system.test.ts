import assert from 'node:assert/strict';
import { ANA, DISPLAY_NUMBER, HEARD, T, bodyOf, valueOf, type Body } from './fixtures';
import { readContact, readOne } from './read';

const NEW = { waId: '34699888777', userId: null, phone: null };

/** As on Meta's page on system messages: there are no `contacts`. */
const systemBody = (system: unknown, over: Body = {}): Body =>
  bodyOf(
    'messages',
    valueOf({
      contacts: undefined,
      messages: [
        {
          from: ANA.waId,
          id: 'wamid.SYS1',
          timestamp: String(T),
          type: 'system',
          system,
          ...over,
        },
      ],
    }),
  );

describe('a system message', () => {
  const told = { type: 'number-changed', id: 'wamid.SYS1', at: T * 1000, heard: HEARD };
  const OLD = { waId: ANA.waId, userId: null, phone: null };
  const changes: [string, Body, object, object][] = [
    ['of today', { type: 'user_changed_number', wa_id: NEW.waId }, OLD, NEW],
    [
      'with user ids',
      {
        type: 'user_changed_number',
        wa_id: NEW.waId,
        user_id: 'ES.99',
        previous_user_id: ANA.userId,
      },
      ANA,
      { ...NEW, userId: 'ES.99' },
    ],
    [
      'of version 12',
      { type: 'customer_changed_number', wa_id: NEW.waId, customer: ANA.waId },
      OLD,
      NEW,
    ],
    ['of version 11', { type: 'customer_changed_number', new_wa_id: 34699888777 }, OLD, NEW],
  ];
  for (const [which, system, former, contact] of changes) {
    it(`says that the user has another number, in the shape ${which}`, () => {
      const change = readContact(systemBody(system));
      assert.deepEqual(change.fact, told);
      assert.deepEqual(change.former, former);
      assert.deepEqual(change.contact, contact);
    });
  }

  it('may name the former number where the user was not told as the sender', () => {
    const system = { type: 'user_changed_number', wa_id: NEW.waId, customer: ANA.waId };
    for (const from of [undefined, NEW.waId, DISPLAY_NUMBER]) {
      assert.deepEqual(readContact(systemBody(system, { from })).former, OLD);
    }
  });

  it('may tell the new user id alone', () => {
    const system = {
      type: 'user_changed_user_id',
      user_id: 'ES.99',
      previous_user_id: ANA.userId,
    };
    const change = readContact(systemBody(system, { from: undefined }));
    assert.deepEqual(change.former, { waId: null, userId: ANA.userId, phone: null });
    assert.deepEqual(change.contact, { waId: null, userId: 'ES.99', phone: null });
  });

  it('keeps a user id that holds still out of the former names', () => {
    const system = { type: 'user_changed_number', wa_id: NEW.waId, user_id: ANA.userId };
    const change = readContact(systemBody(system, { from_user_id: ANA.userId }));
    assert.deepEqual(change.former, OLD);
  });

  const passedOn: [string, unknown, Body?][] = [
    ['without a type', { wa_id: NEW.waId }],
    ['of another type', { type: 'customer_identity_changed', wa_id: NEW.waId }],
    ['without the new number', { type: 'user_changed_number' }],
    ['with a new number that is none', { type: 'user_changed_number', wa_id: 'soon' }],
    ['with our own number', { type: 'user_changed_number', wa_id: DISPLAY_NUMBER }],
    ['from the new number alone', { type: 'user_changed_number', wa_id: ANA.waId }],
    ['from nobody', { type: 'user_changed_number', wa_id: NEW.waId }, { from: undefined }],
    ['without an id', { type: 'user_changed_number', wa_id: NEW.waId }, { id: undefined }],
    ['that is a text', 'user_changed_number'],
    ['that is nothing', null],
  ];
  for (const [which, system, over = {}] of passedOn) {
    it(`${which} is passed on as it is, and changes nothing`, () =>
      assert.equal(readOne(systemBody(system, over)).kind, 'other'));
  }
});
