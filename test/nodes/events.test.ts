import assert from 'node:assert/strict';
import {
  batch,
  body,
  bodyOf,
  callStatus,
  connected,
  messageStatus,
  replied,
  seconds,
  SESSION,
  terminated,
  userCalled,
  wrote,
} from './support/bodies';
import { everyNode, Stage, START, USER, webhook, type Message } from './support/stage';

const MINUTE = 60_000;
const ANA = { payload: `+${USER}` };

describe('handle webhook', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = new Stage();
    await stage.open([...everyNode(), ...webhook({}, 'second')]);
    await stage.pass(10 * MINUTE);
  });
  afterEach(() => stage.close());

  const only = (id: string): Message => {
    const all = stage.received(id);
    assert.equal(all.length, 1);
    return all[0]!;
  };

  describe('sends one message a fact, each by its output', () => {
    it('a permission that was granted', async () => {
      await stage.tell(replied('accept'));
      const msg = only('webhook-1');
      assert.equal(msg.payload, `+${USER}`);
      assert.equal(msg['event'].type, 'permission-granted');
      assert.equal(msg['event'].at, '2026-09-01T12:00:00.000Z');
      assert.equal(msg['event'].id, 'wamid.R1');
      assert.equal(msg['event'].again, false);
      assert.equal(msg['event'].raw.interactive.type, 'call_permission_reply');
      assert.equal(msg['permission'].reason, 'permanent-permission');
      assert.equal(msg['permission'].checked, 'records');
      assert.deepEqual(stage.told(), ['1:permission-granted']);
    });

    it('a "no" to a request', async () => {
      await stage.tell(replied('reject', { request: 'wamid.Q1' }));
      assert.deepEqual(stage.told(), ['2:permission-declined']);
    });

    it('another number of the user, by the new one, which the next message to the old one is about', async () => {
      const system = { type: 'user_changed_number', wa_id: '573001119999' };
      const message = {
        from: USER,
        id: 'wamid.S1',
        timestamp: seconds(60),
        type: 'system',
        system,
      };
      await stage.tell(replied('accept'));
      stage.told();
      await stage.tell(body('messages', { messages: [message] }, []));
      const msg = only('webhook-7');
      assert.equal(msg.payload, '+573001119999');
      assert.equal(msg['event'].type, 'unknown');
      assert.deepEqual(msg['event'].raw, message);
      assert.equal(msg['permission'].canCall, false);
      await stage.pass(1000);
      const { output, msg: asked } = await stage.send('check', { ...ANA });
      assert.equal(output, 2);
      assert.equal(asked['permission'].checked, 'whatsapp');
      assert.equal(asked['permission'].contact.waId, '573001119999');
    });

    it('a revocation by the user', async () => {
      await stage.tell(replied('accept'));
      await stage.tell(replied('reject', { id: 'wamid.R2', at: seconds(60) }));
      assert.deepEqual(stage.told(), ['1:permission-granted', '3:permission-revoked']);
    });

    it('a revocation by WhatsApp, after unanswered calls', async () => {
      await stage.tell(replied('reject', { automatic: true }));
      const msg = only('webhook-3');
      assert.equal(msg['permission'].reason, 'revoked-after-unanswered');
    });

    it('a request that WhatsApp accepted and could not deliver', async () => {
      const { msg } = await stage.send('request', { ...ANA, memo: 'K-77' });
      const { id } = msg['request'];
      await stage.tell(messageStatus('failed', id));
      const failed = only('webhook-3');
      assert.equal(failed['event'].type, 'request-failed');
      assert.deepEqual(failed['request'], msg['request']);
      assert.equal(failed['memo'], 'K-77');
    });

    it('a call on its way: connecting with the answer to our offer, ringing, answered, ended', async () => {
      await stage.tell(connected());
      assert.deepEqual(only('webhook-4')['call'].session, SESSION);
      assert.equal(only('webhook-4')['call'].state, 'connecting');
      await stage.tell(callStatus('RINGING'));
      await stage.tell(callStatus('ACCEPTED', { at: seconds(9) }));
      await stage.tell(terminated({ at: seconds(60), talked: 51 }));
      const [, ringing, answered] = stage.received('webhook-4');
      assert.equal(ringing!['call'].state, 'ringing');
      assert.equal(ringing!['call'].session, null);
      assert.equal(answered!['call'].state, 'answered');
      assert.equal(answered!['call'].startedAt, '2026-09-01T12:00:09.000Z');
      const { call } = only('webhook-5');
      assert.deepEqual(
        { ...call },
        {
          id: 'wacid.C1',
          direction: 'business',
          state: 'ended',
          outcome: 'answered',
          startedAt: '2026-09-01T12:00:09.000Z',
          endedAt: '2026-09-01T12:01:00.000Z',
          durationSeconds: 51,
          error: null,
          session: null,
        },
      );
      assert.deepEqual(stage.told(), [
        '4:call-connecting',
        '4:call-ringing',
        '4:call-answered',
        '5:call-ended',
      ]);
    });

    it('a call that nobody picked up, though WhatsApp says COMPLETED', async () => {
      await stage.tell(terminated());
      const { outcome, startedAt, durationSeconds } = only('webhook-5')['call'];
      assert.deepEqual([outcome, startedAt, durationSeconds], ['no-answer', null, null]);
    });

    it('a call that failed, with the reason', async () => {
      const errors = [{ code: 138021, message: 'No media received' }];
      await stage.tell(terminated({ more: { status: 'FAILED', errors } }));
      const { outcome, error } = only('webhook-5')['call'];
      assert.equal(outcome, 'failed');
      assert.deepEqual(error, { code: 138021, message: 'No media received' });
    });

    it('a user who called, and one who wrote', async () => {
      await stage.tell(userCalled());
      await stage.tell(wrote('wamid.W1'));
      assert.deepEqual(stage.told(), ['7:user-called', '7:user-wrote']);
    });

    it('a number that WhatsApp restricts, once however it is told', async () => {
      const number = stage.simulator.numbers[0]!;
      number.restrict(7);
      await stage.pass(MINUTE);
      const [msg] = stage.received('webhook-7');
      assert.equal(msg!.payload, null);
      assert.equal('permission' in msg!, false);
      assert.deepEqual(stage.told(), ['7:account-restricted']);
    });

    it('a number on which calling is switched off and on again', async () => {
      const number = stage.simulator.numbers[0]!;
      number.changeSettings({ status: 'DISABLED' });
      await stage.pass(MINUTE);
      number.changeSettings({ status: 'ENABLED' });
      await stage.pass(MINUTE);
      assert.deepEqual(stage.told(), ['7:account-restricted', '7:account-released']);
    });

    it('a change of settings that releases nothing is only passed on', async () => {
      stage.simulator.numbers[0]!.changeSettings({ status: 'ENABLED' });
      await stage.pass(MINUTE);
      assert.deepEqual(stage.told(), ['7:unknown']);
    });

    it('what is not about calling, once, with its contact', async () => {
      const other = messageStatus('delivered', 'wamid.of-another-flow');
      await stage.tell(other);
      await stage.tell(other);
      const msg = only('webhook-7');
      assert.equal(msg.payload, `+${USER}`);
      assert.equal(msg['event'].type, 'unknown');
      assert.equal(msg['event'].raw.id, 'wamid.of-another-flow');
    });

    it('a field that nobody knows, without a contact', async () => {
      await stage.tell(
        bodyOf({ field: 'flows', value: { metadata: { phone_number_id: '100000000000001' } } }),
      );
      assert.equal(only('webhook-7').payload, null);
      assert.deepEqual(only('webhook-7')['event'].raw.field, 'flows');
    });
  });

  it('tells every handle webhook node, each in a message of its own', async () => {
    await stage.tell(replied('accept'));
    const [first] = stage.received('webhook-1');
    const [second] = stage.received('second-1');
    assert.notEqual(first, second);
    first!['permission'].contact.waId = 'changed';
    first!['event'].raw.from = 'changed';
    assert.equal(second!['permission'].contact.waId, USER);
    assert.equal(second!['event'].raw.from, USER);
  });

  it('tells all of a batch, in its order, whatever numbers and entries it has', async () => {
    await stage.tell(
      batch(wrote('wamid.W1'), connected(), callStatus('RINGING'), replied('accept')),
    );
    assert.deepEqual(stage.told().toSorted(), [
      '1:permission-granted',
      '4:call-connecting',
      '4:call-ringing',
      '7:user-wrote',
    ]);
  });

  it('tells what lies beside something that cannot be read', async () => {
    await stage.tell(batch(bodyOf(7 as never, { field: 3 }), replied('accept')));
    assert.ok(stage.told().includes('1:permission-granted'));
  });

  it('stores what it is told while no handle webhook node is there', async () => {
    const silent = everyNode({ check: { ask: 'never' } }).filter(
      ({ id }) => !id.startsWith('webhook'),
    );
    await stage.deploy(silent, 'full');
    await stage.tell(replied('accept'));
    const { output, msg } = await stage.send('check', { ...ANA });
    assert.equal(output, 1);
    assert.equal(msg['permission'].checked, 'records');
  });

  it('counts a date in the future as now', async () => {
    await stage.tell(replied('accept', { at: seconds(999_999) }));
    assert.equal(only('webhook-1')['event'].at, new Date(START + 10 * MINUTE).toISOString());
  });

  it('tells of a contact without a number by the user id, which every node takes', async () => {
    const contacts = [{ user_id: 'US.13491208655302741918' }];
    const message = {
      from_user_id: 'US.13491208655302741918',
      id: 'wamid.W1',
      timestamp: seconds(0),
      type: 'text',
    };
    await stage.tell(body('messages', { messages: [message] }, contacts));
    assert.equal(only('webhook-7').payload, 'US.13491208655302741918');
  });
});
