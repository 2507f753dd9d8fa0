import assert from 'node:assert/strict';
import {
  batch,
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
import { Stage, USER } from './support/stage';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ANA = { payload: `+${USER}` };

describe('handle webhook, whatever the order and however often', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = new Stage();
    await stage.open();
    await stage.pass(10 * MINUTE);
  });
  afterEach(() => stage.close());

  describe('says nothing twice', () => {
    const bodies: Record<string, object> = {
      'a grant': replied('accept'),
      'a revocation': replied('reject'),
      'a text': wrote('wamid.W1'),
      connect: connected(),
      RINGING: callStatus('RINGING'),
      ACCEPTED: callStatus('ACCEPTED'),
      REJECTED: callStatus('REJECTED'),
      terminate: terminated(),
      'a call of the user': userCalled(),
    };
    for (const [name, each] of Object.entries(bodies)) {
      it(name, async () => {
        await stage.tell(each);
        assert.equal(stage.told().length, 1);
        await stage.tell(each);
        await stage.pass(4 * MINUTE);
        await stage.tell(each);
        await stage.tell(batch(each, each));
        assert.deepEqual(stage.told(), []);
      });
    }
  });

  it('says the end of a call twice neither, where it names nobody', async () => {
    const nobody = { user: {}, contacts: [] };
    await stage.tell(connected());
    await stage.tell(terminated(nobody));
    assert.deepEqual(stage.told(), ['4:call-connecting', '5:call-ended']);
    await stage.tell(terminated(nobody));
    assert.deepEqual(stage.told(), []);
  });

  it('says no text twice, however much the user writes', async () => {
    const texts = batch(
      ...Array.from({ length: 40 }, (_, index) => wrote(`wamid.W${index}`, seconds(index))),
    );
    await stage.tell(texts);
    assert.equal(stage.told().length, 40);
    await stage.tell(texts);
    assert.deepEqual(stage.told(), []);
  });

  it('says twice neither what is not about calling, where our clock is behind', async () => {
    const ahead = messageStatus('sent', 'wamid.S1', seconds(HOUR / 1000));
    await stage.tell(ahead);
    assert.deepEqual(stage.told(), ['7:unknown']);
    await stage.pass(MINUTE);
    await stage.tell(ahead);
    assert.deepEqual(stage.told(), []);
  });

  describe('in any order', () => {
    it('an older "no" after a newer grant changes and tells nothing', async () => {
      await stage.tell(replied('accept', { id: 'wamid.R2', at: seconds(60) }));
      await stage.tell(replied('reject', { id: 'wamid.R1', at: seconds(0) }));
      assert.deepEqual(stage.told(), ['1:permission-granted']);
      assert.equal((await stage.send('check', { ...ANA })).msg['permission'].kind, 'none');
    });

    it('a late RINGING after ACCEPTED is not told', async () => {
      await stage.tell(callStatus('ACCEPTED', { at: seconds(9) }));
      await stage.tell(callStatus('RINGING'));
      assert.deepEqual(stage.told(), ['4:call-answered']);
    });

    it('a connect after RINGING still brings the session, and does not set the call back', async () => {
      await stage.tell(callStatus('RINGING'));
      await stage.tell(connected());
      const [, late] = stage.received('webhook-4');
      assert.equal(late!['call'].state, 'ringing');
      assert.deepEqual(late!['call'].session, SESSION);
    });

    it('a late connect, RINGING or ACCEPTED never revives a call that is over', async () => {
      await stage.tell(terminated());
      stage.told();
      await stage.tell(connected());
      await stage.tell(callStatus('RINGING'));
      await stage.tell(callStatus('ACCEPTED'));
      assert.deepEqual(stage.told(), []);
      const { msg } = await stage.send('check', { ...ANA });
      assert.notEqual(msg['permission'].reason, 'call-in-progress');
    });

    for (const [name, bodies] of Object.entries({
      'REJECTED before terminate': [callStatus('REJECTED'), terminated({ at: seconds(3) })],
      'terminate before REJECTED': [terminated({ at: seconds(3) }), callStatus('REJECTED')],
      'both in one body': [batch(terminated({ at: seconds(3) }), callStatus('REJECTED'))],
    })) {
      it(`the end of a rejected call is told once: ${name}`, async () => {
        for (const each of bodies) await stage.tell(each);
        assert.deepEqual(stage.told(), ['5:call-ended']);
        assert.equal((await stage.send('check', { ...ANA })).msg['permission'].unanswered, 1);
      });
    }

    it('a rejected call in one body with its end is told as rejected', async () => {
      await stage.tell(batch(terminated({ at: seconds(3) }), callStatus('REJECTED')));
      assert.equal(stage.received('webhook-5')[0]!['call'].outcome, 'rejected');
    });
  });
});
