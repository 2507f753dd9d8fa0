import assert from 'node:assert/strict';
import { standing } from '../actions/support/office';
import { FakeWhatsApp, graphError } from '../cloud-api/fake-whatsapp';
import { ANA, AnasStage, DAY, HOUR, MINUTE } from './support/ana';
import { Cloud, OFFER } from './support/cloud';
import { accountNode, check, everyNode, type FlowNode } from './support/stage';

const NODES = ['check', 'request', 'place', 'end', 'webhook', 'to-opt-out'];

describe('what stops an account as a whole, on the badges of its nodes', () => {
  let stage: AnasStage;

  const limited = (overrides: object): FlowNode[] =>
    everyNode({ account: { policy: 'meta', policyOverrides: JSON.stringify(overrides) } });
  const open = async (flow = everyNode()): Promise<void> => {
    stage = new AnasStage();
    await stage.open(flow);
    await stage.quiet();
  };
  const shown = (id: string): string => stage.badges(id).at(-1) ?? '';
  const allShow = (text: string): void => {
    for (const id of NODES) assert.equal(shown(id), text, id);
  };

  afterEach(() => stage.close());

  it('a restriction is shown until WhatsApp takes it back; then each shows what it did before', async () => {
    await open();
    await stage.send('check', { ...ANA });
    stage.number.restrict(7);
    await stage.pass(MINUTE);
    allShow('status.account-restricted');
    stage.number.release();
    await stage.pass(MINUTE);
    assert.deepEqual(stage.told(), ['7:account-restricted', '7:account-released']);
    assert.equal(shown('check'), 'status.needs-request');
    assert.equal(shown('webhook'), 'status.listening');
    assert.equal(shown('place'), '');
  });

  it('a restriction is shown until its time is over', async () => {
    await open();
    stage.number.restrict(7);
    await stage.pass(MINUTE);
    await stage.pass(7 * DAY - 2 * MINUTE);
    allShow('status.account-restricted');
    await stage.pass(2 * MINUTE);
    assert.equal(shown('webhook'), 'status.listening');
    assert.equal(shown('check'), '');
  });

  for (const [what, off, on] of [
    ['calling that is switched off', { status: 'DISABLED' }, { status: 'ENABLED' }],
    ['SIP', { sip: { status: 'ENABLED' } }, { sip: { status: 'DISABLED' } }],
  ] as const) {
    it(`${what} is shown until that is changed, and each change is told once`, async () => {
      await open();
      stage.number.changeSettings(off);
      await stage.pass(MINUTE);
      stage.number.changeSettings(off);
      await stage.pass(MINUTE);
      allShow('status.account-not-eligible');
      assert.deepEqual(stage.told(), ['7:account-restricted']);
      stage.number.changeSettings(on);
      await stage.pass(MINUTE);
      assert.equal(shown('webhook'), 'status.listening');
      assert.deepEqual(stage.told(), ['7:account-released']);
    });
  }

  it('the last call of the day is shown, and for how long it was', async () => {
    await open(limited({ initiationsPer24h: 1 }));
    await stage.permit();
    await stage.call('answer');
    allShow('status.daily-initiations');
    assert.equal(await stage.leaves('place'), '3 daily-initiations');
    assert.equal(await stage.leaves('check'), '3 daily-initiations');
    await stage.pass(DAY + 10 * MINUTE);
    assert.equal(shown('webhook'), 'status.listening');
    assert.equal(await stage.leaves('check'), '1 temporary-permission');
  });

  it('as many calls as there may be at once are shown while they go on', async () => {
    await open(limited({ concurrentCalls: 1 }));
    await stage.permit();
    await stage.send('place', { ...ANA });
    await stage.quiet();
    allShow('status.concurrent-calls');
    await stage.pass(10_000);
    stage.user.answer();
    await stage.pass(HOUR);
    allShow('status.concurrent-calls');
    stage.user.hangUp();
    await stage.pass(MINUTE);
    assert.equal(shown('webhook'), 'status.listening');
    assert.equal(shown('place'), 'status.placed');
  });

  it('a limit that is lowered holds, and is shown, from the deploy on', async () => {
    await open(limited({}));
    await stage.permit();
    await stage.call('answer');
    assert.equal(await stage.leaves('check'), '1 temporary-permission');
    await stage.deploy(limited({ initiationsPer24h: 1 }), 'full');
    await stage.quiet();
    allShow('status.daily-initiations');
    assert.equal(await stage.leaves('check'), '3 daily-initiations');
  });

  it('a node that is deployed, or a Node-RED that starts, meanwhile shows it too', async () => {
    await open();
    stage.number.restrict(7);
    await stage.pass(MINUTE);
    await stage.deploy([...everyNode(), ...check({}, 'late')], 'nodes');
    await stage.quiet();
    assert.equal(shown('late'), 'status.account-restricted');
    await stage.deploy(everyNode({ check: { name: 'again' } }), 'full');
    await stage.quiet();
    allShow('status.account-restricted');
  });

  it('nodes of another account show nothing of it', async () => {
    const other = accountNode({ id: 'other', phoneNumberId: '100000000000002' });
    await open([...everyNode(), other, ...check({ account: 'other' }, 'elsewhere')]);
    stage.number.restrict(7);
    await stage.pass(MINUTE);
    assert.equal(shown('elsewhere'), '');
  });

  it('a badge changes when that changes, not with every message', async () => {
    await open();
    stage.number.restrict(7);
    await stage.pass(MINUTE);
    for (let message = 0; message < 5; message += 1) {
      assert.equal(await stage.leaves('check'), '3 account-restricted');
    }
    assert.deepEqual(stage.badges('check'), ['status.account-restricted']);
  });

  it('a fault of the node itself is shown nevertheless', async () => {
    await open();
    stage.number.restrict(7);
    await stage.pass(MINUTE);
    await stage.send('check', { payload: 'nobody' });
    await stage.quiet();
    assert.equal(shown('check'), 'status.failed');
    await stage.send('check', { ...ANA });
    await stage.quiet();
    assert.equal(shown('check'), 'status.account-restricted');
  });
});

