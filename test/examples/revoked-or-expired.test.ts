import assert from 'node:assert/strict';
import { ExampleStage } from './support/example-stage';
import { timeIn } from './support/sidebar';

const ANA = '+573001110001';
const DAY = 86_400_000;

describe('the example "4 - Revoked or expired"', () => {
  let stage: ExampleStage;

  beforeEach(async () => {
    stage = new ExampleStage();
    await stage.openExample('4 - Revoked or expired');
  });
  afterEach(() => stage.close());

  const allow = async (): Promise<void> => {
    await stage.pressFor('allow for 7 days', 'accept done');
    const callable = stage.sidebar.next('may be called (temporary-permission)');
    await stage.waitFor('allows calls, temporary');
    await callable;
  };
  const asked = `Asked ${ANA}`;

  it('asks again for a permission that expired, was revoked or was never answered, but not for ever', async () => {
    await stage.pressFor('Ana waits for you', asked);
    await allow();
    await stage.pressForAll('8 days', 'permission-expired, asking again', asked);

    await allow();
    await stage.pressFor('revoke', 'revoke done');
    const revoked = stage.sidebar.next('permission-revoked');
    const notYet = await stage.waitFor(/not now \(revoked-by-user\)/);
    await revoked;
    assert.ok(timeIn(notYet) - stage.simulator.clock.now() <= DAY, notYet);

    await stage.pressForAll('to that moment', 'trying again', asked);
    assert.equal(stage.simulator.clock.now(), timeIn(notYet));
    await stage.pressForAll('8 days', 'request-lapsed, asking once more', asked);
    await stage.pressFor('8 days', 'request-lapsed for the second time');

    const before = stage.sidebar.lines.length;
    for (let day = 0; day < 30; day += 1) await stage.pressFor('one day', 'clock done');
    await stage.quiet();
    assert.equal(stage.sidebar.lines.length, before + 30, 'she is left in peace');
  });

  it('tells that Ana said no, and that she allows calls for good', async () => {
    await stage.pressFor('Ana waits for you', asked);
    await stage.pressFor('say no', 'decline done');
    await stage.waitFor(`${ANA} said no`);
    await stage.pressFor('Ana waits for you', 'not now (declined)');
    await stage.pressFor('allow always', 'accept done');
    await stage.waitFor('allows calls, permanent');
  });
});
