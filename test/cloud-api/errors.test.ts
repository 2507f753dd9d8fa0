import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { GRAPH_ERRORS, nameGraphError } from '../../src/cloud-api';
import { failureOf, POSTS } from './actions';
import { ANA, FakeWhatsApp, graphError, TOKEN } from './fake-whatsapp';

/** What flows may branch on. A code that changes here breaks them. */
const STABLE: Record<string, number[]> = {
  'calling-not-enabled': [138000],
  'recipient-uncallable': [138001],
  'concurrent-calls': [138002],
  'call-in-progress': [138003],
  'connection-error': [138004],
  'daily-initiations': [138005],
  'no-permission': [138006],
  'connect-timeout': [138007],
  'request-limit': [138009],
  'no-earlier-message': [138011],
  'connected-call-limit': [138012],
  'country-not-eligible': [138013],
  'account-restricted': [138014],
  'messaging-limit-too-low': [138015],
  'permanent-permission-held': [138017],
  'prerequisites-missing': [138018],
  'call-setup-failed': [138019],
  'relay-failed': [138020],
  'no-media-received': [138021],
  'media-not-sent': [138022],
  'media-unclear': [138023],
  'token-invalid': [0, 190],
  'token-not-permitted': [3, 10, 200, 250, 299, 131005],
  'unknown-phone-number-id': [33],
  'number-not-registered': [131045],
  'sip-enabled': [131055],
  'rate-limited': [4, 80007, 130429],
  'look-up-rate-limited': [613],
  'contact-rate-limited': [131056],
  'spam-limited': [131048],
  'invalid-parameter': [100, 131008, 131009],
  'unsupported-type': [131051],
  'recipient-is-sender': [131021],
  undeliverable: [131026],
  'recipient-not-allowed': [131030],
  'outside-service-window': [131047],
  'marketing-limit': [131049],
  'marketing-stopped': [131050],
  'user-id-not-accepted': [131062],
  'marketing-off': [131063],
  'template-misclassified': [131064],
  'contact-blocked': [130403],
  'recipient-country': [130497],
  'template-parameters': [132000, 132012],
  'template-not-found': [132001],
  'template-too-long': [132005],
  'template-policy': [132007],
  'template-paused': [132015],
  'template-disabled': [132016],
  'template-error': [132068, 132999],
  'payment-required': [131042, 131044],
  'account-locked': [368, 131031],
  'account-maintenance': [131057],
  'whatsapp-unavailable': [1, 2, 131000, 131016],
  'whatsapp-error': [138008, 138010, 138016, 300, 133000, 7],
};

const holdsNoToken = (error: Error) => {
  const shown = [true, false].map((showHidden) => inspect(error, { depth: 9, showHidden }));
  for (const text of [String(error), error.stack, JSON.stringify(error), ...shown]) {
    assert.ok(!text?.includes(TOKEN), text);
  }
  assert.equal(error.cause, undefined);
};

