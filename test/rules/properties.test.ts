import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import {
  DAY,
  PRESETS,
  SECOND,
  decide,
  emptyAccountState,
  join,
  unite,
  type ContactRecord,
  type Fact,
} from '../../src/rules';
import { connected, recordOf } from './support/facts';
import {
  RUNS,
  anyAccount,
  anyLife,
  anyPolicy,
  busyLife,
  delay,
  endOfLife,
  life,
  openLife,
  waits,
} from './support/lives';
import { connects, countWithin, permission, requestTimes, streaks } from './support/oracle';

const nobody = emptyAccountState();

const REASONS: Record<string, readonly string[]> = {
  callable: ['temporary-permission', 'permanent-permission'],
  'needs-request': ['never-requested', 'expired', 'declined', 'awaiting-reply'],
  limited: [
    'declined',
    'awaiting-reply',
    'requests-per-24h',
    'requests-per-7d',
    'connected-calls-per-24h',
    'unanswered-streak',
    'call-in-progress',
    'recipient-uncallable',
    'concurrent-calls',
    'daily-initiations',
    'account-restricted',
    'account-not-eligible',
    'rate-limited',
    'outside-calling-hours',
  ],
  revoked: ['revoked-by-user', 'revoked-after-unanswered', 'opted-out'],
};

