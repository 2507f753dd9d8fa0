import assert from 'node:assert/strict';
import { wrote } from './support/bodies';
import { Cloud, OFFER, SECRET } from './support/cloud';
import { USER } from './support/stage';

const ANA = { payload: `+${USER}`, session: OFFER };
const OLD = 'secret-of-last-year';

describe('the app secret of an account', () => {
  let cloud: Cloud;
  beforeEach(() => {
    cloud = new Cloud();
  });
  afterEach(() => cloud.close());

  for (const both of [`${SECRET} ${OLD}`, `${OLD},${SECRET}`, ` ${SECRET},\n${OLD} `]) {
    it(`may be two while it is replaced, written as ${JSON.stringify(both)}`, async () => {
      await cloud.open({ credentials: { appSecret: both } });
      assert.equal(await cloud.post(wrote('wamid.W1'), { secret: SECRET }), 200);
      assert.equal(await cloud.post(wrote('wamid.W2'), { secret: OLD }), 200);
      for (const secret of [both, both.trim(), `${SECRET},`, 'another']) {
        assert.equal(await cloud.post(wrote('wamid.W3'), { secret }), 401);
      }
      assert.deepEqual(cloud.stage.told(), ['7:user-wrote', '7:user-wrote']);
    });
  }

  it('that is only spaces and commas is none: every webhook is refused', async () => {
    await cloud.open({ credentials: { appSecret: ' , ' } });
    for (const secret of ['', ' ', ' , ', ',']) {
      assert.equal(await cloud.post(wrote('wamid.W1'), { secret }), 401);
    }
    assert.match(cloud.stage.logged('account').join(), /has no app secret/);
  });

  // The simulator refuses a wrong proof and needs none, so that of a secret which is not the app's shows what is sent.
  for (const appSecretProof of [true, 'true']) {
    describe(`with a proof of it (${JSON.stringify(appSecretProof)})`, () => {
      it('is proved by each request, the first of two', async () => {
        const credentials = { appSecret: `${SECRET} ${OLD}` };
        await cloud.open({ account: { appSecretProof }, credentials });
        assert.equal((await cloud.stage.send('check', { ...ANA })).output, 2);
        assert.equal((await cloud.stage.send('request', { ...ANA })).output, 1);
      });

      it('that is wrong at WhatsApp is a fault of every action: app-secret-proof', async () => {
        const credentials = { appSecret: `${OLD} ${SECRET}` };
        await cloud.open({ account: { appSecretProof }, credentials });
        for (const id of ['check', 'request', 'place', 'end']) {
          const message = { ...ANA, call: { id: 'wacid.C1' } };
          assert.equal(await cloud.stage.failureOf(id, message), 'app-secret-proof');
        }
      });
    });
  }

  for (const appSecretProof of [undefined, false, 'false', '']) {
    it(`is not proved where that is ${JSON.stringify(appSecretProof)}`, async () => {
      await cloud.open({ account: { appSecretProof }, credentials: { appSecret: OLD } });
      assert.equal((await cloud.stage.send('check', { ...ANA })).output, 2);
    });
  }

  it('that is to be proved and is not given: setting-missing', async () => {
    await cloud.open({ account: { appSecretProof: true }, credentials: { appSecret: '' } });
    assert.equal(await cloud.stage.failureOf('check', { ...ANA }), 'setting-missing');
    assert.deepEqual(cloud.stage.asked, []);
  });
});
