import assert from 'node:assert/strict';
import { checkPermission, placeCall, type Account } from '../../src/actions';
import { wake } from '../../src/actions/wake';
import { ContextStore, Keys, type KeyValueStore } from '../../src/records';
import { MINUTE } from '../../src/rules';
import { CALL_ACCEPTED, PHONE_NUMBER_ID } from '../cloud-api/fake-whatsapp';
import { Disk } from '../records/support/disk';
import { MapStore } from '../records/support/map-store';
import { describeRedis, RedisServer } from '../records/support/redis-server';
import { seeded, WaywardContext } from '../records/support/wayward-context';
import { ANA } from '../webhooks/fixtures';
import { Office, standing } from './support/office';

const SLOT_KEY = new Keys({ phoneNumberId: PHONE_NUMBER_ID, simulated: false }).contact(ANA)[0];

/** What holds for two accounts, each in a process of its own, on one place. */
function areOne(open: () => KeyValueStore[]): void {
  let office: Office;
  let accounts: Account[];

  beforeEach(async () => {
    office = new Office();
    await office.open();
    accounts = open().map((store) => office.accountOn(store));
  });
  afterEach(() => office.close());

  it('of 100 calls to one contact at a time, one goes out', async () => {
    office.whatsapp.behave(standing('permanent'));
    await checkPermission(accounts[0]!, ANA, 'auto');
    office.whatsapp.behave({ body: CALL_ACCEPTED });
    const offer = { sdp: 'v=0\r\n' };
    const calls = Array.from({ length: 100 }, (_, i) =>
      placeCall(accounts[i % accounts.length]!, ANA, offer),
    );
    const attempts = await Promise.all(calls);
    assert.equal(attempts.filter(({ sent }) => sent !== null).length, 1);
    assert.equal(office.posts, 1);
  });

  it('who wakes a contact at a time with another tells it alone', async () => {
    const { now } = office;
    const reminder = { at: now - MINUTE, due: now };
    await accounts[0]!.records.update(ANA, (record) => ({
      record: { ...record, reminder },
      result: null,
    }));
    const woken = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        wake(accounts[i % accounts.length]!, { key: SLOT_KEY, at: now }, MINUTE),
      ),
    );
    assert.deepEqual(
      woken.flatMap(({ events }) => events.map(({ type }) => type)),
      ['try-again'],
    );
  });
}

describe('Accounts on one place', () => {
  describe('in memory', () => areOne(() => [new MapStore()]));

  describe('in an asynchronous store of a third party', () =>
    areOne(() => [new ContextStore(new WaywardContext(seeded(7)))]));

  describe('on disk, in two processes', () => {
    let disk: Disk;
    beforeEach(async () => void (disk = await Disk.make()));
    afterEach(() => disk.end());

    areOne(() => [disk.open(), disk.open()]);
  });

  describeRedis('in Redis, in two processes', () => {
    let server: RedisServer;
    before(async () => void (server = await RedisServer.start()));
    afterEach(() => server.clear());
    after(() => server.end());

    areOne(() => [server.open(), server.open()]);
  });
});
