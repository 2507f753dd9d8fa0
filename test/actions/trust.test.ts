import { equal } from 'node:assert/strict';
import { checkPermission } from '../../src/actions';
import { MINUTE, PRESETS } from '../../src/rules';
import { World, type Seams } from '../campaign/world';

const WA_ID = '573001234567';
const ANA = { waId: WA_ID, userId: null, phone: null };
const PERSON = {
  waId: WA_ID,
  userId: 'CO.7700112233',
  kind: 'agreeable',
  moves: [],
  names: [ANA],
  isOnWhatsApp: true,
};
const SCENARIO = { name: 'meta', policy: PRESETS.meta, limits: 'meta', isExact: false } as const;
const WITNESS = { asked: () => {}, told: () => {}, object: () => {} };

describe('after a new start, a record that WhatsApp answered for before', () => {
  let world: World;

  const open = async (seams: Seams): Promise<void> => {
    world = await World.open(SCENARIO, 1, [PERSON], WITNESS, seams);
    equal(await checked(), 'whatsapp');
    await world.pass(MINUTE);
    equal(await checked(), 'records');
    await world.restart(SCENARIO);
  };
  afterEach(() => world.close());

  const checked = async (): Promise<string> =>
    (await checkPermission(world.account, ANA, 'auto')).checked;

  it('is trusted where the store loses nothing', async () => {
    await open({});
    equal(await checked(), 'records');
  });

  it('is not trusted where the store may have lost what came since: WhatsApp is asked, once', async () => {
    await open({ isForgetful: true });
    equal(await checked(), 'whatsapp');
    equal(await checked(), 'records');
  });
});