describe('rules, for any life of a contact', () => {
  describe('the record', () => {
    it('is the same for the same facts in any order, with any of them twice', () => {
      fc.assert(
        fc.property(
          life.chain((facts) =>
            fc.tuple(
              fc.constant(facts),
              fc.shuffledSubarray(facts, { minLength: facts.length }),
              fc.subarray(facts),
            ),
          ),
          ([facts, shuffled, again]) => {
            deepEqual(recordOf(...shuffled, ...again), recordOf(...facts));
          },
        ),
        RUNS,
      );
    });

    it('does not change when a webhook comes again later', () => {
      const late = (fact: Fact): Fact =>
        fact.heard === undefined ? fact : { ...fact, heard: fact.heard + 20 * SECOND };
      fc.assert(
        fc.property(
          life.filter((facts) =>
            facts.every(({ at, heard }) => heard === undefined || heard >= at),
          ),
          (facts) => {
            deepEqual(recordOf(...facts, ...facts.map(late)), recordOf(...facts));
            deepEqual(recordOf(...facts.map(late), ...facts), recordOf(...facts));
          },
        ),
        RUNS,
      );
    });

    it('joins commutatively, associatively and idempotently', () => {
      fc.assert(
        fc.property(life, fc.nat(), fc.nat(), (facts, first, second) => {
          const [a, b, c] = deal(facts, first, second);
          deepEqual(join(a, b), join(b, a));
          deepEqual(join(join(a, b), c), join(a, join(b, c)));
          deepEqual(join(a, a), a);
        }),
        RUNS,
      );
    });

    it('of two contacts who are one person is the same either way, and an opt-out wins', () => {
      fc.assert(
        fc.property(life, fc.nat(), fc.nat(), (facts, first, second) => {
          const [a, b] = deal(facts, first, second);
          const united = unite(a, b);
          deepEqual(united, unite(b, a));
          const hasOptOut = a.choice?.optedOut === true || b.choice?.optedOut === true;
          equal(united.choice?.optedOut ?? false, hasOptOut);
        }),
        RUNS,
      );
    });
  });

  describe('the verdict', () => {
    it('is never a throw, always a state with one of its reasons, and plain JSON', () => {
      fc.assert(
        fc.property(life, anyAccount, anyPolicy, delay, (facts, account, policy, wait) => {
          const verdict = decide(recordOf(...facts), account, policy, endOfLife(facts) + wait);
          ok(
            REASONS[verdict.state]?.includes(verdict.reason),
            `${verdict.state} ${verdict.reason}`,
          );
          deepEqual(JSON.parse(JSON.stringify(verdict)), verdict);
          equal(verdict.canCall, verdict.state === 'callable');
          if (verdict.state === 'needs-request') ok(verdict.canRequest);
          ok(verdict.callsLeft >= 0 && verdict.requestsLeft >= 0 && verdict.unanswered >= 0);
        }),
        RUNS,
      );
    });

    it('knows a permission where there is one, and is never callable without', () => {
      fc.assert(
        fc.property(life, anyPolicy, delay, (facts, policy, wait) => {
          const now = endOfLife(facts) + wait;
          const verdict = decide(recordOf(...facts), nobody, policy, now);
          const isHeld = permission(facts, policy, now);
          if (verdict.canCall) ok(isHeld !== 'no');
          if (isHeld !== 'maybe') equal(verdict.kind !== 'none', isHeld === 'yes');
        }),
        RUNS,
      );
    });

    it('never lets a call above the limit of connected calls', () => {
      fc.assert(
        fc.property(busyLife, delay, (facts, wait) => {
          const now = endOfLife(facts) + wait;
          const policy = { ...PRESETS.meta, connectedCallsPer24h: 2 };
          const verdict = decide(recordOf(...facts), nobody, policy, now);
          const count = countWithin(connects(facts, now, 'ours'), 24, now);
          const isCounted = !facts.some(({ type }) => type === 'whatsapp-answered');
          if (isCounted && verdict.canCall) ok(count < 2, `${count} connected calls`);
          if (isCounted) equal(verdict.callsLeft, Math.max(0, 2 - count));
        }),
        RUNS,
      );
    });

    it('never lets a request above 1 in 24 hours or 2 in 7 days', () => {
      const withoutCounts = openLife.map((facts) =>
        facts.filter(({ type }) => type !== 'whatsapp-answered'),
      );
      fc.assert(
        fc.property(withoutCounts, delay, (facts, wait) => {
          const now = endOfLife(facts) + wait;
          const verdict = decide(recordOf(...facts), nobody, PRESETS.meta, now);
          const times = requestTimes(facts, now);
          const inDay = countWithin(times, 24, now);
          const inWeek = countWithin(times, 168, now);
          if (verdict.canRequest) ok(inDay < 1 && inWeek < 2, `${inDay} and ${inWeek} requests`);
          equal(verdict.requestsLeft, Math.max(0, Math.min(1 - inDay, 2 - inWeek)));
        }),
        RUNS,
      );
    });

    it('counts the unanswered calls in a row', () => {
      fc.assert(
        fc.property(busyLife, delay, (facts, wait) => {
          const now = endOfLife(facts) + wait;
          const { unanswered } = decide(recordOf(...facts), nobody, PRESETS.meta, now);
          equal(unanswered, streaks(facts, now).at(-1)?.count ?? 0);
        }),
        RUNS,
      );
    });

    it('after a connected call in either direction has requests, streak and guard set back', () => {
      fc.assert(
        fc.property(openLife, fc.constantFrom('business', 'user'), (facts, direction) => {
          // A call that goes on may still go unanswered later.
          const now = endOfLife(facts) + DAY;
          const record = recordOf(...facts, ...connected(now, 'last', direction));
          const verdict = decide(record, nobody, PRESETS.cautious, now + 61 * SECOND);
          equal(verdict.requestsLeft, PRESETS.cautious.requestsPer24h);
          equal(verdict.unanswered, 0);
          const reset = ['unanswered-streak', 'requests-per-24h', 'requests-per-7d', 'declined'];
          ok(verdict.state !== 'limited' || !reset.includes(verdict.reason), verdict.reason);
        }),
        RUNS,
      );
    });
  });

  describe('retryAt', () => {
    it('is exact: limited until then, one millisecond before it too, and not at it', () => {
      fc.assert(
        fc.property(life, anyAccount, anyPolicy, waits, (facts, account, policy, waits) => {
          const record = recordOf(...facts);
          const now = endOfLife(facts) + waits[0]!;
          const { state: first, retryAt } = decide(record, account, policy, now);
          const isWaiting = (time: number): boolean => {
            const { state, canRequest } = decide(record, account, policy, time);
            return first === 'revoked' ? !canRequest : state === 'limited';
          };
          if (retryAt === null) {
            if (isWaiting(now)) ok(isWaiting(now + 400 * DAY), 'no end is known');
            return;
          }
          ok(isWaiting(now), 'there is something to wait for');
          ok(retryAt > now);
          ok(isWaiting(retryAt - 1), 'one millisecond before');
          ok(!isWaiting(retryAt), 'at it');
          for (const part of [0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
            ok(isWaiting(Math.floor(now + (retryAt - now) * part)), 'on the way');
          for (const wait of waits)
            ok(now + wait >= retryAt || isWaiting(now + wait), 'on the way');
        }),
        RUNS,
      );
    });

    it('is null where there is nothing to wait for', () => {
      fc.assert(
        fc.property(anyLife, anyPolicy, delay, (facts, policy, wait) => {
          const verdict = decide(recordOf(...facts), nobody, policy, endOfLife(facts) + wait);
          if (verdict.state === 'callable' || verdict.canRequest) {
            if (verdict.state !== 'limited') equal(verdict.retryAt, null);
          }
          if (verdict.reason === 'opted-out') equal(verdict.retryAt, null);
        }),
        RUNS,
      );
    });
  });
});

/** Three records that know some of the facts each, the first two overlapping. */
function deal(facts: Fact[], a: number, b: number): [ContactRecord, ContactRecord, ContactRecord] {
  const [low, high] = [a % (facts.length + 1), b % (facts.length + 1)].toSorted((x, y) => x - y);
  return [
    recordOf(...facts.slice(0, high)),
    recordOf(...facts.slice(low)),
    recordOf(...facts.slice(high)),
  ];
}
