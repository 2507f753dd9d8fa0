import assert from 'node:assert/strict';
import { callStatus, connected, replied, terminated, userCalled, wrote } from './support/bodies';
import { Stage, USER, type Message } from './support/stage';

const MINUTE = 60_000;
const ANA = { payload: `+${USER}` };

describe('the messages between the nodes', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = new Stage([{ waId: USER }, { waId: '5215512345678' }]);
    await stage.open();
    await stage.pass(10 * MINUTE);
  });
  afterEach(() => stage.close());

  const INPUTS = ['check', 'request', 'place', 'to-opt-out', 'to-restore'];

  it('leave msg.payload as it came, also where it is an object', async () => {
    const payload = { phone: `+${USER}`, order: 7 };
    for (const id of INPUTS) {
      const { msg } = await stage.send(id, { payload });
      assert.deepEqual(msg.payload, { phone: `+${USER}`, order: 7 });
    }
  });

  it('keep what others put into msg: req and res too, the very objects', async () => {
    const res = { _res: { socket: {} } };
    const req = { headers: {} };
    for (const id of INPUTS) {
      const { msg } = await stage.send(id, { ...ANA, req, res, topic: 'orders', parts: { id: 1 } });
      assert.equal(msg['res'], res);
      assert.equal(msg['req'], req);
      assert.equal(msg['topic'], 'orders');
      assert.deepEqual(msg['parts'], { id: 1 });
    }
  });

  it('name the contact by every name that is known', async () => {
    const { msg } = await stage.send('request', { ...ANA });
    const { userId } = stage.simulator.user(USER);
    assert.deepEqual(msg['permission'].contact, { waId: USER, userId, phone: `+${USER}` });
    assert.match(userId, /^ZZ\.\d+$/);
  });

  it('any output can be wired to any input', async () => {
    for (const body of [
      replied('accept'),
      replied('reject', { id: 'wamid.R2' }),
      connected(),
      callStatus('RINGING'),
      terminated(),
      userCalled(),
      wrote('wamid.W1'),
    ]) {
      await stage.tell(body);
    }
    for (const id of INPUTS) await stage.send(id, { ...ANA });
    const sent = stage.received().filter(({ payload }) => payload !== null);
    assert.ok(sent.length >= 12);
    for (const msg of sent) {
      for (const id of INPUTS) {
        const { output } = await stage.send(id, structuredClone(msg));
        assert.notEqual(output, 0, `${id} refused ${JSON.stringify(msg)}`);
      }
    }
  });

  it('a number as WhatsApp writes it in Mexico comes back from a webhook and is accepted', async () => {
    const [number] = stage.simulator.numbers;
    stage.simulator.user('5215512345678').grant(number);
    await stage.pass(MINUTE);
    const [granted] = stage.received('webhook-1') as [Message];
    assert.equal(granted.payload, '+5215512345678');
    assert.equal((await stage.send('check', { payload: granted.payload })).output, 1);
    assert.equal((await stage.send('place', granted)).output, 1);
  });

  it('the names of another message are not believed of another number', async () => {
    const { msg } = await stage.send('check', { ...ANA });
    const other = await stage.send('check', { ...msg, payload: '+34600111222' });
    assert.equal(other.msg['permission'].contact.phone, '+34600111222');
    assert.equal(other.msg['permission'].contact.waId, null);
  });

  it('a msg.permission that is none of ours does no harm', async () => {
    for (const permission of [null, 7, { contact: 7 }, { contact: { waId: Number(USER) } }]) {
      const { output } = await stage.send('check', { ...ANA, permission });
      assert.notEqual(output, 0);
    }
  });
});
