import { equal } from 'node:assert/strict';
import { checkPermission, placeCall } from '../../src/actions';
import { DAY, HOUR, PRESETS } from '../../src/rules';
import { exampleOffer } from '../../src/simulator';
import { World } from '../campaign/world';

const WA_ID = '573001234567';
const ANA = { waId: WA_ID, userId: null, phone: null };
const PERSON = {
  ...ANA,
  waId: WA_ID,
  kind: 'friend',
  moves: [],
  names: [ANA],
  isOnWhatsApp: true,
  userId: 'CO.7700112233',
};
const SCENARIO = { name: 'meta', policy: PRESETS.meta, limits: 'meta', isExact: false } as const;

describe('calling that is switched off and on again, of which no webhook tells', () => {
  let world: World;

  beforeEach(async () => {
    const witness = { asked: () => {}, told: () => {}, object: () => {} };
    world = await World.open(SCENARIO, 1, [PERSON], witness);
    world.simulator.user(WA_ID).grant();
    await world.pass(HOUR);
  });
  afterEach(() => world.close());

  const reason = async (ask: 'never' | 'always'): Promise<string> =>
    (await checkPermission(world.account, ANA, ask)).verdict.reason;

  async function switchOffAndSilentlyOn(setting: object, back: object): Promise<void> {
    world.number.changeSettings({ ...setting });
    await world.pass(HOUR);
    equal(await reason('never'), 'account-not-eligible');
    world.simulator.faults.play({ 'webhook-dropped': 1 });
    world.number.changeSettings({ ...back });
    await world.pass(HOUR);
  }

  it('is on again once WhatsApp answers, which it does not while calling is off', async () => {
    await switchOffAndSilentlyOn({ status: 'DISABLED' }, { status: 'ENABLED' });
    equal(await reason('never'), 'account-not-eligible');
    equal(await reason('always'), 'permanent-permission');
    equal(await reason('never'), 'permanent-permission');
  });

  it('stays off where it was SIP that took calls away, which no answer tells', async () => {
    const sip = (status: string): object => ({ sip: { status } });
    await switchOffAndSilentlyOn(sip('ENABLED'), sip('DISABLED'));
    equal(await reason('always'), 'account-not-eligible');
  });
});

describe('a refusal that lies in the number', () => {
  for (const days of [1 / 8, 7]) {
    it(`makes us wait for the end that WhatsApp tells afterwards, here ${days * 24} hours`, async () => {
      const witness = { asked: () => {}, told: () => {}, object: () => {} };
      const world = await World.open(SCENARIO, 1, [PERSON], witness);
      try {
        world.simulator.user(WA_ID).grant();
        await world.pass(HOUR);
        await checkPermission(world.account, ANA, 'always');
        world.number.restrict(days);
        const end = world.now() + days * DAY;
        const refused = await placeCall(world.account, ANA, { sdp: exampleOffer() });
        equal(refused.sent, null);
        equal(refused.verdict.reason, 'account-restricted');
        await world.pass(2000);
        const { verdict } = await checkPermission(world.account, ANA, 'never');
        equal(verdict.retryAt, Math.ceil(end / 1000) * 1000);
      } finally {
        await world.close();
      }
    });
  }
});
