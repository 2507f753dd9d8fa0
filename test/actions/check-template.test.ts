import assert from 'node:assert/strict';
import { checkTemplate, type WantedTemplate } from '../../src/actions';
import { CloudApiError } from '../../src/cloud-api';
import { graphError } from '../cloud-api/fake-whatsapp';
import { Office } from './support/office';

const body = (text: string) => ({ type: 'BODY', text });
const ASK = { type: 'call_permission_request' };

const template = (more: object = {}): object => ({
  name: 'ask_to_call',
  language: 'en',
  status: 'APPROVED',
  components: [body('Hello {{1}}, about {{2}}'), ASK],
  ...more,
});

describe('checking a template', () => {
  let office: Office;
  beforeEach(async () => {
    office = new Office();
    await office.open();
  });
  afterEach(() => office.close());

  const check = (more: Partial<WantedTemplate> = {}, ...data: object[]) => {
    office.whatsapp.behave({ body: { data } });
    const cloudApi = office.whatsapp.client({ businessAccountId: '9' });
    const wanted = { name: 'ask_to_call', language: 'en', parameters: ['Ana', 'K-77'], ...more };
    return checkTemplate({ ...office.account, cloudApi }, wanted);
  };

  it('finds nothing where it fits', async () => {
    assert.equal(await check({}, template()), null);
    assert.equal(
      await check({}, template({ language: 'es', status: 'REJECTED' }), template()),
      null,
    );
  });

  it('finds nothing where WhatsApp says too little, or the values are not known yet', async () => {
    assert.equal(await check({}, template({ components: undefined, status: undefined })), null);
    assert.equal(await check({ parameters: null }, template()), null);
  });

  it('finds that there is none, or none in the language', async () => {
    assert.deepEqual(await check(), { is: 'unknown' });
    assert.deepEqual(await check({ language: 'en_US' }, template(), template({ language: 'es' })), {
      is: 'other-language',
      languages: ['en', 'es'],
    });
  });

  for (const status of ['PENDING', 'REJECTED', 'PAUSED', 'DISABLED', 'A_WORD_TO_COME']) {
    it(`finds that it is ${status}`, async () =>
      assert.deepEqual(await check({}, template({ status })), { is: 'not-approved', status }));
  }

  it('finds that it does not ask for the permission', async () => {
    const components = [body('Hello {{1}}, about {{2}}')];
    assert.deepEqual(await check({}, template({ components })), { is: 'no-request' });
  });

  const values: [string, string, WantedTemplate['parameters'], string[] | null][] = [
    ['as many', '{{1}} {{2}}', ['a', 'b'], null],
    ['too few', '{{1}} {{2}}', ['a'], ['1']],
    ['too many', 'Hi', ['a'], ['1']],
    ['none', '{{1}}', [], []],
    ['by the same names', '{{b}} {{a}}', { a: '1', b: '2' }, null],
    ['by other names', '{{a}}', { b: '2' }, ['b']],
    ['in a list for names', '{{a}}', ['x'], ['1']],
    ['none where none are needed', 'Hi', {}, null],
  ];
  for (const [which, text, parameters, given] of values) {
    it(`compares the values: ${which}`, async () => {
      const problem = await check({ parameters }, template({ components: [body(text), ASK] }));
      if (given === null) assert.equal(problem, null);
      else assert.deepEqual(problem?.is === 'wrong-values' && problem.given, given);
    });
  }

  it('knows nothing without a business account, and where WhatsApp does not answer it throws', async () => {
    const wanted = { name: 'ask_to_call', language: 'en', parameters: null };
    assert.equal(await checkTemplate(office.account, wanted), null);
    office.whatsapp.behave({ status: 403, body: graphError(10) });
    const cloudApi = office.whatsapp.client({ businessAccountId: '9' });
    await assert.rejects(checkTemplate({ ...office.account, cloudApi }, wanted), CloudApiError);
  });
});
