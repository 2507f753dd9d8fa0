import assert from 'node:assert/strict';
import { ExampleStage } from './support/example-stage';
import { timeIn } from './support/sidebar';

const ANA = '+573001110001';
const CALLING = `Calling ${ANA} about order 6001`;

describe('the example "6 - Calling hours"', () => {
  let stage: ExampleStage;

  beforeEach(async () => {
    stage = new ExampleStage();
    await stage.openExample('6 - Calling hours');
  });
  afterEach(() => stage.close());

  const now = (): string => new Date(stage.simulator.clock.now()).toISOString();

  it('calls Ana when the hours open, after a Sunday and after a holiday', async () => {
    await stage.pressFor('to Saturday evening', 'clock done');
    assert.equal(now(), '2026-09-06T01:00:00.000Z');
    await stage.pressFor('Ana waits for you', `Asked ${ANA}`);
    await stage.pressFor('allow always', 'accept done');
    const granted = stage.sidebar.next('allows calls, permanent');
    const monday = await stage.waitFor(/not now \(outside-calling-hours\)/);
    await granted;
    assert.equal(timeIn(monday), Date.UTC(2026, 8, 7, 13));

    await stage.pressForAll('to the opening', 'we are open, trying again', CALLING);
    assert.equal(now(), '2026-09-07T13:00:00.000Z');
    await stage.waitFor('call-ringing');
    await stage.pressFor('pick up', 'answer done');
    await stage.waitFor('call-answered');
    await stage.pressFor('hang up', 'hang-up done');
    await stage.waitFor('call ended, answered');

    await stage.pressFor('to Christmas Eve, evening', 'clock done');
    assert.equal(now(), '2026-12-25T01:00:00.000Z');
    const saturday = await stage.pressFor('Ana waits for you', /not now \(outside-calling-hours\)/);
    assert.equal(timeIn(saturday), Date.UTC(2026, 11, 26, 14));
    await stage.pressForAll('to the opening', 'we are open, trying again', CALLING);
    assert.equal(now(), '2026-12-26T14:00:00.000Z');
  });

  it('goes to the next Saturday and the next Christmas Eve, whenever that is', async () => {
    for (const moment of ['2026-09-06T01:00:00.000Z', '2026-09-13T01:00:00.000Z']) {
      await stage.pressFor('to Saturday evening', 'clock done');
      assert.equal(now(), moment);
    }
    for (const year of [2026, 2027]) {
      await stage.pressFor('to Christmas Eve, evening', 'clock done');
      assert.equal(now(), `${year}-12-25T01:00:00.000Z`);
    }
    await stage.pressFor('one hour', 'clock done');
    assert.equal(now(), '2027-12-25T02:00:00.000Z');
  });
});
