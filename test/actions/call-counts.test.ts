import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { checkPermission, endCall, handleWebhook, placeCall } from '../../src/actions';
import { RecordsError } from '../../src/records';
import { DAY, HOUR, MINUTE, policyFrom, type PolicyNumbers } from '../../src/rules';
import { graphError } from '../cloud-api/fake-whatsapp';
import {
  DISPLAY_NUMBER,
  bodyOf,
  callStatus,
  connect,
  unanswered,
  valueOf,
  type Body,
} from '../webhooks/fixtures';
import { Office, standing } from './support/office';

const OFFER = { sdp: 'v=0\r\n' };
const someone = (index: number) => ({
  waId: `5730012300${String(index).padStart(2, '0')}`,
  userId: null,
  phone: null,
});
const everyone = (count: number) => Array.from({ length: count }, (_, index) => someone(index));
const [ANA, BEN] = everyone(2) as [ReturnType<typeof someone>, ReturnType<typeof someone>];

/** A call that Ben begins. */
const FROM_BEN = {
  id: 'wacid.U1',
  direction: 'USER_INITIATED',
  from: BEN.waId,
  from_user_id: undefined,
  to: DISPLAY_NUMBER,
  to_user_id: undefined,
  biz_opaque_callback_data: undefined,
};

const eventOf = (call: Body): Body =>
  bodyOf('calls', { ...valueOf({ calls: [call] }), contacts: [] });
const statusOf = (status: Body): Body =>
  bodyOf('calls', { ...valueOf({ statuses: [status] }), contacts: [] });

type Answer = (response: ServerResponse, ids: number) => void;

const accept: Answer = (response, id) =>
  response.end(JSON.stringify({ calls: [{ id: `wacid.${id}` }] }));
const refuse =
  (code: number): Answer =>
  (response) =>
    response.writeHead(400).end(JSON.stringify(graphError(code)));
const cut: Answer = (response) => response.destroy();

