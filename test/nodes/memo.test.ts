import assert from 'node:assert/strict';
import { replied, wrote } from './support/bodies';
import { everyNode, Stage, USER } from './support/stage';

const MINUTE = 60_000;
const ANA = { payload: `+${USER}` };

describe('msg.memo', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = new Stage();
    await stage.open();
    await stage.pass(10 * MINUTE);
  });
  afterEach(() => stage.close());

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
