import { deepEqual, equal, ok } from 'node:assert/strict';
import { remind, revoke } from '../../src/actions';
import {
  DAY,
  HOUR,
  MINUTE,
  SECOND,
  WEEK,
  decide,
  emptyAccountState,
  type ContactNames,
  type Fact,
  type Json,
} from '../../src/rules';
import { names } from '../records/support/notes';
import {
  START,
  callAccepted,
  callStep,
  declined,
  ended,
  granted,
  placed,
  requestAccepted,
  requested,
} from '../rules/support/facts';
import { Watch } from './support/watch';

const ANA = names({ waId: '34600111222' });
const BEN = names({ waId: '573001234567' });

const withMemo = (fact: Fact, memo: Json): Fact => ({ ...fact, memo }) as Fact;

describe('what becomes due is told', () => {
  let watch: Watch;

  beforeEach(() => {
    watch = new Watch();
    watch.start();
  });
  afterEach(async () => {
    await watch.stop();
    equal(watch.armed, 0, 'no timer is left');
    deepEqual(watch.problems, []);
  });

  const only = () => {
    equal(watch.told.length, 1);
    return watch.told[0]!;
  };

  async function wantsReminder(contact: ContactNames, due: number | null, memo?: Json) {
    const { record } = await watch.account.records.read(contact);
    const verdict = decide(record, emptyAccountState(), watch.policy, watch.now);
    await remind(watch.account, contact, { ...verdict, retryAt: due }, memo);
  }

  describe('a permission that has run out', () => {
    it('at that very moment, after asking WhatsApp once more, once, with the latest memo', async () => {
      await watch.happens(
        ANA,
        withMemo(requested(START), 'order 77'),
        granted(START + SECOND, START + DAY),
      );
      await watch.pass(DAY - 1);
      deepEqual(watch.heard(), []);
      deepEqual(watch.lookUps, []);
      await watch.pass(1);
      deepEqual(watch.lookUps, [START + DAY]);
      const { at, contact, memo, verdict, raw, id } = only();
      deepEqual([at, contact, memo, raw, id], [START + DAY, ANA, 'order 77', null, null]);
      deepEqual([verdict?.kind, verdict?.reason], ['none', 'expired']);
      deepEqual(watch.heard(), [['permission-expired', DAY]]);
      await watch.pass(60 * DAY);
      deepEqual(watch.heard(), []);
    });

    it('is not told where WhatsApp says that it is still held, but when that ends', async () => {
      await watch.happens(ANA, granted(START, START + DAY));
      watch.answer = { status: 'temporary', expiresAt: START + 3 * DAY, canCall: true };
      await watch.pass(2 * DAY);
      deepEqual(watch.heard(), []);
      watch.answer = {};
      await watch.pass(2 * DAY);
      deepEqual(watch.heard(), [['permission-expired', 3 * DAY]]);
    });

    it('is never told where WhatsApp says that it is permanent by now', async () => {
      await watch.happens(ANA, granted(START, START + DAY));
      watch.answer = { status: 'permanent', canCall: true };
      await watch.pass(60 * DAY);
      deepEqual(watch.heard(), []);
      equal(watch.armed, 0);
    });

    it('waits where WhatsApp cannot be asked: a minute, then twice as long, an hour at most', async () => {
      await watch.happens(ANA, granted(START, START + DAY));
      watch.answer = null;
      await watch.pass(DAY + 5 * HOUR);
      const waits = watch.lookUps.map((at, index) => at - (watch.lookUps[index - 1] ?? at));
      deepEqual(
        waits.map((wait) => wait / MINUTE),
        [0, 1, 2, 4, 8, 16, 32, 60, 60, 60],
      );
      deepEqual(watch.heard(), []);
      ok(watch.problems.splice(0).length <= 10);
      watch.answer = {};
      await watch.pass(HOUR);
      equal(only().at, START + DAY);
      // The patience of the last time is forgotten.
      await watch.happens(ANA, granted(watch.now, watch.now + DAY));
      watch.answer = null;
      watch.lookUps.length = 0;
      await watch.pass(DAY + MINUTE);
      equal(watch.lookUps.length, 2);
      watch.problems.length = 0;
    });

    it('holds up nothing else that is due for the contact', async () => {
      await watch.happens(ANA, granted(START, START + DAY));
      await wantsReminder(ANA, START + DAY);
      watch.answer = null;
      await watch.pass(DAY + MINUTE);
      deepEqual(watch.heard(), [['try-again', DAY]]);
      await watch.happens(ANA, placed(watch.now));
      await watch.pass(6 * MINUTE);
      deepEqual(watch.heard(), [['call-ended', DAY + 6 * MINUTE]]);
      ok(watch.problems.splice(0).length > 0);
    });
  });

  describe('a request that has lapsed', () => {
    it('with its own memo and what was sent', async () => {
      await watch.happens(ANA, withMemo(requested(START), 'A'), requestAccepted(START + SECOND));
      await watch.happens(BEN, withMemo(requested(START, 'r2'), 'B'));
      await watch.pass(WEEK + SECOND);
      const [ben, ana] = watch.told;
      deepEqual([ana!.memo, ana!.id, ana!.contact], ['A', 'wamid.r1', ANA]);
      deepEqual(ana!.request, {
        id: 'wamid.r1',
        kind: 'free-form',
        sentAt: START + SECOND,
        expiresAt: START + SECOND + WEEK,
      });
      deepEqual([ben!.memo, ben!.id, ben!.request?.id], ['B', null, null]);
      deepEqual(watch.heard(), [
        ['request-lapsed', WEEK],
        ['request-lapsed', WEEK + SECOND],
      ]);
      deepEqual(watch.lookUps, []);
    });

    it('is not told once the user has answered, in whatever way', async () => {
      await watch.happens(ANA, requested(START), requestAccepted(START));
      await watch.pass(6 * DAY);
      await watch.happens(ANA, declined(watch.now));
      await watch.pass(30 * DAY);
      deepEqual(watch.heard(), []);
    });
  });

  describe('a call of which WhatsApp said no more', () => {
    it('after five minutes, with its memo, as not answered', async () => {
      await watch.happens(ANA, withMemo(placed(START), 'call 1'), callAccepted(START));
      await watch.pass(5 * MINUTE);
      const { call, memo, id, verdict } = only();
      deepEqual([memo, id, verdict?.unanswered], ['call 1', 'wacid.c1', 1]);
      deepEqual(
        [call?.state, call?.outcome, call?.startedAt, call?.endedAt],
        ['ended', 'no-answer', null, START + 5 * MINUTE],
      );
      deepEqual(watch.heard(), [['call-ended', 5 * MINUTE]]);
    });

    it('after four hours where it was answered', async () => {
      await watch.happens(ANA, placed(START), callStep('answered', START));
      await watch.pass(4 * HOUR);
      equal(only().call?.outcome, 'answered');
      deepEqual(watch.heard(), [['call-ended', 4 * HOUR]]);
    });

    it('later, as long as more is heard of it, and not at all where its end is told', async () => {
      await watch.happens(ANA, placed(START));
      await watch.pass(4 * MINUTE);
      await watch.happens(ANA, callStep('ringing', watch.now));
      await watch.pass(4 * MINUTE);
      deepEqual(watch.heard(), []);
      await watch.happens(ANA, ended(watch.now));
      await watch.pass(DAY);
      deepEqual(watch.heard(), []);
    });

    it('even where it has no id, since it is unknown whether it was placed', async () => {
      await watch.happens(ANA, placed(START));
      await watch.pass(HOUR);
      equal(only().call?.id, null);
    });

    it('found silent late gets its five minutes from then', async () => {
      await watch.happens(ANA, placed(START));
      await watch.stop();
      await watch.pass(DAY);
      watch.start();
      await watch.pass(4 * MINUTE);
      deepEqual(watch.heard(), []);
      await watch.happens(ANA, callStep('ringing', START + SECOND));
      await watch.pass(4 * MINUTE);
      deepEqual(watch.heard(), []);
      await watch.pass(2 * MINUTE);
      equal(only().at, START + SECOND + 5 * MINUTE);
    });
  });

  describe('a reminder', () => {
    it('at the moment that was wanted, with its memo and how the contact stands then', async () => {
      await watch.happens(ANA, granted(START, START + 3 * DAY));
      await wantsReminder(ANA, START + 2 * DAY, { order: 77 });
      await watch.pass(2 * DAY - 1);
      deepEqual(watch.heard(), []);
      await watch.pass(1);
      const { memo, verdict, contact } = only();
      deepEqual([memo, verdict?.state, contact], [{ order: 77 }, 'callable', ANA]);
      await watch.pass(12 * HOUR);
      deepEqual(watch.heard(), [['try-again', 2 * DAY]]);
    });

    it('after an hour where it is unknown when trying is worth it', async () => {
      await wantsReminder(ANA, null);
      await watch.pass(HOUR);
      equal(only().memo, undefined);
      deepEqual(watch.heard(), [['try-again', HOUR]]);
    });

    it('that is wanted anew replaces the one before, sooner or later', async () => {
      await wantsReminder(ANA, START + HOUR, 'first');
      await watch.pass(1);
      await wantsReminder(ANA, START + 2 * HOUR, 'second');
      await watch.pass(1);
      await wantsReminder(ANA, START + MINUTE, 'third');
      await watch.pass(DAY);
      equal(only().memo, 'third');
      deepEqual(watch.heard(), [['try-again', MINUTE]]);
    });

    it('that leads to the next one goes on for ever', async () => {
      await wantsReminder(ANA, START + HOUR);
      for (let round = 1; round <= 5; round += 1) {
        await watch.pass(HOUR);
        deepEqual(watch.heard(), [['try-again', round * HOUR]]);
        await wantsReminder(ANA, watch.now + HOUR);
      }
    });

    it('never comes for who opted out meanwhile, nor for who was forgotten', async () => {
      await wantsReminder(ANA, START + DAY, 'secret');
      await wantsReminder(BEN, START + DAY);
      await watch.happens(BEN, requested(START));
      await revoke(watch.account, ANA, 'opt-out');
      await revoke(watch.account, BEN, 'forget');
      await watch.pass(30 * DAY);
      await revoke(watch.account, ANA, 'restore');
      await watch.pass(30 * DAY);
      deepEqual(watch.heard(), []);
      equal(watch.armed, 0);
    });
  });

  describe('by one timer', () => {
    it('that is not armed where nothing will be due', async () => {
      await watch.pass(0);
      equal(watch.armed, 0);
      await watch.happens(ANA, placed(START));
      equal(watch.armed, 1);
      await watch.happens(ANA, ended(START + SECOND));
      await watch.pass(HOUR);
      equal(watch.armed, 0);
    });

    it('that rings for whoever comes first', async () => {
      await wantsReminder(ANA, START + DAY);
      await wantsReminder(BEN, START + HOUR);
      equal(watch.armed, 1);
      await watch.pass(2 * DAY);
      deepEqual(watch.heard(), [
        ['try-again', HOUR],
        ['try-again', DAY],
      ]);
    });

    it('and nothing is armed, nor told, once it is closed', async () => {
      await wantsReminder(ANA, START + HOUR);
      await watch.stop();
      equal(watch.armed, 0);
      await watch.pass(DAY);
      deepEqual(watch.heard(), []);
    });

    it('and once, though it is looked at often', async () => {
      await wantsReminder(ANA, START + HOUR);
      for (let round = 0; round < 10; round += 1) watch.look();
      await watch.pass(HOUR - 1);
      for (let round = 0; round < 10; round += 1) watch.look();
      await watch.pass(1);
      for (let round = 0; round < 10; round += 1) watch.look();
      await watch.pass(HOUR);
      equal(watch.heard().length, 1);
    });
  });

  describe('after a downtime', () => {
    const crowd = Array.from({ length: 90 }, (_, index) =>
      names({ waId: String(34600100000 + index) }),
    );

    it('at once where it is one, as of the moment at which it was due', async () => {
      await wantsReminder(ANA, START + HOUR, 'still known');
      await watch.stop();
      await watch.pass(WEEK);
      watch.start();
      await watch.pass(0);
      deepEqual([only().memo, only().at], ['still known', START + HOUR]);
      deepEqual(watch.heard(), [['try-again', WEEK]]);
    });

    it('in order, each once, and at most 20 contacts a second where they are many', async () => {
      for (const [index, each] of crowd.entries())
        await wantsReminder(each, START + (90 - index) * HOUR, index);
      await watch.stop();
      await watch.pass(WEEK);
      watch.start();
      await watch.pass(0);
      equal(watch.told.length, 20);
      await watch.pass(999);
      equal(watch.told.length, 20);
      await watch.pass(10 * SECOND);
      const memos = watch.told.map(({ memo }) => memo as number);
      for (const { toldAt } of watch.told) {
        const atOnce = watch.told.filter((other) => Math.abs(other.toldAt - toldAt) < SECOND);
        ok(atOnce.length <= 20);
      }
      deepEqual(
        [...memos].toSorted((a, b) => a - b),
        crowd.map((_, index) => index),
      );
      equal(Math.min(...memos.slice(0, 20)), 70, 'those that were due first come first');
      equal(watch.armed, 0);
    });

    it('what happened first comes first, for one contact', async () => {
      await watch.happens(ANA, requested(START - 6 * DAY), granted(START, START + DAY));
      await wantsReminder(ANA, START + HOUR);
      await watch.stop();
      await watch.pass(WEEK);
      watch.start();
      await watch.pass(0);
      deepEqual(
        watch.told.map(({ type }) => type),
        ['try-again', 'permission-expired'],
      );
    });
  });

  describe('where something fails', () => {
    it('nothing is told that is not stored, and it is tried again a minute later', async () => {
      await wantsReminder(ANA, START + HOUR);
      await watch.pass(HOUR - SECOND);
      for (const failing of ['get', 'set'] as const) {
        watch.store.failing = failing;
        await watch.pass(MINUTE);
        deepEqual(watch.heard(), []);
      }
      deepEqual(watch.problems.splice(0), ['The disk is gone'], 'said once an hour');
      watch.store.failing = null;
      await watch.pass(MINUTE);
      equal(only().at, START + HOUR);
      equal(watch.armed, 0);
    });

    it('with one contact, the others go on', async () => {
      await wantsReminder(ANA, START + HOUR);
      await wantsReminder(BEN, START + HOUR);
      const set = watch.store.set.bind(watch.store);
      const isToldToAna = ([key, value]: [string, unknown]): boolean =>
        key.includes(ANA.waId!) && !JSON.stringify(value).includes('"reminder"');
      watch.store.set = (entries) =>
        [...entries].some(isToldToAna)
          ? Promise.reject(new Error('this one cannot be told'))
          : set(entries);
      await watch.pass(HOUR + 10 * MINUTE);
      deepEqual(
        watch.told.map(({ contact }) => contact),
        [BEN],
      );
      ok(watch.problems.splice(0).length > 0);
      watch.store.set = set;
      await watch.pass(HOUR);
      equal(watch.told.length, 2);
    });
  });

  it('to one of two that share the records, and only once', async () => {
    const all = Array.from({ length: 30 }, (_, index) =>
      names({ waId: String(34600200000 + index) }),
    );
    for (const each of all) await wantsReminder(each, START + HOUR);
    // A deploy: the last deployment may still be at work when the next one begins.
    const closing = watch.stop();
    watch.start();
    await closing;
    await watch.pass(2 * HOUR);
    equal(watch.told.length, 30);
    equal(new Set(watch.told.map(({ contact }) => contact!.waId)).size, 30);
  });
});
