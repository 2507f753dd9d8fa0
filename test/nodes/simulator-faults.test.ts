import assert from 'node:assert/strict';
import { embedSimulator, embeddedSimulator } from '../../nodes/account/embedded-simulator';
import { everyNode, Stage, USER } from './support/stage';

describe("the setting whatsappCallingAccountSimulatorFaults in Node-RED's settings file", () => {
  let stage: Stage;

  beforeEach(() => {
    stage = new Stage();
    // The account starts one of its own, as in a fresh Node-RED.
    embedSimulator(null);
  });
  afterEach(() => stage.close());

  const open = (faults?: unknown): Promise<void> =>
    stage.open(everyNode(), { settings: { whatsappCallingAccountSimulatorFaults: faults } });

  const played = (): Record<string, number> =>
    embeddedSimulator()!.faults.describe()['faults'] as Record<string, number>;

  it('plays them all', async () => {
    await open('all');
    assert.ok(Object.values(played()).every((odds) => odds > 0));
  });

  it('plays those that it names, from its seed', async () => {
    await open({ 'webhook-twice': 0.5, seed: 7 });
    assert.equal(played()['webhook-twice'], 0.5);
    assert.equal(played()['webhook-late'], 0);
    assert.equal(embeddedSimulator()!.faults.describe()['seed'], 7);
  });

  it('plays none where it is absent', async () => {
    await open();
    assert.ok(Object.values(played()).every((odds) => odds === 0));
  });

  it('is an error where it names a fault that does not exist', async () => {
    await open('webhook-thrice');
    assert.equal(await stage.failureOf('check', { payload: `+${USER}` }), 'bad-input');
  });
});
