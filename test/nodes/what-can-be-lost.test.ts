import assert from 'node:assert/strict';
import { Cloud } from './support/cloud';
import { everyNode, Stage, USER } from './support/stage';

const STORES = {
  default: 'file',
  memory: { module: 'memory' },
  file: { module: 'localfilesystem' },
  quick: { module: 'localfilesystem', config: { flushInterval: 5 } },
  uncached: { module: 'localfilesystem', config: { cache: false } },
  theirs: { module: () => ({}) },
};

describe('what an account says that a crash can lose', () => {
  const said = async (account: object, contextStorage?: object): Promise<string> => {
    const cloud = new Cloud();
    await cloud.open({ account, settings: contextStorage ? { contextStorage } : {} });
    try {
      return cloud.stage.logged('account').join(' ');
    } finally {
      await cloud.close();
    }
  };

  const cases: [object, object | undefined, RegExp][] = [
    [{ records: 'flow' }, undefined, /Every restart loses all records, opt-outs above all/],
    [{ records: 'global' }, STORES, /last 30 seconds, opt-outs above all/],
    [{ records: 'global', contextStore: 'memory' }, STORES, /Every restart loses all/],
    [{ records: 'global', contextStore: 'quick' }, STORES, /last 5 seconds/],
    [{ records: 'global', contextStore: 'uncached' }, STORES, /power failure/],
    [{ records: 'global', contextStore: 'theirs' }, STORES, /depends on the context store/],
  ];
  for (const [account, stores, expected] of cases) {
    it(`is told in the log, with advice: ${JSON.stringify(account)}`, async () => {
      const text = await said(account, stores);
      assert.match(text, expected);
      assert.match(text, /keep the records on disk/);
    });
  }

  it('is of no interest on the simulator', async () => {
    const stage = new Stage();
    await stage.open();
    assert.deepEqual(stage.logged('account'), []);
    await stage.close();
  });
});

describe('a context store that holds many contacts', () => {
  it('is warned of once, beyond 50,000', async () => {
    const stage = new Stage();
    await stage.open(everyNode({ account: { records: 'global' } }));
    try {
      const { global } = stage.node('check').context();
      for (let index = 0; index <= 50_000; index += 1)
        global.set(`whatsappCalling:sim:100000000000001:w${57_300_000_000 + index}`, { v: 1 });
      await stage.send('to-opt-out', { payload: `+${USER}` });
      for (let round = 0; round < 2; round += 1) await stage.send('check', { payload: `+${USER}` });
      await stage.quiet();
      const warnings = stage.logged('account').filter((text) => text.includes('50000 contacts'));
      assert.equal(warnings.length, 1);
    } finally {
      await stage.close();
    }
  });
});
