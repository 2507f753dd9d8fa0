import assert from 'node:assert/strict';
import {
  accountUpdateBody,
  bodyOf,
  callsBody,
  connect,
  DISPLAY_NUMBER,
  messagesBody,
  PHONE_NUMBER_ID,
  settingsBody,
  textMessage,
  valueOf,
  WABA,
  type Body,
} from './fixtures';
import { account, assertLogged, deliver, endpointWith, SECRET, storedTypes } from './serve';

const OTHER = {
  phoneNumberId: '555666777888',
  displayNumber: '34910000002',
  appSecrets: ['other'],
};
const METADATA = {
  phone_number_id: OTHER.phoneNumberId,
  display_phone_number: `+${OTHER.displayNumber}`,
};

const restriction = (phone_number?: string): Body => {
  const restriction_info = [{ restriction_type: 'RESTRICTED_BUSINESS_INITIATED_CALLING' }];
  return accountUpdateBody({ event: 'ACCOUNT_RESTRICTION', restriction_info, phone_number });
};
const forBoth = (): Body => {
  const messages = [textMessage()];
  const values = [valueOf({ messages }), valueOf({ messages }, METADATA)];
  return { entry: values.map((value) => ({ changes: [{ field: 'messages', value }] })) };
};

describe('several accounts on one path', () => {
  it('each get what is for their own number', async () => {
    const [one, two] = [account(), account({ ...OTHER, appSecrets: [SECRET] })];
    const { status } = await deliver(endpointWith(one, two), forBoth());
    assert.equal(status, 200);
    assert.deepEqual([storedTypes(one), storedTypes(two)], [['user-wrote'], ['user-wrote']]);
    assert.equal(two.stored[0]?.phoneNumberId, OTHER.phoneNumberId);
  });

  it('cannot be spoken for with the secret of another account', async () => {
    const [one, two] = [account(), account(OTHER)];
    const { status } = await deliver(endpointWith(one, two), forBoth(), 'other');
    assert.equal(status, 200);
    assert.deepEqual([storedTypes(one), storedTypes(two)], [[], ['user-wrote']]);
    assertLogged(one, /signed with the app secret of another account/);
    assert.deepEqual(two.logged, []);
  });

  it('each take any of their own secrets', async () => {
    const one = account({ appSecrets: ['new', 'old'] });
    const endpoint = endpointWith(one);
    for (const secret of ['new', 'old']) {
      assert.equal((await deliver(endpoint, callsBody(connect()), secret)).status, 200);
    }
    assert.equal((await deliver(endpoint, callsBody(connect()), 'older')).status, 401);
    assert.equal(one.stored.length, 2);
  });

  it('ask for a body again when one of them cannot store its part', async () => {
    const one = account();
    const two = account({
      ...OTHER,
      appSecrets: [SECRET],
      store: () => Promise.reject(new Error('x')),
    });
    assert.equal((await deliver(endpointWith(one, two), forBoth())).status, 503);
    assert.deepEqual(storedTypes(one), ['user-wrote']);
  });

  it('are told of account webhooks by the display number', async () => {
    const [one, two] = [account(), account({ ...OTHER, appSecrets: [SECRET] })];
    await deliver(endpointWith(one, two), restriction(`+${OTHER.displayNumber}`));
    assert.deepEqual([storedTypes(one), storedTypes(two)], [[], ['account-blocked']]);
  });

  it('learn their display number from their webhooks where nobody typed it', async () => {
    const one = account({ displayNumber: null });
    const endpoint = endpointWith(one);
    await deliver(endpoint, restriction(DISPLAY_NUMBER));
    assert.deepEqual(storedTypes(one), []);
    await deliver(endpoint, messagesBody(textMessage()));
    await deliver(endpoint, restriction(DISPLAY_NUMBER));
    assert.deepEqual(storedTypes(one), ['user-wrote', 'account-blocked']);
  });

  it('are told of their settings by the phone number id', async () => {
    const [one, two] = [account(), account({ ...OTHER, appSecrets: [SECRET] })];
    await deliver(endpointWith(two, one), settingsBody({ status: 'DISABLED' }));
    assert.deepEqual([storedTypes(one), storedTypes(two)], [['account-blocked'], []]);
  });

  describe('where a body names no number', () => {
    const ban = bodyOf('account_update', {
      event: 'DISABLED_UPDATE',
      ban_info: { waba_ban_state: 'DISABLE' },
    });

    it('are all told, if they signed it, and nothing changes', async () => {
      const [one, two] = [account(), account({ ...OTHER, appSecrets: [SECRET] })];
      const stranger = account({ ...OTHER, phoneNumberId: '1' });
      await deliver(endpointWith(one, two, stranger), ban);
      assert.deepEqual([one, two, stranger].map(storedTypes), [['other'], ['other'], []]);
    });

    it('are banned by the business account, where that is known', async () => {
      const one = account({ businessAccountId: WABA });
      const two = account({ ...OTHER, appSecrets: [SECRET], businessAccountId: '42' });
      await deliver(endpointWith(one, two), ban);
      assert.deepEqual([one, two].map(storedTypes), [['account-blocked'], []]);
    });
  });

  it('do not get what is for a number that nobody has, which is logged once', async () => {
    const one = account({ phoneNumberId: '1', displayNumber: '34910000009' });
    const endpoint = endpointWith(one);
    for (let time = 0; time < 3; time += 1) {
      assert.equal((await deliver(endpoint, callsBody(connect()))).status, 200);
      assert.equal((await deliver(endpoint, restriction(DISPLAY_NUMBER))).status, 200);
    }
    assert.deepEqual(one.stored, []);
    assertLogged(one, new RegExp(`${PHONE_NUMBER_ID}.*no account has`));
    assertLogged(one, /ending in 0001/);
    assert.ok(!one.logged.join().includes(DISPLAY_NUMBER), 'no full number in the log');
  });

  it('stop when they are removed', async () => {
    const [one, two] = [account(), account({ ...OTHER, appSecrets: [SECRET] })];
    const endpoint = endpointWith(two);
    endpoint.add(one)();
    assert.equal((await deliver(endpoint, forBoth())).status, 200);
    assert.deepEqual([storedTypes(one), storedTypes(two)], [[], ['user-wrote']]);
  });
});
