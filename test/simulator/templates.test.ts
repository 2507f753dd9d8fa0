import assert from 'node:assert/strict';
import { ANA, TOKEN, World } from './world';

const WABA = '900800700600500';
const TEMPLATES = [
  { name: 'ask_to_call', language: 'en', body: 'Hello {{1}}', callPermissionRequest: true },
  { name: 'ask_to_call', language: 'es', body: 'Hola {{name}}', callPermissionRequest: true },
  { name: 'ask_to_call_v2', language: 'en', status: 'PENDING', callPermissionRequest: true },
  { name: 'news', language: 'en', callPermissionRequest: false },
];

describe('templates', () => {
  let world: World;
  beforeEach(async () => {
    world = await new World({ number: { templates: TEMPLATES } }).listen();
  });
  afterEach(() => world.simulator.close());

  const list = (query = '', token = TOKEN, id = WABA) =>
    world.http('GET', `/v25.0/${id}/message_templates${query}`, undefined, {
      authorization: `Bearer ${token}`,
    });
  const named = async (query: string): Promise<string[]> =>
    (await list(query)).body.data.map((one: any) => `${one.name} ${one.language}`);
  const send = async (name: string, language: string, parameters: object[]) => {
    const template = {
      name,
      language: { code: language },
      components: [{ type: 'body', parameters }],
    };
    const content = { messaging_product: 'whatsapp', to: ANA, type: 'template', template };
    const { status, body } = await world.graph('POST', 'messages', content);
    return status === 200 ? 200 : body.error.code;
  };

  it('are listed by name, with their parts', async () => {
    assert.deepEqual(await named('?name=ask_to_call'), [
      'ask_to_call en',
      'ask_to_call es',
      'ask_to_call_v2 en',
    ]);
    const [en, es] = (await list('?name=ask_to_call')).body.data;
    assert.equal(en.status, 'APPROVED');
    assert.equal(en.category, 'UTILITY');
    assert.equal(en.parameter_format, 'POSITIONAL');
    assert.equal(es.parameter_format, 'NAMED');
    assert.deepEqual(en.components, [
      { type: 'BODY', text: 'Hello {{1}}' },
      { type: 'CALL_PERMISSION_REQUEST' },
    ]);
    const [news] = (await list('?name=news&fields=name,status')).body.data;
    assert.deepEqual(Object.keys(news), ['name', 'status', 'id']);
    assert.deepEqual(await named('?name=nothing'), []);
  });

  it('are listed page by page', async () => {
    const first = (await list('?limit=3')).body;
    assert.equal(first.data.length, 3);
    assert.ok(first.paging.next.includes('after='));
    const second = (await list(`?limit=3&after=${first.paging.cursors.after}`)).body;
    assert.deepEqual(
      second.data.map((one: any) => one.name),
      ['news'],
    );
    assert.equal(second.paging.next, undefined);
    assert.equal((await list('?limit=many')).body.error.code, 100);
  });

  it('are the business account’s, and for its token alone', async () => {
    assert.equal((await list('', 'another')).body.error.code, 190);
    assert.equal((await list('', TOKEN, '1')).body.error.code, 100);
    assert.equal((await world.graph('GET', 'message_templates')).body.error.code, 2500);
  });

  it('can be sent with as many values as they have placeholders, and by the same names', async () => {
    const text = { type: 'text', text: 'Ana' };
    assert.equal(await send('ask_to_call', 'en', []), 132000);
    assert.equal(await send('ask_to_call', 'en', [text, text]), 132000);
    assert.equal(await send('ask_to_call', 'es', [text]), 100);
    assert.equal(world.truth.requestsLast24h, 0);
    assert.equal(await send('ask_to_call', 'es', [{ ...text, parameter_name: 'name' }]), 200);
  });

  it('cannot be sent before they are approved', async () => {
    assert.equal(await send('ask_to_call_v2', 'en', []), 132001);
  });

  it('of other names are accepted where that is wished', async () => {
    const lenient = await new World({
      number: { templates: TEMPLATES, otherTemplates: true },
    }).listen();
    assert.equal((await lenient.requestByTemplate(ANA, 'of_my_own', 'pt_BR')).status, 200);
    assert.equal(
      (await lenient.requestByTemplate(ANA, 'ask_to_call', 'fr')).body.error.code,
      132001,
    );
    await lenient.simulator.close();
  });
});
