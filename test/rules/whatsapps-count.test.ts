import { deepEqual, equal } from 'node:assert/strict';
import { DAY, HOUR, MINUTE, PRESETS, type Fact, type Usage } from '../../src/rules';
import { START, answered, connected, grantedForGood, requested, verdictOf } from './support/facts';

const { cautious, meta } = PRESETS;
const usage = (used: number, allowed: number, resetsAt: number | null = null): Usage => ({
  used,
  allowed,
  resetsAt,
});
const allowed = grantedForGood(START - 10 * DAY);
/** The look-up answers that so many calls were connected. */
const told = (at: number, connectedCallsPer24h: Usage): Fact =>
  answered(at, { status: 'permanent', connectedCallsPer24h });
const callsLeft = (facts: Fact[], now: number) => verdictOf([allowed, ...facts], now).callsLeft;

describe("limits: the stricter of WhatsApp's count and ours", () => {
  it('a newer current_usage replaces our count, upwards', () => {
    equal(callsLeft([told(START, usage(4, 100))], START), 6);
    equal(callsLeft([...connected(START - HOUR, 'c1'), told(START, usage(4, 100))], START), 6);
  });

  it('a newer current_usage replaces our count, downwards', () => {
    const ours = [1, 2, 3].flatMap((n) => connected(START - n * HOUR, `c${n}`));
    equal(callsLeft(ours, START), 7);
    equal(callsLeft([...ours, told(START, usage(1, 100))], START), 9);
  });

  it('what we counted since is added', () => {
    const facts = [told(START, usage(4, 100)), ...connected(START + 1, 'c1')];
    equal(callsLeft(facts, START + HOUR), 5);
  });

  it('what was counted at the moment of the look-up is in the answer', () => {
    equal(callsLeft([told(START, usage(1, 100)), ...connected(START, 'c1')], START), 9);
  });

  it('a request sent in the very millisecond of the look-up counts, once', () => {
    const sent = requested(START);
    const before = answered(START, { requestsPer7d: usage(0, 2) });
    const after = answered(START, { requestsPer7d: usage(1, 2) });
    for (const answer of [before, after]) {
      const verdict = verdictOf([answer, sent], START, meta);
      deepEqual([verdict.canRequest, verdict.requestsLeft], [false, 0]);
      equal(verdictOf([answer, sent], START + DAY, meta).requestsLeft, 1);
    }
  });

  it('a request whose outcome is unknown counts though WhatsApp, asked within 5 minutes, knew of none', () => {
    const sent = requested(START);
    const none = { requestsPer24h: usage(0, 1), requestsPer7d: usage(0, 2) };
    for (const asked of [START + 1, START + 5 * MINUTE - 1]) {
      const facts = [sent, answered(asked, none)];
      equal(verdictOf(facts, START + HOUR, meta).canRequest, false);
      equal(verdictOf(facts, START + 2 * DAY, meta).canRequest, true);
    }
    equal(
      verdictOf([sent, answered(START + 5 * MINUTE, none)], START + HOUR, meta).canRequest,
      true,
    );
  });

  it('what we do not know of is taken to be as young as it can be', () => {
    const facts = [told(START, usage(10, 100))];
    equal(verdictOf([allowed, ...facts], START).retryAt, START + DAY);
    equal(callsLeft(facts, START + DAY - 1), 0);
    equal(callsLeft(facts, START + DAY), 10);
  });

  it('what left the window before the look-up is none of what WhatsApp counted', () => {
    const facts = [
      requested(START - 8 * DAY, 'r1'),
      requested(START - DAY, 'r2'),
      answered(START, { requestsPer7d: usage(2, 2, null) }),
    ];
    const now = START + 6 * DAY;
    equal(verdictOf(facts, now - 1, meta).canRequest, false);
    equal(verdictOf(facts, now, meta).requestsLeft, 1);
  });

  it('where WhatsApp allows fewer calls than the policy, its number holds', () => {
    const full = answered(START, {
      status: 'permanent',
      canCall: false,
      connectedCallsPer24h: usage(5, 5),
    });
    const { reason, canCall, retryAt } = verdictOf([allowed, full], START, meta);
    deepEqual([reason, canCall, retryAt], ['connected-calls-per-24h', false, START + DAY]);
    equal(verdictOf([allowed, told(START, usage(4, 5))], START, meta).callsLeft, 1);
  });

  it('a limit that was over before the look-up does not explain why WhatsApp says no', () => {
    const no = { canCall: false, canRequest: false };
    const calls = answered(START, {
      status: 'permanent',
      ...no,
      connectedCallsPer24h: usage(100, 100, START - 1),
    });
    const requests = answered(START, { ...no, requestsPer24h: usage(1, 1, START - 1) });
    for (const answer of [calls, requests]) {
      const { reason, canCall, canRequest } = verdictOf(
        [answer],
        START,
        PRESETS['meta-test-number'],
      );
      deepEqual([reason, canCall, canRequest], ['recipient-uncallable', false, false]);
    }
  });

  it('where WhatsApp allows fewer requests than the policy, its number holds', () => {
    const full = answered(START, { canRequest: false, requestsPer24h: usage(1, 1) });
    const { reason, canRequest } = verdictOf([full], START, PRESETS['meta-test-number']);
    deepEqual([reason, canRequest], ['requests-per-24h', false]);
  });

  it('limit_expiration_time is used as it is', () => {
    const full = answered(START, {
      canRequest: false,
      requestsPer24h: usage(1, 1, START + HOUR),
      requestsPer7d: usage(1, 2),
    });
    const verdict = verdictOf([full], START, meta);
    deepEqual(
      [verdict.state, verdict.reason, verdict.retryAt],
      ['limited', 'requests-per-24h', START + HOUR],
    );
    equal(verdictOf([full], START + HOUR - 1, meta).canRequest, false);
    equal(verdictOf([full], START + HOUR, meta).canRequest, true);
  });

  it('of limit_expiration_time and our count the later holds', () => {
    const full = (resetsAt: number) =>
      answered(START, { canRequest: false, requestsPer24h: usage(1, 1, resetsAt) });
    const ours = requested(START - HOUR);
    const retryAt = (facts: Fact[]) => verdictOf(facts, START, meta).retryAt;
    equal(retryAt([ours, full(START + 22 * HOUR)]), START + 23 * HOUR);
    equal(retryAt([ours, full(START + 24 * HOUR)]), START + 24 * HOUR);
    equal(verdictOf([ours, full(START + DAY)], START + 23 * HOUR, meta).requestsLeft, 0);
  });

  it('one that we know and one that we do not never leave the window together', () => {
    const ours = requested(START - 3 * DAY);
    const full = answered(START, {
      canRequest: false,
      requestsPer7d: usage(2, 2, START + 4 * DAY),
    });
    equal(verdictOf([ours, full], START, meta).retryAt, START + 4 * DAY);
    equal(verdictOf([ours, full], START + 4 * DAY, meta).requestsLeft, 1);
    const next = requested(START + 4 * DAY, 'r2');
    equal(verdictOf([ours, full, next], START + 5 * DAY, meta).canRequest, false);
  });

  it("our own stricter limit holds against WhatsApp's", () => {
    const full = told(START, usage(100, 100, START + HOUR));
    equal(verdictOf([allowed, full], START, cautious).retryAt, START + DAY);
    equal(verdictOf([allowed, full], START, meta).retryAt, START + HOUR);
  });

  it('an older answer is replaced by a newer one, whichever comes first', () => {
    const old = told(START, usage(9, 100));
    const young = told(START + 1, usage(2, 100));
    equal(callsLeft([old, young], START + 1), 8);
    equal(callsLeft([young, old], START + 1), 8);
  });

  it('of two answers at one moment the stricter holds', () => {
    const no = answered(START, { canRequest: false });
    for (const facts of [
      [answered(START), no],
      [no, answered(START)],
    ])
      equal(verdictOf(facts, START).canRequest, false);
  });

  it('absurd numbers harm nobody', () => {
    for (const used of [1e12, -5, 0.5, 2 ** 53]) {
      const facts = [told(START, usage(used, 100, START + HOUR)), ...connected(START + 1, 'c1')];
      equal(callsLeft(facts, START + 2) >= 0, true);
    }
  });
});