describe('cloud-api: errors', () => {
  const whatsapp = new FakeWhatsApp();
  before(() => whatsapp.start());
  after(() => whatsapp.stop());

  const callFails = (status: number, body: unknown, headers = {}) => {
    whatsapp.behave({ status, body, headers });
    return failureOf(whatsapp.client().placeCall(ANA, { sdp: 'v=0\r\n' }, 'key-1'));
  };

  for (const [code, numbers] of Object.entries(STABLE)) {
    it(`${numbers.join(', ')} is ${code}`, () => {
      for (const number of numbers) assert.equal(nameGraphError(number).code, code);
    });
  }

  it('every number of the table comes through as a typed refusal with its meaning', async () => {
    for (const { number, code, meaning } of GRAPH_ERRORS) {
      const error = await callFails(400, graphError(number, { error_data: { details: 'why' } }));
      assert.equal(error.message, `${meaning} (WhatsApp error ${number}): why`);
      assert.deepEqual(JSON.parse(JSON.stringify(error)), {
        name: 'CloudApiError',
        code,
        number,
        status: 400,
        details: 'why',
        outcome: 'refused',
        retryAfter: null,
      });
    }
  });

  it('code 100 with subcode 33 is an unknown phone number id', async () => {
    const error = await callFails(400, graphError(100, { error_subcode: 33 }));
    assert.equal(error.code, 'unknown-phone-number-id');
    assert.equal(error.number, 100);
  });

  it('138006 and 138000 are no token errors, although they come as HTTP 401', async () => {
    assert.equal((await callFails(401, graphError(138006))).code, 'no-permission');
    assert.equal((await callFails(401, graphError(138000))).code, 'calling-not-enabled');
    assert.equal((await callFails(400, graphError(138006))).code, 'no-permission');
  });

  it('a number written as a string counts', async () => {
    assert.equal((await callFails(400, { error: { code: '138012' } })).number, 138012);
  });

  it('an error without a number is a refusal all the same', async () => {
    const error = await callFails(400, { error: { message: 'no idea' } });
    const { code, number, outcome, details } = error;
    assert.deepEqual(
      { code, number, outcome, details },
      { code: 'whatsapp-error', number: null, outcome: 'refused', details: 'no idea' },
    );
  });

  const details = async (more: Record<string, unknown>) =>
    (await callFails(400, graphError(100, more))).details;

  it('error_data may be an object, a string, or absent', async () => {
    assert.equal(await details({ error_data: { details: 'SDP' } }), 'SDP');
    assert.equal(await details({ error_data: 'SDP' }), 'SDP');
    assert.equal(await details({ error_user_msg: 'in short' }), 'in short');
    assert.equal(await details({ error_data: null }), '(#100) something');
  });

  describe('whether it took effect', () => {
    const cases: [string, number, unknown, string, string][] = [
      ['a 5xx with an error number', 500, graphError(138004), 'connection-error', 'unknown'],
      ['a 5xx without', 502, '<html>Bad gateway</html>', 'server-error', 'unknown'],
      ['a 2xx that is not JSON', 200, '<html>Log in</html>', 'invalid-response', 'unknown'],
      ['a 2xx that is no object', 200, '[1]', 'invalid-response', 'unknown'],
      ['a 2xx without an id', 200, { calls: [] }, 'invalid-response', 'unknown'],
      ['a 2xx with an empty body', 200, '', 'invalid-response', 'unknown'],
      ['a 2xx with an error', 200, graphError(138006), 'no-permission', 'unknown'],
      ['a 4xx of who knows whom', 404, 'not found', 'invalid-response', 'unknown'],
      ['a bare 429', 429, '', 'rate-limited', 'refused'],
      ['a 4xx with an error number', 429, graphError(138002), 'concurrent-calls', 'refused'],
    ];
    for (const [what, status, body, code, outcome] of cases) {
      it(`${what}: ${code}, ${outcome}`, async () => {
        const error = await callFails(status, body);
        assert.deepEqual([error.code, error.outcome], [code, outcome]);
      });
    }

    it('a redirect is not followed', async () => {
      const before = whatsapp.seen.length;
      const error = await callFails(307, '', { location: `${whatsapp.url}/elsewhere` });
      assert.deepEqual([error.code, error.outcome], ['invalid-response', 'unknown']);
      assert.equal(whatsapp.seen.length - before, 1);
    });
  });

  const end = (status: number, body: unknown) => {
    whatsapp.behave({ status, body });
    return whatsapp.client().endCall('wacid.TEST0001');
  };

  describe('ending a call', () => {
    it('that is over already is a success', async () => {
      await end(400, graphError(100));
    });

    it('succeeds without "messaging_product"', async () => {
      await end(200, { success: true });
    });

    it('fails for any other reason', async () => {
      assert.equal((await failureOf(end(401, graphError(190)))).code, 'token-invalid');
      assert.equal((await failureOf(end(500, graphError(100)))).code, 'invalid-parameter');
      assert.equal((await failureOf(end(200, { success: false }))).code, 'invalid-response');
      const unknownNumber = graphError(100, { error_subcode: 33 });
      assert.equal((await failureOf(end(400, unknownNumber))).code, 'unknown-phone-number-id');
    });
  });

  describe('the access token', () => {
    it('is in no error of WhatsApp, not even where WhatsApp repeats it', async () => {
      const body = graphError(190, { message: `Malformed access token ${TOKEN}` });
      const error = await callFails(401, body);
      assert.equal(error.details, 'Malformed access token ***');
      holdsNoToken(error);
    });

    it('is in no error of the connection', async () => {
      whatsapp.behave((response) => response.destroy());
      for (const act of Object.values(POSTS)) holdsNoToken(await failureOf(act(whatsapp.client())));
      holdsNoToken(await failureOf(whatsapp.client().lookUpPermission(ANA)));
      const nowhere = whatsapp.client({ graphUrl: 'graph.facebook.com' });
      holdsNoToken(await failureOf(nowhere.lookUpPermission(ANA)));
    });

    it('is not shown by the client either', () => {
      const shown = inspect(whatsapp.client(), { depth: 9, showHidden: true });
      assert.ok(!shown.includes(TOKEN));
    });
  });
});