describe('what WhatsApp refuses to the whole account, on the badges of its nodes', () => {
  let cloud: Cloud;
  let whatsapp: FakeWhatsApp;

  beforeEach(async () => {
    cloud = new Cloud();
    whatsapp = new FakeWhatsApp();
    await whatsapp.start();
    await cloud.open({ account: { graphUrl: whatsapp.url } });
  });
  afterEach(async () => {
    await cloud.close();
    await whatsapp.stop();
  });

  const MESSAGE = { ...ANA, session: OFFER };
  const TABLE: [number: number, reason: string, waits: number, holdsForAll?: boolean][] = [
    [138000, 'account-not-eligible', HOUR],
    [138013, 'account-not-eligible', HOUR],
    [131055, 'account-not-eligible', HOUR],
    [138014, 'account-restricted', DAY],
    [138002, 'concurrent-calls', MINUTE],
    [138005, 'daily-initiations', HOUR],
    [4, 'rate-limited', MINUTE],
    [80007, 'rate-limited', MINUTE],
    [130429, 'rate-limited', MINUTE],
    [613, 'rate-limited', MINUTE],
    [131056, 'rate-limited', MINUTE, false],
  ];
  for (const [number, reason, waits, holdsForAll = true] of TABLE) {
    it(`${number}: ${reason} by "limited", for ${waits / MINUTE} minutes, ${holdsForAll ? 'for all' : 'for the contact alone'}`, async () => {
      whatsapp.behave(standing('permanent'), { status: 400, body: graphError(number) });
      const before = Date.now();
      const { output, msg } = await cloud.stage.send('place', { ...MESSAGE });
      assert.deepEqual([output, msg['permission'].reason], [3, reason]);
      const left = Date.parse(msg['permission'].retryAt as string) - before;
      assert.ok(left >= waits && left < waits + MINUTE / 2, `${left} ms`);
      await cloud.stage.quiet();
      const badge = cloud.stage.badges('webhook').at(-1);
      assert.equal(badge, holdsForAll ? `status.${reason}` : 'status.listening');
    });
  }

  it('for as long as WhatsApp says, where it does', async () => {
    const headers = { 'retry-after': '120' };
    whatsapp.behave(standing('permanent'), { status: 429, headers, body: graphError(80007) });
    const before = Date.now();
    const { msg } = await cloud.stage.send('place', { ...MESSAGE });
    const left = Date.parse(msg['permission'].retryAt as string) - before;
    assert.ok(left >= 120_000 && left < 150_000, `${left} ms`);
  });
});
