import assert from 'node:assert/strict';
import { checkPermission, handleWebhook, requestPermission } from '../../src/actions';
import { RecordsError } from '../../src/records';
import { MESSAGE_ACCEPTED } from '../cloud-api/fake-whatsapp';
import {
  ACCEPT_PERMANENT,
  ANA,
  accountUpdateBody,
  bodyOf,
  callsBody,
  callStatus,
  connect,
  DECLINE,
  DISPLAY_NUMBER,
  messagesBody,
  messageStatus,
  messageStatusBody,
  reply,
  T,
  terminate,
  textMessage,
  unanswered,
  valueOf,
  type Body,
} from '../webhooks/fixtures';
import { Office, standing } from './support/office';

const MINUTE = 60_000;

describe('handling a webhook', () => {
  let office: Office;

  beforeEach(async () => {
    office = new Office();
    await office.open();
  });
  afterEach(() => office.close());

  const handle = (body: unknown) => handleWebhook(office.account, office.read(body));
  const told = async (body: unknown): Promise<string[]> =>
    (await handle(body)).events.map(({ type }) => type);

  const ben = (over: Body): Body => ({ ...over, from: '34600333444', from_user_id: 'ES.88' });

  it('never rejects: where the store fails it says so, and tells nothing', async () => {
    office.store.failing = 'set';
    const { events, failures } = await handle(messagesBody(reply(ACCEPT_PERMANENT)));
    assert.deepEqual(events, []);
    assert.ok(failures[0] instanceof RecordsError);
    office.store.failing = null;
    assert.deepEqual(await told(messagesBody(reply(ACCEPT_PERMANENT))), ['permission-granted']);
  });

  it('tells what could be stored where something else could not, and the rest when it comes again', async () => {
    const body = bodyOf('messages', {
      ...valueOf({ messages: [reply(ACCEPT_PERMANENT), ben(textMessage())] }),
      contacts: [],
    });
    const set = office.store.set.bind(office.store);
    office.store.set = (entries) =>
      [...entries.keys()].some((key) => key.includes('34600333444'))
        ? Promise.reject(new RecordsError('records-unavailable', 'full'))
        : set(entries);
    const first = await handle(body);
    assert.deepEqual(
      first.events.map(({ type }) => type),
      ['permission-granted'],
    );
    assert.equal(first.failures.length, 1);
    office.store.set = set;
    assert.deepEqual(await told(body), ['user-wrote']);
  });

  it('tells a "no" for what it was, whatever WhatsApp said since', async () => {
    office.whatsapp.behave(standing('permanent'));
    await checkPermission(office.account, ANA, 'always');
    assert.deepEqual(await told(messagesBody(reply(DECLINE))), ['permission-declined']);
  });

  it('stores nothing that it could not tell', async () => {
    const get = office.store.get.bind(office.store);
    office.store.get = (keys) =>
      keys.some((key) => key.endsWith(':account'))
        ? Promise.reject(new RecordsError('records-unavailable', 'gone'))
        : get(keys);
    assert.deepEqual(await told(messagesBody(reply(ACCEPT_PERMANENT))), []);
    office.store.get = get;
    assert.deepEqual(await told(messagesBody(reply(ACCEPT_PERMANENT))), ['permission-granted']);
  });

  it('takes many changes of one contact at once for what they are in their order', async () => {
    const texts = Array.from({ length: 15 }, (_, index) => textMessage({ id: `wamid.T${index}` }));
    assert.equal((await told(messagesBody(...texts, ...texts))).length, 15);
  });

  it('tells an end in one body with its cause by the cause', async () => {
    const { events } = await handle({
      entry: [
        ...((callsBody(unanswered()) as any).entry as object[]),
        ...((
          bodyOf(
            'calls',
            valueOf({
              statuses: [
                {
                  id: 'wacid.SIMAAA=',
                  type: 'call',
                  status: 'REJECTED',
                  timestamp: String(T + 64),
                },
              ],
            }),
          ) as any
        ).entry as object[]),
      ],
    });
    assert.deepEqual(
      events.map(({ type, call }) => `${type} ${call?.outcome}`),
      ['call-ended rejected'],
    );
  });

  it('tells of a pick-up, or of a call of the user, before the end in one body with it', async () => {
    const picked = valueOf({ calls: [terminate()], statuses: [callStatus('ACCEPTED')] });
    assert.deepEqual(await told(bodyOf('calls', picked)), ['call-answered', 'call-ended']);
    const fromUser = {
      id: 'wacid.user',
      direction: 'USER_INITIATED',
      from: ANA.waId,
      to: undefined,
      to_user_id: undefined,
      biz_opaque_callback_data: undefined,
    };
    const called = callsBody(terminate(fromUser), connect(fromUser));
    assert.deepEqual(await told(called), ['user-called', 'call-ended']);
  });

  it('finds a call that names nobody by its id', async () => {
    await handle(callsBody(connect()));
    const nameless = unanswered({ to: undefined, to_user_id: undefined, from: undefined });
    const { events } = await handle(
      bodyOf('calls', { ...valueOf({ calls: [nameless] }), contacts: [] }),
    );
    assert.equal(events[0]?.type, 'call-ended');
    assert.equal(events[0]?.contact?.waId, ANA.waId);
  });

  it('knows whose the end of a rejected call is, though it names nobody', async () => {
    const nobody = { to: undefined, to_user_id: undefined, from: undefined };
    const rejected = {
      id: 'wacid.SIMAAA=',
      type: 'call',
      status: 'REJECTED',
      timestamp: String(T + 64),
    };
    await handle(callsBody(connect()));
    const nameless = (parts: Body) => bodyOf('calls', { ...valueOf(parts), contacts: [] });
    assert.deepEqual(await told(nameless({ statuses: [rejected] })), ['call-ended']);
    assert.deepEqual(await told(nameless({ calls: [unanswered(nobody)] })), []);
  });

  it('leaves no way from a call to its contact behind when the call is over', async () => {
    await handle(callsBody(connect()));
    await handle(callsBody(terminate()));
    assert.deepEqual(
      Object.keys(office.store.content).filter((key) => key.includes(':call-')),
      [],
    );
  });

  describe('delivery reports', () => {
    const failed = (id: string) => messageStatusBody(messageStatus('failed', { id }));

    it('of messages that are no requests are passed on, and nothing is kept of them', async () => {
      assert.deepEqual(await told(failed('wamid.OTHER')), ['unknown']);
      assert.deepEqual(office.store.content, {});
    });

    it('are passed on too while the outcome of an old request is unknown', async () => {
      office.whatsapp.behave(standing('no_permission'), { status: 500, body: '' });
      await assert.rejects(requestPermission(office.account, ANA, { kind: 'free-form' }), {
        code: 'outcome-unknown',
      });
      office.now += 2 * MINUTE;
      assert.deepEqual(
        await told(
          messageStatusBody(
            messageStatus('failed', { id: 'wamid.OTHER', timestamp: String(office.now / 1000) }),
          ),
        ),
        ['unknown'],
      );
    });

    it('of a request are told when it failed, and only kept when it arrived', async () => {
      office.whatsapp.behave(standing('no_permission'), { body: MESSAGE_ACCEPTED });
      await requestPermission(office.account, ANA, { kind: 'free-form', memo: 7 });
      const delivered = messageStatusBody(messageStatus('delivered', { id: 'wamid.TEST0001' }));
      assert.equal((await told(delivered)).includes('request-failed'), false);
      const { events } = await handle(failed('wamid.TEST0001'));
      assert.deepEqual(
        events.map(({ type, memo, request }) => [type, memo, request?.id]),
        [['request-failed', 7, 'wamid.TEST0001']],
      );
    });
  });

  it('takes no end of a restriction for the end of a ban', async () => {
    const ban = (waba_ban_state: string, time: number): Body =>
      bodyOf(
        'account_update',
        { phone_number: DISPLAY_NUMBER, event: 'DISABLED_UPDATE', ban_info: { waba_ban_state } },
        { id: '0', time },
      );
    assert.deepEqual(await told(ban('DISABLE', T - 1)), ['account-restricted']);
    const release = accountUpdateBody({ event: 'ACCOUNT_RESTRICTION', restriction_info: [] });
    assert.deepEqual(await told(release), []);
    office.whatsapp.behave(standing('permanent'));
    const { verdict } = await checkPermission(office.account, ANA, 'always');
    assert.equal(verdict.reason, 'account-restricted');
    assert.deepEqual(await told(ban('REINSTATE', T + 1)), ['account-released']);
  });

  it('tells a restriction of the number once, in whatever form it comes', async () => {
    const restriction = accountUpdateBody({
      event: 'ACCOUNT_RESTRICTION',
      restriction_info: [
        { restriction_type: 'RESTRICTED_BUSINESS_INITIATED_CALLING', expiration: T + 604_800 },
      ],
    });
    assert.deepEqual(await told(restriction), ['account-restricted']);
    assert.deepEqual(await told(restriction), []);
    office.now += MINUTE;
    assert.deepEqual(await told(restriction), []);
  });
});
