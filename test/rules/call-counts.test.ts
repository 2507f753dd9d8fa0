import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import {
  DAY,
  HOUR,
  MINUTE,
  NO_SHIFT,
  SECOND,
  decide,
  emptyCallCounts,
  emptyRecord,
  fullUntil,
  fullness,
  isCallCounts,
  isEmptyCallCounts,
  policyFrom,
  remaining,
  shiftBetween,
  shifted,
  stopOf,
  withInitiation,
  withoutInitiation,
  type AccountState,
  type CallCounts,
  type CountedReason,
  type Fact,
} from '../../src/rules';
import { START, about, granted, grantedForGood, recordOf } from './support/facts';

const POLICY = policyFrom('meta', { initiationsPer24h: 3, concurrentCalls: 2 });
const OTHER = { direction: 'business' } as const;
const placed = (at: number, key = 'c1'): Fact => ({ type: 'placed', at, key });
const stateOf = (counts: CallCounts, now: number): AccountState => {
  const full = fullness(counts, POLICY, now);
  return full ? { full } : {};
};
const fullAt = (counts: CallCounts, reason: CountedReason, now: number): number | null =>
  fullUntil(stateOf(counts, now), reason, POLICY, now);
const begunAt = (...times: number[]): CallCounts => times.reduce(withInitiation, emptyCallCounts());
/** The counts once the contact's calls are what these facts say. */
const goingOn = (facts: Fact[], now: number): CallCounts =>
  shifted(emptyCallCounts(), shiftBetween(emptyRecord(), recordOf(...facts)), now);

describe('the calls that a number begins in a day', () => {
  it('are used up with the last that is allowed, until the first of them is a day ago', () => {
    equal(fullAt(begunAt(START, START + HOUR), 'daily-initiations', START + HOUR), null);
    const counts = begunAt(START, START + HOUR, START + 2 * HOUR);
    const until = fullAt(counts, 'daily-initiations', START + 2 * HOUR)!;
    ok(until >= START + DAY && until <= START + DAY + 10 * MINUTE);
    equal(fullAt(counts, 'daily-initiations', until - 1), until);
    equal(fullAt(counts, 'daily-initiations', until), null);
  });

  it('count no more once WhatsApp refused one', () => {
    const counts = begunAt(START, START + HOUR, START + 2 * HOUR);
    const after = withoutInitiation(counts, START + HOUR, START + 2 * HOUR);
    equal(fullAt(after, 'daily-initiations', START + 2 * HOUR), null);
    deepEqual(withoutInitiation(after, START + 5 * HOUR, START + 2 * HOUR), after);
  });

  it('are forgotten when they count no more', () => {
    const counts = begunAt(START, START + 3 * DAY);
    deepEqual(counts, begunAt(START + 3 * DAY));
    const last = withoutInitiation(counts, START + 3 * DAY, START + 3 * DAY);
    equal(isEmptyCallCounts(last), true);
  });

  it('never exceed the limit in any 24 hours, and room is told at most ten minutes late', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 6 * HOUR }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (waits) => {
        let now = START;
        let counts = emptyCallCounts();
        const begun: number[] = [];
        for (const wait of waits) {
          now += wait;
          const inDay = begun.filter((at) => at > now - DAY);
          const until = fullAt(counts, 'daily-initiations', now);
          if (until === null) {
            ok(inDay.length < POLICY.initiationsPer24h);
            counts = withInitiation(counts, now);
            begun.push(now);
          } else {
            const room = begun.at(-POLICY.initiationsPer24h)! + DAY;
            ok(until >= room && until <= room + 10 * MINUTE);
          }
          ok(Object.keys(counts.initiations ?? {}).length <= 146);
        }
      }),
    );
  });
});

