import assert from 'node:assert/strict';
import { setPatience } from '../../nodes/account/connection';
import { ExampleStage } from './support/example-stage';

const ANA = '+573001110001';

describe('the example "8 - Faults by code"', () => {
  let stage: ExampleStage;

  beforeEach(async () => {
    setPatience({ retryDelay: () => 0 });
    stage = new ExampleStage();
    await stage.openExample('8 - Faults by code');
  });
  afterEach(async () => {
    setPatience({});
    await stage.close();
  });

  const callsPlaced = (): number => stage.asked.filter((each) => each === 'POST calls').length;

  it('handles each fault by its code, and places no call twice', async () => {
    await stage.pressFor('allow in profile', 'grant done');
    await stage.waitFor('allows calls');
    await stage.pressFor('call a bad number', 'contact-invalid: correct the number, it is now: twelve');

    await stage.pressFor('the token runs out', 'break done');
    await stage.pressFor('call Ana', 'token-invalid: enter a new access token');
    await stage.pressFor('all is well again', 'mend done');

    await stage.pressFor('the network is down', 'break done');
    await stage.pressFor('call Ana', `connection-cut: nothing was sent, ${ANA} is kept for later`);
    assert.equal(callsPlaced(), 0);
    await stage.pressFor('all is well again', 'mend done');
    await stage.pressFor('try those again', `Calling ${ANA}`);
    await stage.waitFor('call-ringing');
    await stage.pressFor('pick up', 'answer done');
    await stage.waitFor('call-answered');
    await stage.pressFor('hang up', 'hang-up done');
    await stage.waitFor('call ended, answered');
    assert.equal(callsPlaced(), 1);

    await stage.pressFor('answers get lost', 'break done');
    await stage.pressFor('call Ana', `outcome-unknown: ${ANA} may have been called`);
    await stage.waitFor('call-ringing');
    await stage.pressFor('all is well again', 'mend done');
    await stage.pressFor('call Ana', `${ANA}: not now (call-in-progress)`);
    await stage.waitFor('call ended, no-answer', 60);
    assert.equal(callsPlaced(), 2);
  });
});
