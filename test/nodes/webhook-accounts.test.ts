import assert from 'node:assert/strict';
import { replied } from './support/bodies';
import { Cloud, CREDENTIALS, SECRET } from './support/cloud';
import { accountNode, type FlowNode } from './support/stage';

describe('two accounts on one webhook path', () => {
  let cloud: Cloud;

  beforeEach(() => {
    cloud = new Cloud();
  });
  afterEach(() => cloud.close());

  const granted = () => replied('accept');
  const told = () => cloud.stage.told();

  const OTHER = '100000000000002';
  const second = (settings: object = {}): FlowNode[] => [
    accountNode({
      id: 'account-2',
      connection: 'cloud-api',
      phoneNumberId: OTHER,
      displayNumber: '15550000002',
      ...settings,
    }),
    {
      id: 'second',
      type: 'whatsapp-handle-webhook',
      z: 'tab',
      account: 'account-2',
      wires: [['second-1'], [], [], [], [], [], []],
    },
    { id: 'second-1', type: 'helper', z: 'tab', wires: [] },
  ];
  const forOther = () =>
    JSON.parse(JSON.stringify(replied('accept')).replaceAll('000001"', '000002"')) as object;

  async function openBoth(appSecret = SECRET): Promise<void> {
    await cloud.open();
    await cloud.stage.deploy([...cloud.flow(), ...second({ graphUrl: cloud.graphUrl })], 'nodes', {
      account: CREDENTIALS,
      'account-2': { ...CREDENTIALS, appSecret },
    });
  }

  it('each hears of its own number', async () => {
    await openBoth();
    assert.equal(await cloud.post(forOther()), 200);
    assert.deepEqual(told(), []);
    assert.deepEqual(cloud.stage.told('second'), ['1:permission-granted']);
  });

  it('the secret of one does not speak for the number of the other', async () => {
    await openBoth('another-secret');
    assert.equal(await cloud.post(forOther(), { secret: SECRET }), 200);
    assert.deepEqual(cloud.stage.told('second'), []);
    assert.equal(await cloud.post(forOther(), { secret: 'another-secret' }), 200);
    assert.deepEqual(cloud.stage.told('second'), ['1:permission-granted']);
  });

  it('one may go without the other', async () => {
    await openBoth();
    await cloud.stage.deploy(cloud.flow(), 'nodes', { account: CREDENTIALS });
    assert.equal(await cloud.post(granted()), 200);
    assert.deepEqual(told(), ['1:permission-granted']);
  });
});
