import assert from 'node:assert/strict';
import { everyNode, Stage, wired } from './support/stage';

describe('the field "contact"', () => {
  let stage: Stage;

  afterEach(() => stage.close());

  /** The contact that a check node finds in a field, or the code of its error. */
  async function found(
    field: { contact: string; contactType: string },
    message: object = {},
    { country = '', prepare = (): void => undefined } = {},
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

  it('without "+" is a national number, or an international one where only that is valid', async () => {
    assert.deepEqual(await found(payload, { payload: '3001234567' }, { country: 'CO' }), phone);
    await stage.close();
    const abroad = { ...phone, phone: '+34600111222' };
    assert.deepEqual(await found(payload, { payload: '34600111222' }, { country: 'CO' }), abroad);
  });

  it('without "+" is nobody where it is one number here and another one abroad', async () => {
    const code = await found(payload, { payload: '34600111222' }, { country: 'DE' });
    assert.equal(code, 'contact-invalid');
  });

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
    await stage.open([...everyNode(), ...wired('hang-up', 'whatsapp-end-call', 1)]);
    assert.equal(await stage.failureOf('hang-up', {}), 'call-id-missing');
    assert.equal(await stage.failureOf('hang-up', { call: 'x' }), 'call-id-missing');
    assert.equal(await stage.failureOf('hang-up', { call: { id: 7 } }), 'call-id-missing');
  });
});