describe('the limits of the whole number', () => {
  let office: Office;
  let answer: Answer;

  const limit = (numbers: Partial<PolicyNumbers>): void => {
    office.account = {
      ...office.account,
      policy: policyFrom('meta', { trustRecordsFor: 1000, ...numbers }),
    };
  };

  beforeEach(async () => {
    office = new Office();
    await office.open();
    answer = accept;
    let ids = 0;
    office.whatsapp.behave((response) => {
      if (office.whatsapp.last!.method === 'GET')
        return response.end(JSON.stringify(standing('permanent').body));
      if ((office.whatsapp.last!.body as { action: string }).action === 'terminate')
        return response.end(JSON.stringify({ success: true }));
      answer(response, (ids += 1));
    });
  });
  afterEach(() => office.close());

  const call = (contact = ANA) => placeCall(office.account, contact, OFFER);
  const check = async (contact = BEN) =>
    (await checkPermission(office.account, contact, 'auto')).verdict;
  const told = async (body: unknown) => {
    const { events, failures } = await handleWebhook(office.account, office.read(body));
    return [...events.map(({ type }) => type), ...failures.map(() => 'failure')];
  };
  const seconds = () => String(Math.floor(office.now / 1000));
  const about = (id: string, { waId } = ANA) => ({
    id,
    timestamp: seconds(),
    recipient_id: waId,
    to: waId,
    recipient_user_id: undefined,
    to_user_id: undefined,
    biz_opaque_callback_data: undefined,
  });
  const failWhereKeyEnds = (end: string): (() => void) => {
    const set = office.store.set.bind(office.store);
    office.store.set = (entries) =>
      [...entries.keys()].some((key) => key.endsWith(end))
        ? Promise.reject(new RecordsError('records-unavailable', 'full'))
        : set(entries);
    return () => (office.store.set = set);
  };

  for (const [key, reason] of [
    ['initiationsPer24h', 'daily-initiations'],
    ['concurrentCalls', 'concurrent-calls'],
  ] as const) {
    describe(key, () => {
      it('of 100 calls at once with room for 10, 10 are placed, and the others say so', async () => {
        limit({ [key]: 10 });
        const all = await Promise.all(everyone(100).map(call));
        assert.equal(all.filter(({ sent }) => sent !== null).length, 10);
        assert.equal(office.posts, 10);
        const held = all.filter(({ sent }) => sent === null);
        for (const { verdict } of held) {
          assert.deepEqual([verdict.state, verdict.reason], ['limited', reason]);
          assert.ok(verdict.retryAt! > office.now);
        }
      });

      it('only what is going to be sent takes room: not a second call to the same contact', async () => {
        limit({ [key]: 10 });
        const twice = everyone(20).flatMap((contact) => [contact, contact]);
        const all = await Promise.all(twice.map(call));
        assert.equal(all.filter(({ sent }) => sent !== null).length, 10);
      });

      it('check permission says the same, before anybody is held back', async () => {
        limit({ [key]: 1 });
        assert.equal((await check()).canCall, true);
        await call();
        const verdict = await check();
        assert.equal(verdict.reason, reason);
        office.now = verdict.retryAt! - 1;
        assert.equal((await call(BEN)).sent, null);
        office.now += 1;
        assert.notEqual((await call(BEN)).sent, null);
      });

      it('who is held back is not counted as called', async () => {
        limit({ [key]: 1 });
        await Promise.all([call(ANA), call(BEN)]);
        const held = [ANA, BEN].map((contact) => office.account.records.read(contact));
        const calls = (await Promise.all(held)).flatMap(({ record }) =>
          (record.calls ?? []).filter(({ released }) => !released),
        );
        assert.equal(calls.length, 1);
      });

      for (const code of [138_006, 138_012, 138_001, 190, 138_015]) {
        it(`a call that WhatsApp refuses with ${code} leaves its room to others`, async () => {
          limit({ [key]: 1 });
          answer = refuse(code);
          await call().catch(() => undefined);
          answer = accept;
          assert.notEqual((await call(BEN)).sent, null);
        });
      }

      it('a call of which it is unknown whether it was placed stays counted', async () => {
        limit({ [key]: 1 });
        answer = cut;
        await assert.rejects(call(), { code: 'outcome-unknown' });
        assert.equal((await check()).reason, reason);
      });

      it('what cannot be counted is not sent, and takes no room', async () => {
        limit({ [key]: 1 });
        const mend = failWhereKeyEnds(':counts');
        await assert.rejects(call(), { code: 'records-unavailable' });
        assert.equal(office.posts, 0);
        mend();
        assert.equal((await check(ANA)).canCall, true);
        assert.notEqual((await call()).sent, null);
      });

      it('what was refused and cannot be taken back stays counted', async () => {
        limit({ [key]: 1 });
        answer = (response, id) => {
          failWhereKeyEnds(':counts');
          refuse(138_006)(response, id);
        };
        assert.equal((await call()).verdict.reason, 'revoked-by-user');
        assert.equal((await check()).reason, reason);
      });
    });
  }

  it('calls of users are no initiations', async () => {
    limit({ initiationsPer24h: 1 });
    assert.deepEqual(await told(eventOf(connect(FROM_BEN))), ['user-called']);
    assert.notEqual((await call(ANA)).sent, null);
  });

  it('initiations stay counted when the call is over, for 24 hours', async () => {
    limit({ initiationsPer24h: 1 });
    await call();
    await told(eventOf(unanswered(about('wacid.1'))));
    const { reason, retryAt } = await check();
    assert.equal(reason, 'daily-initiations');
    assert.ok(retryAt! >= office.now + DAY && retryAt! <= office.now + DAY + 10 * MINUTE);
  });

  describe('a line is free again', () => {
    beforeEach(async () => {
      limit({ concurrentCalls: 1 });
      await call();
      assert.equal((await check()).reason, 'concurrent-calls');
    });

    it('when the end of the call is told', async () => {
      await told(eventOf(unanswered(about('wacid.1'))));
      assert.equal((await check()).canCall, true);
    });

    it('when the user rejects it, and not twice when the end follows', async () => {
      await told(statusOf(callStatus('REJECTED', about('wacid.1'))));
      assert.notEqual((await call(BEN)).sent, null);
      await told(eventOf(unanswered(about('wacid.1'))));
      assert.equal((await check(someone(2))).reason, 'concurrent-calls');
    });

    it('when we hung up', async () => {
      await endCall(office.account, 'wacid.1');
      assert.equal((await check()).canCall, true);
    });

    it('when nothing was heard of the call for five minutes, and a little', async () => {
      const { retryAt } = await check();
      assert.ok(retryAt! > office.now + 5 * MINUTE && retryAt! <= office.now + 7 * MINUTE);
      office.now = retryAt!;
      assert.equal((await check()).canCall, true);
    });

    it('not while people talk, for four hours', async () => {
      await told(statusOf(callStatus('ACCEPTED', about('wacid.1'))));
      office.now += 3 * HOUR;
      assert.equal((await check()).reason, 'concurrent-calls');
      office.now += HOUR + MINUTE;
      assert.equal((await check()).canCall, true);
    });

    it('once, though the end is told twice', async () => {
      const over = eventOf(unanswered(about('wacid.1')));
      await told(over);
      await call(BEN);
      await told(over);
      assert.equal((await check(someone(2))).reason, 'concurrent-calls');
    });

    it('by itself where the end was stored and the count was not, and the end is told all the same', async () => {
      const mend = failWhereKeyEnds(':counts');
      assert.deepEqual(await told(eventOf(unanswered(about('wacid.1')))), ['call-ended']);
      mend();
      assert.equal((await check()).reason, 'concurrent-calls');
      office.now += 7 * MINUTE;
      assert.equal((await check()).canCall, true);
    });

    it('after a pick-up that could not be stored, at most as late as if it had been', async () => {
      const pickedUp = statusOf(callStatus('ACCEPTED', about('wacid.1')));
      const set = office.store.set.bind(office.store);
      let isDown = false;
      // The process ends between the count and the record.
      office.store.set = async (entries) => {
        if (isDown) throw new RecordsError('records-unavailable', 'gone');
        isDown = true;
        return set(entries);
      };
      assert.deepEqual(await told(pickedUp), ['failure']);
      office.store.set = set;
      assert.deepEqual(await told(pickedUp), ['call-answered']);
      await told(eventOf(unanswered(about('wacid.1'))));
      assert.equal((await check()).reason, 'concurrent-calls');
      office.now += 4 * HOUR + MINUTE;
      assert.equal((await check()).canCall, true);
    });

    it('after a pick-up that came again, as if it had come once', async () => {
      const pickedUp = statusOf(callStatus('ACCEPTED', about('wacid.1')));
      const mend = failWhereKeyEnds(ANA.waId);
      assert.deepEqual(await told(pickedUp), ['failure']);
      mend();
      await told(pickedUp);
      await told(pickedUp);
      await told(eventOf(unanswered(about('wacid.1'))));
      assert.equal((await check()).canCall, true);
    });

    it("not by a user's call, which takes one as well", async () => {
      await told(eventOf(unanswered(about('wacid.1'))));
      assert.deepEqual(await told(eventOf(connect(FROM_BEN))), ['user-called']);
      assert.equal((await check(ANA)).reason, 'concurrent-calls');
      await told(eventOf(unanswered(FROM_BEN)));
      assert.equal((await check(ANA)).canCall, true);
    });
  });

  it('a call that WhatsApp tells of before it answers, without our key, is one call', async () => {
    limit({ concurrentCalls: 1 });
    answer = (response, id) =>
      void told(eventOf(connect(about('wacid.1')))).then(() => accept(response, id));
    await call();
    await told(eventOf(unanswered(about('wacid.1'))));
    assert.equal((await check()).canCall, true);
  });

  it('the counts stay small, however many calls there were', async () => {
    for (let hour = 0; hour < 72; hour += 1) {
      for (const contact of everyone(4)) await call(contact);
      office.now += HOUR;
    }
    const [key, counts] = Object.entries(office.store.content).find(([name]) =>
      name.endsWith(':counts'),
    )!;
    assert.ok(key);
    assert.ok(JSON.stringify(counts).length < 2000);
  });

  it('a call takes the same few writes of the counts however many are on', async () => {
    limit({});
    const writesOf = async (contact: typeof ANA): Promise<number> => {
      const before = office.store.changes.length;
      await call(contact);
      return office.store.changes
        .slice(before)
        .filter((entries) => entries.some(([key]) => key.endsWith(':counts'))).length;
    };
    assert.equal(await writesOf(someone(0)), 1);
    for (const contact of everyone(30)) await call(contact);
    assert.equal(await writesOf(someone(31)), 1);
  });
});
