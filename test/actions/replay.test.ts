import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { handleWebhook } from '../../src/actions';
import { decide, emptyAccountState } from '../../src/rules';
import {
  ACCEPT_PERMANENT,
  ANA,
  accountUpdateBody,
  callStatus,
  callStatusBody,
  callsBody,
  connect,
  DECLINE,
  messagesBody,
  reply,
  T,
  terminate,
  textMessage,
} from '../webhooks/fixtures';
import { Office } from './support/office';

const DAY = 24 * 3_600_000;
const at = (after: number): { timestamp: string } => ({ timestamp: String(T + after) });

/** She allows calls, is called, and takes it back. */
const STORY = [
  messagesBody(reply(ACCEPT_PERMANENT, { id: 'wamid.G', ...at(0) })),
  messagesBody(textMessage({ id: 'wamid.W', ...at(10) })),
  callsBody(connect(at(60))),
  callStatusBody(callStatus('RINGING', at(62))),
  callStatusBody(callStatus('ACCEPTED', at(65))),
  callsBody(terminate({ ...at(90), start_time: String(T + 65), end_time: String(T + 90) })),
  messagesBody(reply(DECLINE, { id: 'wamid.R', context: undefined, ...at(120) })),
  accountUpdateBody({
    event: 'ACCOUNT_RESTRICTION',
    restriction_info: [
      { restriction_type: 'RESTRICTED_BUSINESS_INITIATED_CALLING', expiration: String(T + 9e5) },
    ],
  }),
];

describe('signed webhooks that somebody recorded and sends again', () => {
  let office: Office;
  beforeEach(async () => {
    office = new Office();
    await office.open();
  });
  afterEach(() => office.close());

  it('tell nothing and change nothing, in any order, days later', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...STORY), fc.nat(DAY / 2)), { maxLength: 15 }),
        fc.boolean(),
        async (replayed, isAtOnce) => {
          office.store.values.clear();
          office.now = (T + 180) * 1000;
          const told = [];
          for (const body of STORY) told.push(...(await handle(body)));
          assert.deepEqual(told, [
            'permission-granted',
            'user-wrote',
            'call-connecting',
            'call-ringing',
            'call-answered',
            'call-ended',
            'permission-revoked',
            'account-restricted',
          ]);
          const before = await verdict();
          assert.equal(before.canCall, false);
          const again: string[] = [];
          for (const [body, wait] of replayed) {
            if (!isAtOnce) office.now += wait;
            again.push(...(await handle(body)));
          }
          assert.deepEqual(again, []);
          assert.deepEqual(await verdict(), before);
        },
      ),
      { numRuns: 100 },
    );
  });

  async function handle(body: unknown): Promise<string[]> {
    const { events, failures } = await handleWebhook(office.account, office.read(body));
    assert.deepEqual(failures, []);
    return events.map(({ type }) => type);
  }

  async function verdict() {
    const { record } = await office.account.records.read(ANA);
    return decide(record, emptyAccountState(), office.account.policy, (T + 180) * 1000);
  }
});
