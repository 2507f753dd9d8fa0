import assert from 'node:assert/strict';
import { failureOf } from './actions';
import { FakeWhatsApp, TOKEN, graphError } from './fake-whatsapp';

const WABA = '900800700600500';
const BODY = { type: 'BODY', text: 'Hello {{1}}, may we call you about {{ 2 }}, {{1}}?' };
const ASK = { type: 'call_permission_request' };
const template = (more: object = {}): object => ({
  name: 'ask_to_call',
  language: 'en',
  status: 'APPROVED',
  category: 'UTILITY',
  components: [BODY, ASK],
  parameter_format: 'POSITIONAL',
  id: '1',
  ...more,
});

describe('cloud-api: looking up templates', () => {
  let whatsapp: FakeWhatsApp;
  beforeEach(async () => {
    whatsapp = new FakeWhatsApp();
    await whatsapp.start();
  });
  afterEach(() => whatsapp.stop());

  const lookUp = (name = 'ask_to_call') =>
    whatsapp.client({ businessAccountId: WABA }).lookUpTemplates(name);
  const read = async (...data: unknown[]) => {
    whatsapp.behave({ body: { data } });
    return lookUp();
  };

  it('is a GET of the business account’s message_templates by name', async () => {
    await read();
    const { method, path, query, headers } = whatsapp.last!;
    assert.equal(`${method} ${path}`, `GET /v25.0/${WABA}/message_templates`);
    assert.equal(query['name'], 'ask_to_call');
    assert.equal(query['fields'], 'name,language,status,category,components,parameter_format');
    assert.equal(headers.authorization, `Bearer ${TOKEN}`);
  });

  it('asks nothing and knows nothing without a business account', async () => {
    for (const businessAccountId of [null, undefined]) {
      const options = businessAccountId === null ? { businessAccountId } : {};
      assert.equal(await whatsapp.client(options).lookUpTemplates('ask_to_call'), null);
    }
    assert.deepEqual(whatsapp.seen, []);
  });

  it('reads language, status, the request and the placeholders', async () => {
    assert.deepEqual(await read(template()), [
      {
        name: 'ask_to_call',
        language: 'en',
        status: 'APPROVED',
        asksToCall: true,
        placeholders: ['1', '2'],
      },
    ]);
  });

  const shapes: [string, object, object][] = [
    [
      'named placeholders',
      { components: [{ type: 'body', text: '{{name}}!' }] },
      { placeholders: ['name'] },
    ],
    ['no placeholder', { components: [{ type: 'BODY', text: 'Hi' }, ASK] }, { placeholders: [] }],
    [
      'a request in capitals',
      { components: [{ type: 'CALL_PERMISSION_REQUEST' }] },
      { asksToCall: true },
    ],
    ['no request', { components: [BODY] }, { asksToCall: false }],
    ['no components', { components: undefined }, { asksToCall: null, placeholders: null }],
    [
      'components that are none',
      { components: [null, 5, {}] },
      { asksToCall: false, placeholders: null },
    ],
    ['a status in small letters', { status: 'paused' }, { status: 'PAUSED' }],
    ['a status that is none', { status: 7 }, { status: '' }],
  ];
  for (const [which, more, expected] of shapes) {
    it(`reads ${which}`, async () => {
      const [found] = (await read(template(more)))!;
      assert.deepEqual({ ...found, ...expected }, found);
    });
  }

  it('passes over what is no template, and those that only have the name in theirs', async () => {
    const found = await read(
      null,
      'x',
      {},
      template({ language: null }),
      template({ name: 'do_not_ask_to_call' }),
      template({ language: 'es' }),
    );
    assert.deepEqual(
      found?.map(({ language }) => language),
      ['es'],
    );
  });

  it('reads page after page, and not without end', async () => {
    const page = (language: string, after?: string) => ({
      body: {
        data: [template({ language })],
        paging: {
          cursors: { before: 'b', after: after ?? 'z' },
          ...(after && { next: 'https://x' }),
        },
      },
    });
    whatsapp.behave(page('en', 'A'), page('es', 'B'), page('pt_BR'));
    const found = await lookUp();
    assert.deepEqual(
      found?.map(({ language }) => language),
      ['en', 'es', 'pt_BR'],
    );
    assert.deepEqual(
      whatsapp.seen.map(({ query }) => query['after']),
      [undefined, 'A', 'B'],
    );
    whatsapp.behave(page('en', 'A'));
    assert.equal((await lookUp())?.length, 5);
  });

  it('shares one look-up among those who ask for the same name at the same time', async () => {
    whatsapp.behave({ body: { data: [template()] } });
    const client = whatsapp.client({ businessAccountId: WABA });
    const names = ['ask_to_call', 'news', 'ask_to_call', 'ask_to_call'];
    await Promise.all(names.map((name) => client.lookUpTemplates(name)));
    assert.equal(whatsapp.seen.length, 2);
    await client.lookUpTemplates('news');
    assert.equal(whatsapp.seen.length, 3);
  });

  it('waits for its turn among the look-ups', async () => {
    whatsapp.behave({ body: { data: [] } });
    const waits: number[] = [];
    const client = whatsapp.client({
      businessAccountId: WABA,
      lookUpsPerSecond: 5,
      sleep: async (ms) => void waits.push(ms),
    });
    await Promise.all(['a', 'b', 'c'].map((name) => client.lookUpTemplates(name)));
    assert.deepEqual(waits, [200, 200]);
  });

  it('fails with a code where WhatsApp does not answer who asks, or says nothing of templates', async () => {
    whatsapp.behave({ status: 403, body: graphError(200) });
    assert.equal((await failureOf(lookUp())).code, 'token-not-permitted');
    for (const body of [{}, { data: null }, { data: {} }]) {
      whatsapp.behave({ body });
      assert.equal((await failureOf(lookUp())).code, 'invalid-response');
    }
  });
});
