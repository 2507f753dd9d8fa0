import assert from 'node:assert/strict';
import { FAULT_NAMES, type FaultName, type WantedFaults } from '../../src/simulator';
import { readFaults, Faults } from '../../src/simulator/faults/faults';
import { World } from './world';

/** When a fault strikes, of so many occasions. */
const strikes = (faults: Faults, name: FaultName, occasions = 200): number[] =>
  Array.from({ length: occasions }, (_, index) => index).filter(() => faults.strikes(name));

describe('faults of the simulator', () => {
  it('never strike where none is on, and always where they are certain', () => {
    assert.deepEqual(strikes(new Faults(1), 'webhook-twice'), []);
    assert.equal(strikes(new Faults(1, { 'webhook-twice': 1 }), 'webhook-twice').length, 200);
  });

  it('strike at the same occasions with the same seed, and at others with another', () => {
    const of = (seed: number): number[] => strikes(new Faults(seed, 'all'), 'webhook-twice');
    assert.deepEqual(of(7), of(7));
    assert.notDeepEqual(of(7), of(8));
    assert.ok(of(7).length > 0);
  });

  it('strike at the same occasions whichever others are on', () => {
    const alone = new Faults(7, { 'webhook-late': true });
    const among = new Faults(7, 'all');
    strikes(among, 'webhook-twice');
    assert.deepEqual(strikes(alone, 'webhook-late'), strikes(among, 'webhook-late'));
  });

  it('begin anew with a seed, and go on without one', () => {
    const faults = new Faults(7, { 'webhook-twice': 0.5 });
    const first = strikes(faults, 'webhook-twice');
    faults.play({ 'webhook-twice': 0.5 });
    assert.notDeepEqual(strikes(faults, 'webhook-twice'), first);
    faults.play({ 'webhook-twice': 0.5 }, 7);
    assert.deepEqual(strikes(faults, 'webhook-twice'), first);
  });

  it('that mark a user mark the same user every time', () => {
    const faults = new Faults(1, { 'number-hidden': 0.5 });
    const users = Array.from({ length: 100 }, (_, index) => `5730012345${index}`);
    const marked = (): string[] => users.filter((user) => faults.marks('number-hidden', user));
    assert.deepEqual(marked(), marked());
    assert.ok(marked().length > 20 && marked().length < 80);
  });

  it('are read from a text: all, or names with how often', () => {
    const oddsOf = (text: string): Record<string, number> =>
      new Faults(1, readFaults(text)).describe()['faults'] as Record<string, number>;
    assert.ok(FAULT_NAMES.every((name) => oddsOf('all')[name]! > 0));
    assert.ok(FAULT_NAMES.every((name) => oddsOf('')[name] === 0));
    const some = oddsOf('webhook-twice, server-error=0.25');
    assert.equal(some['server-error'], 0.25);
    assert.ok(some['webhook-twice']! > 0);
    assert.equal(some['webhook-late'], 0);
    const most = oddsOf('all,webhook-late=0');
    assert.equal(most['webhook-late'], 0);
    assert.ok(most['webhook-twice']! > 0);
  });

  for (const text of [
    'webhook-thrice',
    'webhook-twice=2',
    'webhook-twice=',
    'webhook-twice=often',
  ]) {
    it(`are refused where they read "${text}"`, () => {
      assert.throws(() => readFaults(text), { code: 'bad-input' });
    });
  }

  it('that are refused leave those that are on', () => {
    const faults = new Faults(1, { 'webhook-twice': 1 });
    const wrong = { 'webhook-late': 7 } as WantedFaults;
    assert.throws(() => faults.play(wrong), { code: 'bad-input' });
    assert.equal(strikes(faults, 'webhook-twice').length, 200);
  });

  it('are switched by the control API, with a seed', async () => {
    const world = await new World().listen();
    try {
      const before = await world.http('GET', '/simulator/faults');
      assert.equal(before.body.seed, 7);
      assert.equal(before.body.faults['webhook-dropped'], 0);
      assert.match(before.body.about['webhook-dropped'], /never comes/);
      const wanted = { 'webhook-dropped': 1, seed: 9 };
      const after = await world.http('PUT', '/simulator/faults', wanted);
      assert.deepEqual([after.body.seed, after.body.faults['webhook-dropped']], [9, 1]);
      world.ana.write('Hello');
      await world.pass(60);
      assert.deepEqual(world.webhooks, []);
      const wrong = await world.http('PUT', '/simulator/faults', { 'webhook-dropped': 'often' });
      assert.deepEqual([wrong.status, wrong.body.error.code], [400, 'bad-input']);
      const { body } = await world.http('PUT', '/simulator/faults', {});
      assert.equal(body.struck['webhook-dropped'], 1);
      world.ana.write('Hello again');
      await world.pass(60);
      assert.equal(world.webhooks.length, 1);
    } finally {
      await world.simulator.close();
    }
  });
});
