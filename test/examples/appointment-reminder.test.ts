import assert from 'node:assert/strict';
import { ExampleStage } from './support/example-stage';
import { timeIn } from './support/sidebar';

const ANA = '+573001110001';
const CARLA = '+573001110003';
/** Five days after the first of September, on which the simulator's clock begins. */
const APPOINTMENT = 'about Dr. Ruiz on 2026-09-06';

describe('the example "5 - Appointment reminder"', () => {
  let stage: ExampleStage;

  beforeEach(async () => {
    stage = new ExampleStage();
    await stage.openExample('5 - Appointment reminder');
  });
  afterEach(() => stage.close());

  const days = async (count: number): Promise<void> => {
    for (let day = 0; day < count; day += 1) await stage.pressFor('one day', 'clock done');
  };

  it('reminds Ana, who answers after two days and picks up after three', async () => {
    await stage.pressFor('Ana books', `Asked ${ANA} ${APPOINTMENT}`);
    await days(2);
    await stage.pressFor('allow for 7 days', 'accept done');
    const calling = stage.sidebar.next(`Calling ${ANA} ${APPOINTMENT}`);
    await stage.waitFor(`${ANA} allows a call ${APPOINTMENT}`);
    await calling;

    await stage.pressForAll('one minute', 'call ended, no-answer', `Calling ${ANA} ${APPOINTMENT}`);
    const pause = await stage.pressFor('one minute', 'not now (unanswered-streak)');
    const trying = [`${ANA}: trying again ${APPOINTMENT}`, `Calling ${ANA} ${APPOINTMENT}`];
    await stage.pressForAll('to that moment', ...trying);
    assert.equal(stage.simulator.clock.now(), timeIn(pause));

    await stage.waitFor('call-ringing');
    await stage.pressFor('pick up', 'answer done');
    await stage.waitFor('call-answered');
    await stage.pressFor('hang up', 'hang-up done');
    await stage.waitFor(`Reminded ${ANA} ${APPOINTMENT}`);
  });

  it('writes to Carla, who says no', async () => {
    await stage.pressFor('Carla books', `Asked ${CARLA} ${APPOINTMENT}`);
    await stage.waitFor(`${CARLA} said no: write to them ${APPOINTMENT}`);
  });

  it('calls nobody about an appointment that is over', async () => {
    await stage.pressFor('Ana books', `Asked ${ANA} ${APPOINTMENT}`);
    await days(6);
    await stage.pressFor('allow for 7 days', 'accept done');
    const late = stage.sidebar.next(`${ANA}: too late for Dr. Ruiz on 2026-09-06`);
    await stage.waitFor('allows a call');
    await late;
    await days(1);
    assert.ok(!stage.sidebar.lines.some((line) => line.startsWith('Calling')));
    await stage.pressFor('Ana books', `Calling ${ANA} about Dr. Ruiz on 2026-09-13`);
  });
});
