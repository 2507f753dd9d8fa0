import { deepEqual, equal } from 'node:assert/strict';
import { Retelling, handleWebhook, type CallingEvent } from '../../src/actions';
import { MINUTE } from '../../src/rules';
import { parseWebhook } from '../../src/webhooks';
import { names } from '../records/support/notes';
import { START, granted } from '../rules/support/facts';
import {
  ACCEPT_PERMANENT,
  accountUpdateBody,
  bodyOf,
  callStatus,
  messagesBody,
  reply,
  terminate,
  textMessage,
  valueOf,
} from '../webhooks/fixtures';
import { Watch } from './support/watch';

const ANA = names({ waId: '34600111222', userId: 'ES.7700112233' });

describe('what was stored and perhaps not told', () => {
  let watch: Watch;
  let retelling: Retelling;
  let retold: CallingEvent[];
  let problems: string[];

  beforeEach(() => {
    watch = new Watch();
    return start();
  });
  afterEach(async () => {
    await retelling.close();
    await watch.stop();
  });

  /** Starts as Node-RED does after a crash, with whatever the store holds. */
  function start(): Promise<void> {
    watch.start();
    retold = [];
    problems = [];
    retelling = new Retelling({
      account: watch.account,
      tell: (events) => retold.push(...events),
      report: (problem) => problems.push(problem),
    });
    return retelling.look();
  }

  /** Stores a webhook; the process ends before the flow hears of it. */
  async function crashAfter(body: unknown): Promise<CallingEvent[]> {
    const { events } = await handleWebhook(watch.account, parseWebhook(body, watch.now));
    await retelling.close();
    await watch.stop();
    await start();
    return events;
  }

  const settle = (): Promise<void> =>
    watch.account.records.settle(retold.flatMap(({ letter }) => letter ?? []));
  const told = (): [string, boolean | undefined][] =>
    retold.map(({ type, again }) => [type, again]);

  it('is told a minute after it was stored, with "again", and never after that', async () => {
    await crashAfter(messagesBody(reply(ACCEPT_PERMANENT)));
    await watch.pass(MINUTE - 1);
    deepEqual(told(), []);
    await watch.pass(1);
    deepEqual(told(), [['permission-granted', true]]);
    await settle();
    await retelling.look();
    await watch.pass(10 * MINUTE);
    equal(retold.length, 1);
    equal(watch.armed, 0);
  });

  it('is told as it was: contact, id, raw part and memo', async () => {
    const [asTold] = await crashAfter(messagesBody(reply(ACCEPT_PERMANENT)));
    await watch.pass(MINUTE);
    const [{ verdict, again, ...event }] = retold as [CallingEvent];
    const { verdict: _, ...expected } = asTold!;
    deepEqual(JSON.parse(JSON.stringify(event)), JSON.parse(JSON.stringify(expected)));
    deepEqual([verdict?.reason, again], ['permanent-permission', true]);
  });

  it('says how the contact stands now, not then', async () => {
    await crashAfter(messagesBody(reply(ACCEPT_PERMANENT)));
    await watch.account.records.update(ANA, (record) => ({
      record: { ...record, choice: { at: watch.now, optedOut: true } },
      result: null,
    }));
    await watch.pass(MINUTE);
    deepEqual(
      retold.map(({ verdict }) => verdict?.reason),
      ['opted-out'],
    );
  });

  it('is not told where it was settled', async () => {
    const { events } = await handleWebhook(
      watch.account,
      parseWebhook(messagesBody(reply(ACCEPT_PERMANENT), textMessage()), watch.now),
    );
    await watch.account.records.settle(events.flatMap(({ letter }) => letter ?? []));
    await crashAfter(messagesBody());
    await watch.pass(10 * MINUTE);
    deepEqual(told(), []);
  });

  it('is told in the order in which it happened, also after another crash', async () => {
    let left = 9;
    Object.assign(watch.account, { newKey: () => `key-${(left -= 1)}` });
    const ago = (seconds: number): string => String(watch.now / 1000 - seconds);
    const picked = callStatus('ACCEPTED', { timestamp: ago(9) });
    const over = terminate({ timestamp: ago(2), start_time: ago(9), end_time: ago(2) });
    const parts = { calls: [over], statuses: [picked] };
    await crashAfter(bodyOf('calls', valueOf(parts)));
    for (const crashes of [true, false]) {
      await watch.pass(MINUTE);
      deepEqual(told(), [
        ['call-answered', true],
        ['call-ended', true],
      ]);
      if (!crashes) return;
      await retelling.close();
      await watch.stop();
      await start();
    }
  });

  it('is told again where the process ends once more before it is settled', async () => {
    await crashAfter(messagesBody(reply(ACCEPT_PERMANENT)));
    await watch.pass(MINUTE);
    equal(retold.length, 1);
    await crashAfter(messagesBody());
    await watch.pass(MINUTE);
    deepEqual(told(), [['permission-granted', true]]);
  });

  it('is told where it was stored though the store denied it, a minute after the first doubt', async () => {
    await handleWebhook(watch.account, parseWebhook(messagesBody(textMessage()), watch.now));
    retelling.lookLater();
    await watch.pass(MINUTE / 2);
    retelling.lookLater();
    await watch.pass(MINUTE / 2);
    deepEqual(told(), [['user-wrote', true]]);
    await settle();
    await watch.pass(10 * MINUTE);
    equal(retold.length, 1);
    equal(watch.armed, 0);
  });

  it('may be news of the whole number', async () => {
    await crashAfter(
      accountUpdateBody({
        event: 'ACCOUNT_RESTRICTION',
        restriction_info: [{ restriction_type: 'RESTRICTED_BUSINESS_INITIATED_CALLING' }],
      }),
    );
    await watch.pass(MINUTE);
    deepEqual(told(), [['account-restricted', true]]);
  });

  it('may be what time brought about', async () => {
    await watch.happens(ANA, granted(START, START + 5 * MINUTE));
    await watch.pass(5 * MINUTE);
    deepEqual(
      watch.told.map(({ type }) => type),
      ['permission-expired'],
    );
    // The timers told it, and the process ended before it was settled.
    await watch.stop();
    await start();
    await watch.pass(MINUTE);
    deepEqual(told(), [['permission-expired', true]]);
  });

  it('waits while the records cannot be read, which is reported, and is told then', async () => {
    await crashAfter(messagesBody(reply(ACCEPT_PERMANENT)));
    watch.store.failing = 'get';
    await watch.pass(MINUTE);
    deepEqual([told(), problems.length], [[], 1]);
    watch.store.failing = null;
    await watch.pass(MINUTE);
    deepEqual(told(), [['permission-granted', true]]);
    watch.problems.splice(0);
  });

  it('is nothing, and no timer is armed, where nothing waits', async () => {
    await watch.pass(0);
    equal(watch.armed, 0);
    deepEqual(told(), []);
  });
});
