import assert from 'node:assert/strict';
import {
  checkPermission,
  handleWebhook,
  placeCall,
  requestPermission,
  revoke,
} from '../../src/actions';
import { builtInOffer } from '../../src/media/built-in-offer';
import { serviceWindowUntil } from '../../src/rules';
import { orders } from '../records/support/orders';
import {
  ACCEPT_PERMANENT,
  ANA,
  bodyOf,
  connect,
  reply,
  T,
  terminate,
  textMessage,
  valueOf,
  type Body,
} from '../webhooks/fixtures';
import { Office, standing } from './support/office';

const OLD = { waId: ANA.waId, userId: null, phone: null };
const NEW = { waId: '34699888777', userId: 'ES.99', phone: null };

const message = (item: Body): Body =>
  bodyOf('messages', valueOf({ contacts: undefined, messages: [item] }));

const moved = (at = T + 100): Body =>
  message({
    from: ANA.waId,
    id: 'wamid.SYS1',
    timestamp: String(at),
    type: 'system',
    system: {
      type: 'user_changed_number',
      wa_id: NEW.waId,
      user_id: NEW.userId,
      previous_user_id: ANA.userId,
    },
  });

/** The first and the last webhook of a call from the former number; `at` is in epoch milliseconds. */
function userCall(userId: string, at: number): [Body, Body] {
  const timestamp = String(at / 1000);
  const call = {
    id: 'wacid.user',
    direction: 'USER_INITIATED',
    from: ANA.waId,
    from_user_id: userId,
    to: undefined,
    to_user_id: undefined,
    biz_opaque_callback_data: undefined,
    timestamp,
  };
  const end = terminate({ ...call, start_time: timestamp, end_time: timestamp });
  const bodyWith = (item: Body): Body =>
    bodyOf('calls', valueOf({ contacts: undefined, calls: [item] }));
  return [bodyWith(connect(call)), bodyWith(end)];
}

const fromNew = (item: Body): Body =>
  message({ ...item, from: NEW.waId, from_user_id: NEW.userId });

