import assert from 'node:assert/strict';
import type { FaultName } from '../../src/simulator';
import { SECOND, START, World, type GraphAnswer } from './world';

describe('a request under faults', () => {
  let world: World;

  const open = async (...names: FaultName[]): Promise<void> => {
    world = await new World({
      faults: Object.fromEntries(names.map((name) => [name, 1])),
    }).listen();
  };
  afterEach(() => world.simulator.close());

  const outcome = (request: Promise<GraphAnswer>): Promise<number | 'cut'> =>
    request.then(
      ({ status }) => status,
      () => 'cut' as const,
    );

  /** World reads every answer as JSON; these may be none. */
  const statusOf = async (): Promise<number> => {
    await world.requestByTemplate().catch(() => undefined);
    const { graphUrl } = world.simulator;
    const response = await fetch(`${graphUrl}/v25.0/1/call_permissions`);
    return response.status;
  };

  it('meets a server that does nothing', async () => {
    await open('server-error');
    assert.ok((await statusOf()) >= 500);
    assert.equal(world.truth.requestsLast24h, 0);
    const [call] = world.simulator.log.apiCalls;
    assert.deepEqual([call?.fault, call?.isDone], ['server-error', false]);
  });

  it('meets a server that fails after it did it', async () => {
    await open('server-error-after');
    assert.ok((await statusOf()) >= 500);
    assert.equal(world.truth.requestsLast24h, 1);
    const [call] = world.simulator.log.apiCalls;
    assert.deepEqual([call?.fault, call?.isDone, call?.status], ['server-error-after', true, 200]);
  });

  it('is cut off before anything is done', async () => {
    await open('connection-cut');
    assert.equal(await outcome(world.requestByTemplate()), 'cut');
    assert.equal(world.truth.requestsLast24h, 0);
  });

  it('is cut off after it was done, before its answer or in the middle of it', async () => {
    await open('connection-cut-after');
    for (let attempt = 0; attempt < 8; attempt += 1) {
      assert.equal(await outcome(world.requestByTemplate()), 'cut');
    }
    assert.equal(world.truth.requestsLast24h, 1);
  });

  it('is done at once, and answered when the client has long lost patience', async () => {
    await open('slow-answer');
    const answer = outcome(world.requestByTemplate());
    while (world.truth.requestsLast24h === 0) await new Promise(setImmediate);
    let isAnswered = false;
    void answer.then(() => (isAnswered = true));
    await world.pass(14);
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(!isAnswered);
    await world.pass(47);
    assert.equal(await answer, 200);
  });

  it('is done only when the client has long lost patience', async () => {
    await open('slow-action');
    const answer = outcome(world.requestByTemplate());
    // It may be on its way for a while: what it takes longer is no less than its wait.
    while (world.truth.requestsLast24h === 0) {
      await new Promise(setImmediate);
      await world.pass(1);
    }
    assert.ok(world.clock.now() >= START + 15 * SECOND);
    assert.equal(await answer, 200);
  });
});
