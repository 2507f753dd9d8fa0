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
