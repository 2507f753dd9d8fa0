import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { revoke, shapesFor, type Account } from '../../src/actions';
import type { CloudApi } from '../../src/cloud-api';
import { Records } from '../../src/records';
import {
  DAY,
  HOUR,
  MINUTE,
  PRESETS,
  apply,
  decide,
  emptyAccountState,
  type Fact,
} from '../../src/rules';
import { MapStore } from '../records/support/map-store';
import { keys, names } from '../records/support/notes';
import {
  START,
  answered,
  callStep,
  grantedForGood,
  placed,
  requestAccepted,
  requested,
  unanswered,
} from '../rules/support/facts';

const ANA = names({ waId: '34600111222', userId: 'ES.7700112233', phone: '34600111222' });
const BY_NUMBER = names({ waId: '34600111222' });
const BY_USER_ID = names({ userId: 'ES.7700112233' });
const TRACES = /34600111222|7700112233|wamid|wacid|"(r1|c\d)"|secret plan/;

describe('revoke', () => {
  let store: MapStore;
  let now: number;
  let account: Account;

  beforeEach(() => {
    store = new MapStore();
    now = START;
    account = {
      cloudApi: {} as CloudApi,
      policy: PRESETS.cautious,
      clock: { now: () => now, schedule: () => () => {} },
      newKey: () => 'key',
      records: new Records({
        store,
        keys,
        ...shapesFor(PRESETS.cautious, false),
        report: (message) => {
          throw new Error(message);
        },
      }),
    };
  });

  const tell = async (...facts: Fact[]): Promise<void> => {
    await account.records.update(ANA, (record) => ({
      record: facts.reduce(apply, record),
      result: undefined,
      calls: { add: ['wacid.c1', 'c1'] },
    }));
  };
  const reasonOf = async (contact: typeof ANA): Promise<string> => {
    const { record } = await account.records.read(contact);
    return decide(record, emptyAccountState(), account.policy, now).reason;
  };

  it('opts out under every name, and restores', async () => {
    await tell(grantedForGood(START), answered(START, { status: 'permanent' }));
    const { verdict, names: known } = await revoke(account, BY_USER_ID, 'opt-out');
    equal(verdict.state, 'revoked');
    deepEqual(known, ANA);
    equal(await reasonOf(BY_NUMBER), 'opted-out');
    now += MINUTE;
    equal((await revoke(account, BY_NUMBER, 'restore')).verdict.state, 'callable');
  });

  it('forgets the person and what was said, and keeps the limits', async () => {
    await tell(
      { ...requested(START), memo: 'secret plan' } as Fact,
      requestAccepted(START),
      { type: 'user-wrote', at: START, id: 'wamid.hello' },
      grantedForGood(START + MINUTE),
      answered(START + MINUTE, { status: 'permanent', canRequest: false }),
      placed(START + HOUR),
      { type: 'call-accepted', at: START + HOUR, key: 'c1', id: 'wacid.c1' },
      callStep('ringing', START + HOUR + 1000),
    );
    match(JSON.stringify(store.content), TRACES);
    now = START + HOUR + 2000;
    const { verdict, names: told, checked } = await revoke(account, BY_NUMBER, 'forget');
    doesNotMatch(JSON.stringify(store.content), TRACES);
    deepEqual(told, BY_NUMBER);
    equal(checked, 'records');
    equal(verdict.canCall, false);
    equal(verdict.canRequest, false);
    equal(verdict.reason, 'awaiting-reply');
    equal(await account.records.contactOf('wacid.c1'), null);
    equal(await account.records.contactOf('c1'), null);
  });

  it('keeps who was forgotten opted out, under every name, until a restore', async () => {
    await tell(grantedForGood(START));
    await revoke(account, BY_NUMBER, 'opt-out');
    now += DAY;
    equal((await revoke(account, BY_USER_ID, 'forget')).verdict.reason, 'opted-out');
    doesNotMatch(JSON.stringify(store.content), TRACES);
    now += 1000 * DAY;
    equal(await reasonOf(BY_NUMBER), 'opted-out');
    equal(await reasonOf(BY_USER_ID), 'opted-out');
    equal((await revoke(account, BY_NUMBER, 'restore')).verdict.state, 'needs-request');
    equal(await reasonOf(BY_USER_ID), 'never-requested');
  });

  it('makes nobody callable by forgetting: not who let two calls ring, though WhatsApp would allow it', async () => {
    await tell(
      grantedForGood(START),
      ...unanswered(START + HOUR, 'c1'),
      ...unanswered(START + 2 * HOUR, 'c2'),
    );
    now = START + 3 * HOUR;
    await revoke(account, ANA, 'forget');
    const told = answered(now, { status: 'permanent', canRequest: false });
    await account.records.update(BY_USER_ID, (record) => ({
      record: apply(record, told),
      result: undefined,
    }));
    equal(await reasonOf(BY_NUMBER), 'unanswered-streak');
    now = START + 3 * DAY;
    equal(await reasonOf(BY_NUMBER), 'permanent-permission');
  });

  it('keeps nothing of whom nothing holds back, nor of a stranger', async () => {
    await tell(grantedForGood(START), answered(START, { status: 'permanent' }));
    now += 30 * DAY;
    const { verdict } = await revoke(account, BY_NUMBER, 'forget');
    deepEqual([verdict.state, verdict.reason], ['needs-request', 'never-requested']);
    await revoke(account, names({ waId: '573001234567' }), 'forget');
    deepEqual(store.content, {});
  });
});
