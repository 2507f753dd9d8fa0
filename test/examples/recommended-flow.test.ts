import assert from 'node:assert/strict';
import { ExampleStage } from './support/example-stage';

const ANA = '+573001110001';
const DAY = 86_400;

describe('the example "1 - Recommended flow"', () => {
  let stage: ExampleStage;

  beforeEach(async () => {
    stage = new ExampleStage();
    await stage.openExample('1 - Recommended flow');
  });
  afterEach(() => stage.close());

  it('asks Ana, calls her when she allows it, hangs up, and asks again when she has revoked', async () => {
    await stage.pressFor('Ana waits for you', `Asked ${ANA}`);

    await stage.pressFor('allow for 7 days', 'accept done');
    const calling = stage.sidebar.next(`Calling ${ANA} about order 1001`);
    assert.match(await stage.waitFor(`${ANA} allows calls`), /temporary, until \d{4}-/);
    await calling;

    await stage.waitFor('call-ringing');
    await stage.pressFor('pick up', 'answer done');
    await stage.waitFor('call-answered');
    await stage.pressUntil('hang up', 'whatsapp-end-call', 'Check, ask, call');
    assert.match(await stage.waitFor('call ended'), /answered, \d+ s$/);

    await stage.pressFor('revoke', 'revoke done');
    await stage.waitFor(`${ANA}: permission-revoked`);
    const asked = stage.sidebar.next(`Asked ${ANA}`);
    await stage.pressFor('Ana waits for you', 'revoked (revoked-by-user), asking again');
    await asked;
  });

  it('needs no permission twice: a permanent one holds for the next call', async () => {
    await stage.pressFor('Ana waits for you', 'Asked');
    await stage.pressFor('allow always', 'accept done');
    const calling = stage.sidebar.next('Calling');
    assert.match(await stage.waitFor('allows calls'), /, permanent$/);
    await calling;
    await stage.waitFor('call-ringing');
    await stage.pressFor('reject', 'reject done');
    assert.match(await stage.waitFor('call ended'), /rejected/);
    await stage.pressFor('Ana waits for you', 'Calling');
  });

  it('tells that Ana said no', async () => {
    await stage.pressFor('Ana waits for you', 'Asked');
    await stage.pressFor('say no', 'decline done');
    await stage.waitFor(`${ANA} said no`);
    await stage.pressFor('Ana waits for you', /not now \(declined\), not before \d{4}-/);
  });

  it('runs by itself with Beto, who allows and answers', async () => {
    await stage.pressFor('Beto says yes', 'Asked');
    const calling = stage.sidebar.next('Calling');
    await stage.waitFor('allows calls');
    await calling;
    assert.match(await stage.waitFor('call ended', 60), /answered, 20 s$/);
  });

  it('waits with Carla, who says no', async () => {
    await stage.pressFor('Carla says no', 'Asked');
    await stage.waitFor('+573001110003 said no');
  });

  it('tells of the call that David does not pick up', async () => {
    await stage.pressFor('David never picks up', 'Asked');
    const calling = stage.sidebar.next('Calling');
    await stage.waitFor('allows calls, permanent');
    await calling;
    assert.match(await stage.waitFor('call ended', 60), /no-answer$/);
  });

  it('goes on when Ana allows calls in her profile, calls or writes', async () => {
    await stage.pressFor('write to us', 'write done');
    await stage.waitFor(`user-wrote ${ANA}`);
    await stage.pressFor('call us', 'ring done');
    await stage.waitFor(`user-called ${ANA}`);
    await stage.pressFor('hang up', 'hang-up done', "Ana's phone rings");
    await stage.pressFor('allow in profile', 'grant done');
    const calling = stage.sidebar.next('Calling');
    await stage.waitFor('allows calls');
    await calling;
  });

  it('lets time pass at the press of a button, until a permission has run out', async () => {
    const { clock } = stage.simulator;
    const start = clock.now();
    await stage.pressFor('one hour', 'clock done');
    assert.equal(clock.now(), start + 3_600_000);
    await stage.pressFor('one day', 'clock done');
    assert.equal(clock.now(), start + 3_600_000 + DAY * 1000);

    await stage.pressFor('Beto says yes', 'Asked');
    const calling = stage.sidebar.next('Calling');
    await stage.waitFor('allows calls');
    await calling;
    await stage.waitFor('call ended', 60);
    await stage.pressFor('7 days', 'clock done');
    await stage.pressFor('Beto says yes', 'Asked');
  });

  it('says what the simulator could not do', async () => {
    await stage.pressFor('say no', /^Simulator: .*request/);
    await stage.pressFor('pick up', /^Simulator: .*call/);
  });

  it('shows faults, with their codes', async () => {
    const fault = await stage.pressFor('hang up', 'whatsapp-end-call', 'Check, ask, call');
    assert.match(fault, /\(call-id-missing\)$/);
  });
});