describe('the calls that a number has at once', () => {
  it('count from the reservation, as long as nothing is heard', () => {
    const counts = shifted(goingOn([placed(START)], START), goingOnToo(START), START);
    const until = fullAt(counts, 'concurrent-calls', START)!;
    ok(until > START + 5 * MINUTE && until <= START + 7 * MINUTE);
    equal(fullAt(counts, 'concurrent-calls', until), null);
  });

  const ends: [string, Fact[]][] = [
    ['its end is told', [ended(START + MINUTE)]],
    ['the user rejects it', [{ ...OTHER, type: 'rejected', at: START + MINUTE, id: 'w1' }]],
    ['we hung up', [{ type: 'hung-up', at: START + MINUTE, id: 'w1' }]],
    ['WhatsApp refused it', [{ type: 'call-released', at: START + SECOND, key: 'c1' }]],
  ];
  for (const [when, facts] of ends) {
    it(`no more once ${when}`, () => {
      const accepted: Fact[] = when.includes('refused')
        ? [placed(START)]
        : [placed(START), { type: 'call-accepted', at: START + SECOND, key: 'c1', id: 'w1' }];
      const before = recordOf(...accepted);
      const after = recordOf(...accepted, ...facts);
      const counts = shifted(goingOn(accepted, START), shiftBetween(before, after), START);
      equal(isEmptyCallCounts(counts), true);
    });
  }

  it('for four hours once it is answered and no end is told', () => {
    const answered: Fact = { ...OTHER, type: 'answered', at: START + MINUTE, id: 'w1' };
    const counts = shifted(goingOn([answered], START), goingOnToo(START + 3 * HOUR), START);
    const until = fullAt(counts, 'concurrent-calls', START + 3 * HOUR)!;
    equal(until > START + 3 * HOUR && until <= START + 3 * HOUR + 7 * MINUTE, true);
    const alone = goingOn([answered], START);
    const one = policyFrom('meta', { concurrentCalls: 1 });
    const end = fullness(alone, one, START)!['concurrent-calls']!.until;
    ok(end > START + MINUTE + 4 * HOUR && end <= START + 2 * MINUTE + 4 * HOUR + SECOND);
  });

  it("in either direction: a user's call takes a line, too", () => {
    const theirs: Fact = { type: 'connecting', at: START, id: 'w9', direction: 'user' };
    equal(Object.values(goingOn([theirs], START).inProgress!)[0], 1);
  });

  it('are not counted anew by the webhooks of the first minute', () => {
    const accepted: Fact[] = [
      placed(START),
      { type: 'call-accepted', at: START + 20 * SECOND, key: 'c1', id: 'w1' },
      { ...OTHER, type: 'connecting', at: START + 30 * SECOND, id: 'w1' },
      { ...OTHER, type: 'ringing', at: START + 50 * SECOND, id: 'w1' },
    ];
    deepEqual(shiftBetween(recordOf(placed(START)), recordOf(...accepted)), NO_SHIFT);
  });

  it('free themselves: what is taken away too late takes nothing from others', () => {
    const first = goingOn([placed(START)], START);
    const both = shifted(first, goingOnToo(START + HOUR), START + HOUR);
    const over = shiftBetween(recordOf(placed(START)), emptyRecord());
    deepEqual(shifted(both, over, START + HOUR), both);
  });

  it('are carried out once, whatever was carried out before', () => {
    const shift = { over: [1, 2], begun: [3] };
    deepEqual(remaining(shift, NO_SHIFT), shift);
    deepEqual(remaining(shift, { over: [2], begun: [3] }), { over: [1], begun: [] });
    deepEqual(remaining(NO_SHIFT, { over: [], begun: [3] }), { over: [3], begun: [] });
  });
});

describe('a limit of the number that is used up', () => {
  const held = granted(START);
  const verdict = (account: AccountState, policy = POLICY) =>
    decide(recordOf(held), account, policy, START + 1);
  const full = { 'daily-initiations': { until: START + HOUR, allowed: 3 } };

  it('holds back calls, with the moment at which there is room', () => {
    deepEqual(about(verdict({ full })), ['limited', 'daily-initiations', START + HOUR]);
    const both = { ...full, 'concurrent-calls': { until: START + 2 * HOUR, allowed: 2 } };
    deepEqual(about(verdict({ full: both })), ['limited', 'concurrent-calls', START + 2 * HOUR]);
  });

  it('does not hold back requests', () => {
    equal(decide(emptyRecord(), { full }, POLICY, START).canRequest, true);
  });

  it('says nothing once a designer allows more, and for ever where none is allowed', () => {
    equal(verdict({ full }, policyFrom('meta', { initiationsPer24h: 4 })).canCall, true);
    const none = policyFrom('meta', { initiationsPer24h: 0 });
    const forever = [grantedForGood(START)];
    const { reason, retryAt } = decide(recordOf(...forever), {}, none, START + 1);
    deepEqual([reason, retryAt], ['daily-initiations', null]);
  });

  it("lasts as long as WhatsApp's word where that is longer", () => {
    const blocks = { 'daily-initiations': { at: START, until: START + 2 * HOUR } };
    equal(verdict({ full, blocks }).retryAt, START + 2 * HOUR);
    equal(
      verdict({ full, blocks: { 'daily-initiations': { at: 0, until: 5 } } }).retryAt,
      START + HOUR,
    );
  });

  it('is what stops the number, unless something graver does', () => {
    equal(stopOf({}, POLICY, START), null);
    deepEqual(stopOf({ full }, POLICY, START), {
      reason: 'daily-initiations',
      until: START + HOUR,
    });
    const blocks = { 'account-restricted': { at: START, until: null } };
    deepEqual(stopOf({ full, blocks }, POLICY, START), {
      reason: 'account-restricted',
      until: Infinity,
    });
    equal(stopOf({ full }, POLICY, START + HOUR), null);
  });

  it('is plain JSON, as the counts are', () => {
    const counts = begunAt(START);
    deepEqual(JSON.parse(JSON.stringify(counts)), counts);
    equal(isCallCounts(counts), true);
    equal(isCallCounts({ initiations: { 1: 'many' } }), false);
    equal(isCallCounts({ inProgress: [] }), false);
  });
});

/** Another call that begins at `at`. */
function goingOnToo(at: number) {
  return shiftBetween(emptyRecord(), recordOf(placed(at, 'c2')));
}

function ended(at: number): Fact {
  return {
    ...OTHER,
    type: 'ended',
    at,
    id: 'w1',
    startedAt: null,
    durationSeconds: null,
    failed: false,
  };
}
