import assert from 'node:assert/strict';
import { exponentialDelay } from '../../src/cloud-api/retry';
import { failureOf, POSTS } from './actions';
import { ANA, FakeWhatsApp, graphError, PERMISSION, type Behaviour } from './fake-whatsapp';

/** Failures that pass, by name. */
const PASSING: Record<string, Behaviour> = {
  'a cut connection': (response) => response.destroy(),
  'a bare 503': { status: 503, body: '' },
  'a bare 429': { status: 429, body: '' },
  'a 500 with any error': { status: 500, body: graphError(138004) },
  ...Object.fromEntries(
    [613, 4, 80007, 130429, 131056, 1, 2, 131000, 131016].map((number) => [
      `error ${number}`,
      { status: 400, body: graphError(number) },
    ]),
  ),
};

/** Failures that stay. */
const LASTING: Record<string, Behaviour> = {
  'no permission': { status: 401, body: graphError(138006) },
  'a bad token': { status: 401, body: graphError(190) },
  'a wrong value': { status: 400, body: graphError(100) },
  'a 404': { status: 404, body: 'not found' },
  'a body that is not JSON': { body: '<html>' },
  'a body without a permission': { body: {} },
};

const busy = (retryAfter: string): Behaviour => ({
  status: 429,
  body: graphError(613),
  headers: { 'retry-after': retryAfter },
});

describe('cloud-api: repeating', () => {
  const whatsapp = new FakeWhatsApp();
  before(() => whatsapp.start());
  after(() => whatsapp.stop());

  const countDuring = async (act: () => Promise<unknown>) => {
    const before = whatsapp.seen.length;
    await act();
    return whatsapp.seen.length - before;
  };

  for (const [name, failure] of Object.entries(PASSING)) {
    it(`looks up again after ${name}`, async () => {
      whatsapp.behave(failure, { body: PERMISSION });
      const client = whatsapp.client();
      assert.equal(await countDuring(() => client.lookUpPermission(ANA)), 2);
    });
  }

  it('gives up after three repetitions, with the last error', async () => {
    const down: Behaviour = { status: 503, body: graphError(131016) };
    whatsapp.behave(down, down, down, { status: 429, body: graphError(613) });
    const client = whatsapp.client();
    const times = await countDuring(async () => {
      assert.equal((await failureOf(client.lookUpPermission(ANA))).code, 'look-up-rate-limited');
    });
    assert.equal(times, 4);
  });

  for (const [name, failure] of Object.entries(LASTING)) {
    it(`does not look up again after ${name}`, async () => {
      whatsapp.behave(failure, { body: PERMISSION });
      const client = whatsapp.client();
      assert.equal(await countDuring(() => failureOf(client.lookUpPermission(ANA))), 1);
    });
  }

  it('does not look up again after a time-out', async () => {
    whatsapp.behave(() => {}, { body: PERMISSION });
    const client = whatsapp.client({ timeout: 50 });
    const times = await countDuring(async () => {
      assert.equal((await failureOf(client.lookUpPermission(ANA))).code, 'timeout');
    });
    assert.equal(times, 1);
  });

  for (const [post, act] of Object.entries(POSTS)) {
    for (const [name, failure] of Object.entries({ ...PASSING, ...LASTING })) {
      it(`sends ${post} once, whatever happens: ${name}`, async () => {
        whatsapp.behave(failure);
        const client = whatsapp.client();
        assert.equal(await countDuring(() => act(client).catch(() => {})), 1);
      });
    }

    it(`sends ${post} once, whatever happens: a time-out`, async () => {
      whatsapp.behave(() => {});
      const client = whatsapp.client({ timeout: 50 });
      const times = await countDuring(async () => {
        const { code, outcome } = await failureOf(act(client));
        assert.deepEqual({ code, outcome }, { code: 'timeout', outcome: 'unknown' });
      });
      assert.equal(times, 1);
    });
  }

  const waitsFor = async (failure: Behaviour, now = 0) => {
    const waits: number[] = [];
    whatsapp.behave(failure, failure, { body: PERMISSION });
    const client = whatsapp.client({
      now: () => now,
      lookUpsPerSecond: Infinity,
      retryDelay: (attempt) => attempt * 1000,
      sleep: async (ms) => void waits.push(ms),
    });
    await client.lookUpPermission(ANA);
    return waits;
  };

  describe('the wait before a repetition', () => {
    it('is the back-off', async () => {
      assert.deepEqual(await waitsFor({ status: 503, body: '' }), [1000, 2000]);
    });

    it('is at least what WhatsApp asks for, in seconds or as a date', async () => {
      assert.deepEqual(await waitsFor(busy('7')), [7000, 7000]);
      const now = Date.parse('2026-11-22T10:00:00Z');
      assert.deepEqual(await waitsFor(busy('Sun, 22 Nov 2026 10:00:09 GMT'), now), [9000, 9000]);
    });

    it('is the back-off where WhatsApp asks for less, or for nonsense', async () => {
      assert.deepEqual(await waitsFor(busy('1')), [1000, 2000]);
      assert.deepEqual(await waitsFor(busy('later')), [1000, 2000]);
    });

    it('is not begun where WhatsApp asks for more than half a minute', async () => {
      whatsapp.behave(busy('31'), { body: PERMISSION });
      const client = whatsapp.client();
      const times = await countDuring(async () => {
        const error = await failureOf(client.lookUpPermission(ANA));
        assert.equal(error.retryAfter, 31_000);
      });
      assert.equal(times, 1);
    });

    it('is by default anything from nothing to 1, 2, 4 seconds', () => {
      for (const [attempt, most] of [
        [1, 1000],
        [2, 2000],
        [3, 4000],
      ] as const) {
        const delays = Array.from({ length: 200 }, () => exponentialDelay(attempt));
        assert.ok(delays.every((delay) => delay >= 0 && delay < most));
        assert.ok(new Set(delays).size > 100, 'no jitter');
        assert.ok(Math.max(...delays) > most / 2);
      }
    });
  });
});
