import assert from 'node:assert/strict';
import { WebhookEndpoint } from '../../src/webhooks';
import { HEARD, messagesBody, textMessage } from './fixtures';
import { account, assertLogged, deliver, storedTypes } from './serve';

const body = (id: string): object => messagesBody(textMessage({ id }));
const SIZE = Buffer.byteLength(JSON.stringify(body('wamid.W00')));

/** An account whose store is stuck until it is told to go on. */
function stuckAccount() {
  const own = account();
  const waiting: (() => void)[] = [];
  const store = own.store.bind(own);
  let isStuck = true;
  own.store = async (changes) => {
    if (isStuck) await new Promise<void>((resolve) => waiting.push(resolve));
    await store(changes);
  };
  const goOn = (): void => {
    isStuck = false;
    for (const go of waiting.splice(0)) go();
  };
  return { own, waiting, goOn };
}

describe('a store that is stuck', () => {
  it('gets no answer 200: the sender is told in time to send again, and it is logged', async () => {
    const { own, goOn } = stuckAccount();
    const endpoint = new WebhookEndpoint({ now: () => HEARD, storeTimeout: 1 });
    endpoint.add(own);
    assert.equal((await deliver(endpoint, body('wamid.W1'))).status, 503);
    assertLogged(own, /^error: .*storing takes too long/);
    goOn();
    assert.equal((await deliver(endpoint, body('wamid.W1'))).status, 200);
    assert.deepEqual(storedTypes(own), ['user-wrote', 'user-wrote']);
  });

  it('fills no memory: more than eight of the largest bodies are not taken, until it goes on', async () => {
    const { own, waiting, goOn } = stuckAccount();
    const endpoint = new WebhookEndpoint({ now: () => HEARD, maxBody: SIZE });
    endpoint.add(own);
    const some = Array.from({ length: 20 }, (_, i) => deliver(endpoint, body(`wamid.W${10 + i}`)));
    const refused = (await Promise.all(some.slice(8))).map(({ status }) => status);
    assert.deepEqual(refused, Array(12).fill(503));
    assertLogged(own, /too many are waiting to be stored/, 12);
    assert.equal(waiting.length, 8);
    goOn();
    const taken = (await Promise.all(some.slice(0, 8))).map(({ status }) => status);
    assert.deepEqual(taken, Array(8).fill(200));
    assert.equal((await deliver(endpoint, body('wamid.W99'))).status, 200);
  });

  it('takes room until it is over, even where the sender was told to send again', async () => {
    const { own, waiting, goOn } = stuckAccount();
    const endpoint = new WebhookEndpoint({ now: () => HEARD, maxBody: SIZE, storeTimeout: 1 });
    endpoint.add(own);
    for (let sent = 0; sent < 20; sent += 1) {
      assert.equal((await deliver(endpoint, body(`wamid.W${10 + sent}`))).status, 503);
    }
    assert.equal(waiting.length, 8);
    goOn();
    await new Promise(setImmediate);
    assert.equal((await deliver(endpoint, body('wamid.W99'))).status, 200);
  });
});
