import assert from 'node:assert/strict';
import { callStatus, connected, replied, terminated, userCalled, wrote } from './support/bodies';
import { everyNode, Stage, USER, wired, type Message } from './support/stage';

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

  describe('msg.memo', () => {
    const memo = { order: 'K-77', tries: [1, 2] };

    it('comes back with the answer to the request it was given to', async () => {
      await stage.send('request', { ...ANA, memo });
      await stage.pass(MINUTE);
      stage.simulator.user(USER).accept();
      await stage.pass(MINUTE);
      assert.deepEqual(stage.received('webhook-1')[0]!['memo'], memo);
    });

    it('comes back on every message about the call it was given to', async () => {
      stage.simulator.user(USER).grant();
      await stage.pass(MINUTE);
      await stage.send('place', { ...ANA, memo });
      await stage.pass(10_000);
      stage.simulator.user(USER).answer();
      await stage.pass(MINUTE);
      stage.simulator.user(USER).hangUp();
      await stage.pass(MINUTE);
      const told = [...stage.received('webhook-4'), ...stage.received('webhook-5')];
      assert.equal(told.length, 4);
      for (const msg of told) assert.deepEqual(msg['memo'], memo);
    });

    it('comes back days and a deploy later', async () => {
      await stage.send('request', { ...ANA, memo });
      await stage.pass(5 * 24 * 60 * MINUTE);
      await stage.deploy(everyNode(), 'full');
      stage.simulator.user(USER).decline();
      await stage.pass(MINUTE);
      assert.deepEqual(stage.received('webhook-2')[0]!['memo'], memo);
    });

    it('the latest comes with events about the contact as a whole', async () => {
      await stage.send('request', { ...ANA, memo });
      await stage.tell(wrote('wamid.W1'));
      const told = stage.received('webhook-7').filter(({ event }) => event.type === 'user-wrote');
      assert.deepEqual(told[0]!['memo'], memo);
    });

    it('is absent where there was none', async () => {
      await stage.tell(replied('accept'));
      assert.equal('memo' in stage.received('webhook-1')[0]!, false);
    });

    const circular: { self?: object } = {};
    circular.self = circular;
    for (const [what, bad, code] of [
      ['longer than 1 KB', 'x'.repeat(1023), 'memo-too-large'],
      ['longer than 1 KB in UTF-8', 'ñ'.repeat(512), 'memo-too-large'],
      ['circular', circular, 'memo-not-json'],
      ['a function', () => 1, 'memo-not-json'],
      ['a bigint', 1n, 'memo-not-json'],
    ] as const) {
      it(`${what} is an error before anything is sent`, async () => {
        stage.simulator.user(USER).grant();
        await stage.pass(MINUTE);
        for (const id of ['request', 'place']) {
          assert.equal(await stage.failureOf(id, { ...ANA, memo: bad }), code);
        }
        assert.equal(stage.asked.includes('POST messages'), false);
        assert.equal(stage.asked.includes('POST calls'), false);
      });
    }

    it('of exactly 1 KB is kept', async () => {
      const { output } = await stage.send('request', { ...ANA, memo: 'x'.repeat(1022) });
      assert.equal(output, 1);
    });
  });
});

