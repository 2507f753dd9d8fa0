import { deepEqual, equal, match, notEqual, ok, throws } from 'node:assert/strict';
import { util } from '@node-red/util';
import * as fc from 'fast-check';
import type { NodeMessage } from 'node-red';
import { encode, Keys } from '../../src/records/keys';
import type { ContactNames } from '../../src/rules/contact';
import { keys, names } from './support/notes';

const SAFE = /^[A-Za-z][A-Za-z0-9_:-]*$/;

/** What WhatsApp sends, and what nobody should. */
const ids = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.stringMatching(/^\d{5,20}$/),
  fc.stringMatching(/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,40}$/),
  fc.base64String({ minLength: 8 }).map((text) => `wamid.${text}`),
  fc.constantFrom('__proto__', 'constructor', '0049', 'a["b"]', "it's", '#:(file)::k', '$parent.x'),
);

describe('Keys of the records', () => {
  it('read as what they are', () => {
    const contact = names({ waId: '573001234567', userId: 'US.13491208655302741918' });
    deepEqual(keys.contact(contact), [
      'whatsappCalling:106540352242922:w573001234567',
      'whatsappCalling:106540352242922:uUS_2e13491208655302741918',
    ]);
    equal(keys.account, 'whatsappCalling:106540352242922:account');
    equal(keys.counts, 'whatsappCalling:106540352242922:counts');
    equal(
      keys.call('wacid.HBg+/=='),
      'whatsappCalling:106540352242922:call-wacid_2eHBg_2b_2f_3d_3d',
    );
  });

  it('stand apart on the simulator', () => {
    const simulated = new Keys({ phoneNumberId: '106540352242922', simulated: true });
    deepEqual(simulated.contact(names({ waId: '573001234567' })), [
      'whatsappCalling:sim:106540352242922:w573001234567',
    ]);
    equal(simulated.isContact(keys.contact(names({ waId: '573001234567' }))[0]), false);
  });

  it("put WhatsApp's number first, then the one dialled, then the user id", () => {
    const all = names({ waId: '34600111222', phone: '573001234567', userId: 'ES.77' });
    const endings = keys.contact(all).map((key) => key.slice(key.lastIndexOf(':') + 1));
    deepEqual(endings, ['w34600111222', 'w573001234567', 'uES_2e77']);
  });

  it('are one for two spellings of a number', () => {
    equal(keys.contact(names({ waId: '551187654321', phone: '5511987654321' })).length, 1);
  });

  it('refuse a contact without any name', () => {
    throws(() => keys.contact(names({})), { code: 'contact-unnamed' });
    throws(() => keys.contact(names({ waId: '' })), { code: 'contact-unnamed' });
  });

  it('are told apart from everything else, and give nobody away in messages', () => {
    const [key] = keys.contact(names({ waId: '573001234567' }));
    ok(keys.isContact(key));
    for (const other of [
      keys.account,
      keys.counts,
      keys.call('wacid.1'),
      `${key}.x`,
      'w57',
      7,
      null,
    ]) {
      equal(keys.isContact(other), false);
    }
    equal(keys.describe(key), 'the record of the contact that ends in 4567');
  });

  it('of erased contacts tell nothing without the secret, and are one for all spellings of a number', () => {
    const erased = (contact: Partial<ContactNames>, secret: string, of = keys): string =>
      of.erased(of.contact(names(contact))[0], secret);
    const key = erased({ waId: '551187654321' }, 'ours');
    match(key, /^whatsappCalling:106540352242922:h[0-9a-f]{64}$/);
    equal(erased({ phone: '5511987654321' }, 'ours'), key);
    const simulated = new Keys({ phoneNumberId: '106540352242922', simulated: true });
    const others = [
      erased({ waId: '551187654321' }, 'theirs'),
      erased({ waId: '551187654322' }, 'ours'),
      erased({ userId: '551187654321' }, 'ours'),
    ];
    equal(new Set([key, ...others]).size, 4);
    notEqual(erased({ waId: '551187654321' }, 'ours', simulated).slice(-64), key.slice(-64));
    ok(keys.isContact(key) && keys.isErased(key));
    equal(keys.isErased(keys.contact(names({ waId: '551187654321' }))[0]), false);
    deepEqual(util.normalisePropertyExpression(key, {}, false), [key]);
    match(keys.secret, SAFE);
    equal(keys.isContact(keys.secret), false);
    equal(keys.describe(keys.secret), 'the secret of the erased contacts');
  });

  it('of the agenda are safe, and no contacts', () => {
    equal(keys.agenda(), 'whatsappCalling:106540352242922:due');
    const pages = [keys.agenda(), `${keys.agenda()}-20700`, `${keys.agenda()}-20700-612-63`];
    for (const key of pages) {
      match(key, SAFE);
      deepEqual(util.normalisePropertyExpression(key, {}, false), [key]);
      ok(keys.isAgenda(key) && !keys.isContact(key));
      equal(keys.describe(key), 'a page of the agenda');
    }
    const [contact] = keys.contact(names({ waId: '573001234567' }));
    for (const other of [contact, keys.account, keys.secret, keys.call('due')])
      equal(keys.isAgenda(other), false);
  });

  it('never collide, however strange the ids', () => {
    const tricky = ['_', 'u', '0', '1', '2', 'e', '.', '\u0001', '\u0012', '\u0100', '\u1000'];
    const pairs = tricky.flatMap((a) => tricky.map((b) => a + b));
    const texts = [...tricky, ...pairs, ...pairs.flatMap((a) => tricky.map((b) => a + b))];
    equal(new Set(texts.map(encode)).size, texts.length);
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        if (a !== b) notEqual(encode(a), encode(b));
      }),
    );
    const all = [...keys.contact(names({ waId: 'x', userId: 'x' })), keys.call('x'), keys.account];
    equal(new Set(all).size, 4);
  });

  it("are one plain name to Node-RED's property parser, and survive save, JSON and load", () => {
    fc.assert(
      fc.property(ids, ids, (id, phoneNumberId) => {
        const strange = new Keys({ phoneNumberId, simulated: false });
        const contact = names({ waId: id, userId: id });
        for (const key of [
          ...strange.contact(contact),
          strange.call(id),
          strange.account,
          strange.counts,
        ]) {
          match(key, SAFE);
          deepEqual(util.normalisePropertyExpression(key, {}, false), [key]);
          const scope: NodeMessage = {};
          util.setObjectProperty(scope, key, { v: 1 });
          const loaded: NodeMessage = JSON.parse(JSON.stringify(scope));
          deepEqual(Object.keys(loaded), [key]);
          deepEqual(util.getObjectProperty(loaded, key), { v: 1 });
          util.setObjectProperty(loaded, key, undefined);
          deepEqual(loaded, {});
        }
      }),
    );
  });
});
