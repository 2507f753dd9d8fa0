import { ExampleStage } from './support/example-stage';

const ANA = '573001110001';
const NUMBER = '100000000000002';

describe('the example "2 - Four branches"', () => {
  let stage: ExampleStage;

  beforeEach(async () => {
    stage = new ExampleStage();
    await stage.openExample('2 - Four branches');
  });
  afterEach(() => stage.close());

  const press = (said: string): Promise<string> => stage.pressFor('may we call Ana?', said);

  it('needs a request before Ana has allowed anything', async () => {
    await press('ask for permission first (never-requested)');
  });

  it('is callable when she has', async () => {
    stage.simulator.user(ANA).grant();
    await stage.simulator.clock.advance(10_000);
    await press('call now (');
  });

  it('is limited while WhatsApp restricts the number', async () => {
    stage.simulator.number(NUMBER).restrict(1);
    await stage.simulator.clock.advance(10_000);
    await press('not now (account-restricted)');
  });

  it('is revoked when Ana has revoked, and after an opt-out until it is restored', async () => {
    stage.simulator.user(ANA).grant();
    await stage.simulator.clock.advance(10_000);
    stage.simulator.user(ANA).revoke();
    await stage.simulator.clock.advance(10_000);
    await press('revoked (revoked-by-user), we may ask again');

    await stage.pressUntil('never call me', 'opt out');
    await press('revoked (opted-out), we may not ask');
    await stage.simulator.clock.advance(1000); // in the same second the refusal counts
    await stage.pressUntil('you may call again', 'restore');
    await press('revoked (revoked-by-user)');
  });
});
