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
    const bad = await stage.pressFor('call a bad number', 'Correct the number');
    assert.match(bad, /\(contact-invalid\)$/);

    await stage.pressFor('the token runs out', 'break done');
    await stage.pressFor('call Ana', /^Renew the access token: .*\(token-invalid\)$/);
    await stage.pressFor('all is well again', 'mend done');

    await stage.pressFor('the network is down', 'break done');
    await stage.pressFor('call Ana', `${ANA}: nothing was sent, kept for later (connection-cut)`);
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
    await stage.pressFor('call Ana', `${ANA}: it is not known whether it was carried out`);
    await stage.waitFor('call-ringing');
    await stage.pressFor('all is well again', 'mend done');
    await stage.pressFor('call Ana', `${ANA}: not now (call-in-progress)`);
    await stage.waitFor('call ended, no-answer', 60);
    assert.equal(callsPlaced(), 2);
  });
});