describe('a contact who took another number', () => {
  let office: Office;

  beforeEach(async () => {
    office = new Office();
    await office.open();
    office.whatsapp.behave(standing('no_permission'));
  });
  afterEach(() => office.close());

  const handle = async (body: unknown) => {
    const { events, failures } = await handleWebhook(office.account, office.read(body));
    assert.deepEqual(failures, []);
    return events;
  };
  const told = async (body: unknown) => (await handle(body)).map(({ type }) => type);
  const lookUps = () => office.whatsapp.seen.map(({ query }) => query['user_wa_id']);

  it('is told once, by the new number, in an event that has no name of its own', async () => {
    const [event] = await handle(moved());
    assert.equal(event?.type, 'unknown');
    assert.deepEqual(event?.contact, NEW);
    office.now += 60_000;
    assert.deepEqual(await handle(moved()), []);
  });

  for (const contact of [OLD, NEW]) {
    it(`is not called on the former number’s grant, asked for by ${contact.waId}`, async () => {
      office.whatsapp.behave(standing('permanent'));
      await checkPermission(office.account, OLD, 'always');
      await handle(message(reply(ACCEPT_PERMANENT)));
      await handle(moved());
      office.now += 1000;
      const { verdict } = await checkPermission(office.account, contact, 'never');
      assert.equal(verdict.canCall, false);
      office.whatsapp.behave(standing('no_permission'));
      const attempt = await placeCall(office.account, contact, { sdp: builtInOffer() });
      assert.equal(attempt.sent, null);
      assert.equal(lookUps().at(-1), NEW.waId);
      assert.equal(office.posts, 0);
    });
  }

  it('may be called under the new number once WhatsApp says so', async () => {
    await handle(moved());
    office.now += 1000;
    office.whatsapp.behave(standing('permanent'));
    const { verdict } = await checkPermission(office.account, OLD, 'auto');
    assert.equal(verdict.state, 'callable');
    assert.equal(lookUps().at(-1), NEW.waId);
  });

  it('gives no permission by what comes late from the former number, or from who has it now', async () => {
    await handle(moved());
    office.now += 1000;
    const late = reply(ACCEPT_PERMANENT, { timestamp: String(T + 3600) });
    const [event] = await handle(message(late));
    assert.equal(event?.type, 'unknown');
    const { verdict } = await checkPermission(office.account, NEW, 'never');
    assert.equal(verdict.canCall, false);
  });

  it('is not called on the grant of somebody else who has the former number by now', async () => {
    const stranger = { from: ANA.waId, from_user_id: 'ES.1' };
    const later = { timestamp: String(T + 3600) };
    const grant = { ...reply(ACCEPT_PERMANENT, later), from: undefined, from_user_id: 'ES.1' };
    const text = { ...textMessage({ id: 'wamid.stranger', ...later }), ...stranger };
    for (const order of orders([grant, text])) {
      await office.close();
      office = new Office();
      await office.open();
      await handle(moved());
      office.now += 1000;
      for (const item of order) await handle(message(item));
      const { verdict, names } = await checkPermission(office.account, NEW, 'never');
      assert.equal(verdict.canCall, false);
      assert.deepEqual(names, NEW);
    }
  });

  it('may not be asked again because somebody else calls us from the former number', async () => {
    office.whatsapp.behave(standing('no_permission'), {
      body: { contacts: [{ wa_id: NEW.waId }], messages: [{ id: 'wamid.SIM0001' }] },
    });
    await handle(moved());
    office.now += 1000;
    const template = { name: 'ask_to_call', language: 'en' };
    await requestPermission(office.account, NEW, { kind: 'template', template });
    office.now += 60_000;
    const [first, last] = userCall('ES.1', office.now);
    assert.deepEqual(await told(first), ['unknown']);
    assert.deepEqual(await told(last), ['unknown']);
    const { verdict } = await checkPermission(office.account, NEW, 'never');
    assert.equal(verdict.canRequest, false);
  });

  it('is told the end of a call that began under the former number', async () => {
    office.now += 60_000;
    const [first, last] = userCall(ANA.userId, office.now);
    assert.deepEqual(await told(first), ['user-called']);
    await handle(moved(office.now / 1000));
    assert.deepEqual(await told(last), ['call-ended']);
  });

  it('has no service window under the new number until something comes from there', async () => {
    const until = async () => serviceWindowUntil((await office.account.records.read(NEW)).record);
    await handle(message(textMessage()));
    await handle(moved());
    assert.equal(await until(), null);
    const late = textMessage({ id: 'wamid.late', timestamp: String(T + 200) });
    assert.deepEqual((await handle(message(late)))[0]?.type, 'user-wrote');
    assert.equal(await until(), null);
    await handle(fromNew(textMessage({ id: 'wamid.new', timestamp: String(T + 200) })));
    assert.notEqual(await until(), null);
  });

  it('keeps the count of requests', async () => {
    office.whatsapp.behave(standing('no_permission'), {
      body: {
        contacts: [{ wa_id: ANA.waId }],
        messages: [{ id: 'wamid.SIM0001' }],
      },
    });
    const template = { name: 'ask_to_call', language: 'en' };
    await requestPermission(office.account, OLD, { kind: 'template', template });
    await handle(moved());
    office.now += 1000;
    office.whatsapp.behave(standing('no_permission'));
    const { sent, verdict } = await requestPermission(office.account, NEW, {
      kind: 'template',
      template,
    });
    assert.equal(sent, null);
    assert.equal(verdict.requestsLeft, 0);
  });

  const story = {
    'wrote from the former number': () => handle(message(textMessage())),
    'wrote from the new number': () =>
      handle(fromNew(textMessage({ id: 'wamid.new', timestamp: String(T + 200) }))),
    moved: () => handle(moved()),
  };
  for (const optedOut of [OLD, NEW, { waId: null, userId: ANA.userId, phone: null }]) {
    for (const erased of [false, true]) {
      const how = `${optedOut.waId ?? optedOut.userId}${erased ? ', and was erased' : ''}`;
      it(`stays opted out in every order of what happened, opted out as ${how}`, async () => {
        const optOut = async () => {
          await revoke(office.account, optedOut, 'opt-out');
          if (erased) await revoke(office.account, optedOut, 'forget');
        };
        for (const order of orders([...Object.values(story), optOut])) {
          await office.close();
          office = new Office();
          await office.open();
          for (const happens of order) await happens();
          for (const name of [OLD, NEW]) {
            const { verdict } = await checkPermission(office.account, name, 'never');
            assert.equal(verdict.reason, 'opted-out');
          }
        }
      });
    }
  }
});