describe('the field "contact"', () => {
  let stage: Stage;

  afterEach(() => stage.close());

  /** The contact that a check node finds in a field, or the code of its error. */
  async function found(
    field: { contact: string; contactType: string },
    message: object = {},
    { country = '', prepare = () => undefined as void } = {},
  ): Promise<unknown> {
    stage = new Stage();
    await stage.open(everyNode({ account: { country }, check: field }));
    prepare();
    const { output, msg } = await stage.send('check', message);
    return output === 0 ? msg['error'].code : msg['permission'].contact;
  }
  const payload = { contact: 'payload', contactType: 'msg' };
  const phone = { waId: null, userId: null, phone: '+573001234567' };
  const context = (scope: 'flow' | 'global') =>
    (stage.node('check').context() as any)[scope] as { set(key: string, value: unknown): void };

  it('is read from msg', async () => {
    assert.deepEqual(
      await found(
        { contact: 'to.number', contactType: 'msg' },
        { to: { number: '+573001234567' } },
      ),
      phone,
    );
  });

  for (const scope of ['flow', 'global'] as const) {
    it(`is read from ${scope} context`, async () => {
      const prepare = () => context(scope).set('customer', { phone: '+573001234567' });
      assert.deepEqual(
        await found({ contact: 'customer.phone', contactType: scope }, {}, { prepare }),
        phone,
      );
    });
  }

  it('is read from the environment', async () => {
    process.env['TEST_CONTACT'] = '573001234567';
    try {
      assert.deepEqual(await found({ contact: 'TEST_CONTACT', contactType: 'env' }), phone);
    } finally {
      delete process.env['TEST_CONTACT'];
    }
  });

  it('is computed by JSONata', async () => {
    assert.deepEqual(
      await found(
        { contact: '"+57" & payload.local', contactType: 'jsonata' },
        { payload: { local: 3001234567 } },
      ),
      phone,
    );
  });

  it('is a text of its own', async () => {
    assert.deepEqual(await found({ contact: '+57 300 123 4567', contactType: 'str' }), phone);
  });

  for (const [written, contact] of [
    ['+57 300 123 4567', phone],
    ['573001234567', phone],
    [573001234567, phone],
    ['  (+57) 300-123.45.67 ', phone],
    [{ phone: '+57 300 123 4567' }, phone],
    [{ waId: '573001234567' }, { ...phone, phone: null, waId: '573001234567' }],
    ['US.13491208655302741918', { ...phone, phone: null, userId: 'US.13491208655302741918' }],
    [{ userId: 'US.1349' }, { ...phone, phone: null, userId: 'US.1349' }],
    [
      { phone: '+573001234567', userId: 'CO.77' },
      { ...phone, userId: 'CO.77' },
    ],
    ['5215512345678', { ...phone, phone: '+5215512345678' }],
  ] as const) {
    it(`may be ${JSON.stringify(written)}`, async () => {
      assert.deepEqual(await found(payload, { payload: written }), contact);
    });
  }

  it('may be a national number where the account names a country', async () => {
    assert.deepEqual(await found(payload, { payload: '300 123 4567' }, { country: 'CO' }), phone);
  });

  it('takes a number with a country code for one all the same', async () => {
    const spanish = { ...phone, phone: '+34600111222' };
    assert.deepEqual(await found(payload, { payload: '34600111222' }, { country: 'CO' }), spanish);
  });

  for (const [what, message, code] of [
    ['nothing', {}, 'contact-missing'],
    ['null', { payload: null }, 'contact-missing'],
    ['an empty text', { payload: '  ' }, 'contact-missing'],
    ['an empty object', { payload: {} }, 'contact-missing'],
    ['words', { payload: 'Ana' }, 'contact-invalid'],
    ['a number that is too short', { payload: '12' }, 'contact-invalid'],
    ['a number that is too long', { payload: '+5730012345678901234' }, 'contact-invalid'],
    ['a list', { payload: ['+573001234567'] }, 'contact-invalid'],
    ['a truth value', { payload: true }, 'contact-invalid'],
    ['not a number', { payload: NaN }, 'contact-invalid'],
    ['a buffer', { payload: Buffer.from('573001234567') }, 'contact-missing'],
    ['an object with a bad number', { payload: { phone: 'x' } }, 'contact-invalid'],
    ['an object with a bad user id', { payload: { userId: '../x' } }, 'contact-invalid'],
    ['an object with a bad waId', { payload: { waId: 'x' } }, 'contact-invalid'],
  ] as const) {
    it(`${what} is an error: ${code}`, async () => {
      assert.equal(await found(payload, message), code);
      await stage.quiet();
      assert.deepEqual(stage.received('check'), []);
      assert.deepEqual(stage.asked, []);
      assert.equal(stage.badges('check').at(-1), 'status.failed');
    });
  }

  it('a national number without a country is an error that says so', async () => {
    stage = new Stage();
    await stage.open();
    const { msg } = await stage.send('check', { payload: '6001' });
    assert.equal(msg['error'].code, 'contact-invalid');
    assert.match(msg['error'].message, /national number needs the default country/);
  });

  for (const [what, field] of [
    ['JSONata that cannot be read', { contact: '$(', contactType: 'jsonata' }],
    ['JSONata that fails', { contact: '$sum("x")', contactType: 'jsonata' }],
  ] as const) {
    it(`${what} is an error: field-invalid`, async () => {
      assert.equal(await found(field), 'field-invalid');
    });
  }

  it('a property of nothing is a missing contact', async () => {
    assert.equal(await found({ contact: 'a.b.c', contactType: 'msg' }), 'contact-missing');
  });

  it('a message to people never holds the whole of what was written', async () => {
    stage = new Stage();
    await stage.open();
    const { msg } = await stage.send('check', { payload: '+57300123456789012' });
    assert.doesNotMatch(msg['error'].message, /300123456/);
  });

  it('is not needed by end call', async () => {
    stage = new Stage();
    await stage.open([...everyNode(), ...wired('end-2', 'whatsapp-end-call', 1)]);
    assert.equal(await stage.failureOf('end-2', {}), 'call-id-missing');
    assert.equal(await stage.failureOf('end-2', { call: 'x' }), 'call-id-missing');
    assert.equal(await stage.failureOf('end-2', { call: { id: 7 } }), 'call-id-missing');
  });
});
