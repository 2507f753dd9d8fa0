import { equal } from 'node:assert/strict';
import { checkPermission, endCall, placeCall } from '../../src/actions';
import { DAY, HOUR, PRESETS } from '../../src/rules';
import { exampleOffer } from '../../src/simulator';
import { World } from '../campaign/world';

const WA_ID = '573001234567';
const ANA = { waId: WA_ID, userId: null, phone: null };
const USER_ID = 'CO.7700112233';
const PERSON = {
  waId: WA_ID,
  userId: USER_ID,
  kind: 'offline',
  moves: [],
  names: [ANA],
  isOnWhatsApp: true,
};
const SCENARIO = { name: 'meta', policy: PRESETS.meta, limits: 'meta', isExact: false } as const;
const WITNESS = { asked: () => {}, told: () => {}, object: () => {} };

describe('end call', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.open(SCENARIO, 1, [PERSON], WITNESS);
    const user = world.simulator.user(WA_ID);
    user.setScript({ onCall: 'unreachable' });
    user.grant();
    await world.pass(HOUR);
  });

  afterEach(() => world.close());

  /** A call to a phone that is off, hung up once `isTime`; how many then count as unanswered. */
  async function unansweredWhenHungUp(isTime: () => boolean): Promise<number> {
    const { sent } = await placeCall(world.account, ANA, { sdp: exampleOffer() });
    while (!isTime()) await world.pass(50);
    await endCall(world.account, sent?.id);
    await world.pass(2000);
    const { verdict } = await checkPermission(world.account, ANA, 'never');
    equal(verdict.unanswered, world.truth(PERSON).unanswered, 'as WhatsApp counts');
    return verdict.unanswered;
  }

  it('before the phone rings takes the call back: it does not count as unanswered', async () => {
    equal(await unansweredWhenHungUp(() => true), 0);
  });

  it('of a call that WhatsApp gave up a moment ago takes nothing back', async () => {
    equal(await unansweredWhenHungUp(() => !world.truth(PERSON).callInProgress), 1);
  });

  it('of a call that was over long ago, whose last webhook was lost, changes nothing', async () => {
    const { faults } = world.simulator;
    const user = world.simulator.user(WA_ID);
    user.setScript({ onCall: 'reject', answerAfter: 0 });
    const { sent } = await placeCall(world.account, ANA, { sdp: exampleOffer() });
    while (world.truth(PERSON).callInProgress) await world.pass(50);
    await world.pass(290);
    faults.play({ 'webhook-dropped': 1 });
    await world.pass(HOUR);
    faults.play({});
    user.grant();
    await world.pass(9 * DAY);
    await checkPermission(world.account, ANA, 'always');
    await endCall(world.account, sent?.id);
    const { verdict } = await checkPermission(world.account, ANA, 'never');
    equal(verdict.unanswered, 0);
    equal(verdict.canCall, true);
  });
});
