import assert from 'node:assert/strict';
import { ExampleStage } from './support/example-stage';
import { timeIn } from './support/sidebar';

const ANA = '+573001110001';
const DAVID = '+573001110004';
const HOUR = 3_600_000;

describe('the example "3 - Try again"', () => {
  let stage: ExampleStage;

  beforeEach(async () => {
    stage = new ExampleStage();
    await stage.openExample('3 - Try again');
  });
  afterEach(() => stage.close());

  const minute = (...said: (string | RegExp)[]): Promise<string[]> =>
    stage.pressForAll('one minute', ...said);

  it('calls David again and again, each time when he may be called, until he picks up', async () => {
    const { clock } = stage.simulator;
    await stage.pressFor('call David', `Asked ${DAVID} about order 3001`);
    await minute('allows calls, permanent', `Calling ${DAVID} about order 3001`);
    await minute('call ended, no-answer', 'Calling');
    const [pause = ''] = await minute(/not now \(unanswered-streak\)/, 'call ended, no-answer');
    const wait = timeIn(pause) - clock.now();
    assert.ok(wait > 23.9 * HOUR && wait <= 24 * HOUR, pause);

    await stage.pressForAll('to that moment', 'trying again, about order 3001', 'Calling');
    assert.equal(clock.now(), timeIn(pause));
    const [longer = ''] = await minute(/not now \(unanswered-streak\)/);
    assert.ok(timeIn(longer) - clock.now() > 71.9 * HOUR, longer);

    await stage.pressFor('David picks up from now on', 'script done');
    await stage.pressForAll('to that moment', 'trying again, about order 3001', 'Calling');
    assert.equal(clock.now(), timeIn(longer));
    await minute('call ended, answered, 20 s');

    const before = stage.sidebar.lines.length;
    for (let day = 0; day < 30; day += 1) await stage.pressFor('one day', 'clock done');
    await stage.quiet();
    assert.equal(stage.sidebar.lines.length, before + 30, 'nothing is left to do');
  });

  it('asks Ana once more, when she has not answered for three days', async () => {
    await stage.pressFor('call Ana', `Asked ${ANA} about order 3002`);
    const waiting = await stage.pressFor('call Ana', /not now \(awaiting-reply\)/);
    assert.equal(timeIn(waiting), stage.simulator.clock.now() + 72 * HOUR);
    await stage.pressForAll('to that moment', `${ANA}: trying again`, `Asked ${ANA}`);
  });

  it('goes back to a David who does not pick up', async () => {
    await stage.pressFor('David picks up from now on', 'script done');
    await stage.pressFor('David never picks up again', 'script done');
    await stage.pressFor('call David', 'Asked');
    await minute('Calling');
    await minute('call ended, no-answer');
  });
});
