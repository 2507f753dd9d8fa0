import { deepEqual, equal } from 'node:assert/strict';
import { DAY, HOUR, MINUTE, PRESETS, decide, type Fact, type Verdict } from '../../src/rules';
import { applyToAccount } from '../../src/rules';
import {
  START,
  answered,
  connected,
  declined,
  granted,
  grantedForGood,
  requestAccepted,
  requested,
  revokedByWhatsApp,
  unanswered,
  verdictOf,
  recordOf,
  withdrawn,
} from './support/facts';

const stateAndReason = ({ state, reason }: Verdict) => [state, reason];
const wrote = (at: number): Fact => ({ type: 'user-wrote', at, id: `wamid.wrote.${at}` });

/** The questions of wolkvox's FAQ on WhatsApp outbound calls, 2026-02-20. */
describe('FAQ on WhatsApp outbound calls (policy cautious)', () => {
  it('what is the permission', () => {
    const before = verdictOf([], START);
    deepEqual(stateAndReason(before), ['needs-request', 'never-requested']);
    equal(before.canCall, false);

    const after = verdictOf([granted(START)], START);
    deepEqual(stateAndReason(after), ['callable', 'temporary-permission']);
    equal(after.canCall, true);
  });

  it('two types, temporary lapses by itself', () => {
    const temporary = [granted(START)];
    equal(verdictOf(temporary, START).kind, 'temporary');
    equal(verdictOf(temporary, START).expiresAt, START + 168 * HOUR);
    equal(verdictOf(temporary, START + 168 * HOUR - 1).state, 'callable');
    deepEqual(stateAndReason(verdictOf(temporary, START + 168 * HOUR)), [
      'needs-request',
      'expired',
    ]);

    const permanent = verdictOf([grantedForGood(START)], START + 10_000 * DAY);
    deepEqual(stateAndReason(permanent), ['callable', 'permanent-permission']);
    equal(permanent.expiresAt, null);
  });

  it('within its period calls can be made, afterwards it must be requested again', () => {
    const asked = [requested(START), requestAccepted(START)];
    const facts = [...asked, granted(START + HOUR, START + HOUR + 168 * HOUR, 'wamid.r1')];
    for (const days of [1, 3, 6]) equal(verdictOf(facts, START + days * DAY).canCall, true);
    const after = verdictOf(facts, START + 8 * DAY);
    equal(after.canCall, false);
    equal(after.canRequest, true);
    equal(after.state, 'needs-request');
  });

  it('permanent: no renewal, limits and revocation still hold', () => {
    const held = verdictOf([grantedForGood(START)], START + HOUR);
    equal(held.canRequest, false, 'there is nothing to ask for');

    const calls = Array.from({ length: 10 }, (_, n) => connected(START + n * HOUR, `c${n}`)).flat();
    const full = verdictOf([grantedForGood(START), ...calls], START + 10 * HOUR);
    deepEqual(stateAndReason(full), ['limited', 'connected-calls-per-24h']);

    const gone = verdictOf([grantedForGood(START), withdrawn(START + HOUR)], START + HOUR);
    deepEqual(stateAndReason(gone), ['revoked', 'revoked-by-user']);
  });

  it('earlier conversation does not replace permission', () => {
    const talked = [wrote(START), ...connected(START + MINUTE, 'u1', 'user'), wrote(START + HOUR)];
    const verdict = verdictOf(talked, START + HOUR);
    deepEqual(stateAndReason(verdict), ['needs-request', 'never-requested']);
    equal(verdict.canCall, false);
  });

  it('at most 1 request in 24 h, 2 in 7 days, reset only by a connected call', () => {
    const policy = { ...PRESETS.cautious, askAgainAfterNoAnswer: 0, askAgainAfterDecline: 0 };
    const ask = (facts: Fact[], now: number) => verdictOf(facts, now, policy).canRequest;

    const once = [requested(START, 'r1')];
    equal(ask(once, START + DAY - 1), false);
    equal(ask(once, START + DAY), true);

    const twice = [...once, requested(START + DAY, 'r2')];
    equal(ask(twice, START + 2 * DAY), false);
    equal(ask(twice, START + 7 * DAY - 1), false);
    equal(ask(twice, START + 7 * DAY), true);

    const now = START + 2 * DAY;
    const others = [wrote(now), ...unanswered(now - HOUR, 'c1'), declined(now, 'wamid.r2')];
    equal(ask([...twice, ...others], now), false, 'nothing else sets them back');
    for (const direction of ['business', 'user'] as const)
      equal(ask([...twice, ...connected(now - HOUR, 'c2', direction)], now), true);
  });

  it('at most 10 connected calls in 24 h even with permanent permission', () => {
    const calls = Array.from({ length: 10 }, (_, n) => connected(START + n * HOUR, `c${n}`));
    const after = (count: number, now: number) =>
      verdictOf([grantedForGood(START - DAY), ...calls.slice(0, count).flat()], now);
    equal(after(9, START + 10 * HOUR).canCall, true);
    equal(after(9, START + 10 * HOUR).callsLeft, 1);

    const full = after(10, START + 10 * HOUR);
    deepEqual(stateAndReason(full), ['limited', 'connected-calls-per-24h']);
    equal(full.callsLeft, 0);
    equal(full.retryAt, START + DAY);
    equal(after(10, START + DAY - 1).canCall, false);
    equal(after(10, START + DAY).canCall, true);
  });

  it('about 4 consecutive failed calls revoke', () => {
    const calls = [1, 2, 3, 4].flatMap((n) => unanswered(START + n * HOUR, `c${n}`));
    const facts = [grantedForGood(START), ...calls];
    const doubtful = verdictOf(facts, START + 5 * HOUR);
    deepEqual(stateAndReason(doubtful), ['revoked', 'revoked-after-unanswered']);
    equal(doubtful.canCall, false);
    equal(doubtful.canRequest, true);

    const told = verdictOf([...facts, revokedByWhatsApp(START + 5 * HOUR)], START + 5 * HOUR);
    deepEqual(stateAndReason(told), ['revoked', 'revoked-after-unanswered']);
  });

  it('the user can withdraw either kind at any time, then no call and a new request', () => {
    for (const grant of [granted(START), grantedForGood(START)]) {
      const verdict = verdictOf([grant, withdrawn(START + HOUR)], START + HOUR);
      deepEqual(stateAndReason(verdict), ['revoked', 'revoked-by-user']);
      equal(verdict.canCall, false);
      equal(verdict.canRequest, true);
      equal(verdict.kind, 'none');
    }
  });

  it('the recommended five-step flow', () => {
    const facts: Fact[] = [answered(START)];
    const at = (now: number) => verdictOf(facts, now);

    equal(at(START).state, 'needs-request', '1. verify: none');
    facts.push(requested(START), requestAccepted(START + 300));
    deepEqual(stateAndReason(at(START + MINUTE)), ['limited', 'awaiting-reply'], '2. request');
    facts.push(granted(START + HOUR, START + HOUR + 168 * HOUR, 'wamid.r1'));
    equal(at(START + HOUR).state, 'callable', '3. accepted');
    facts.push(...connected(START + 2 * HOUR, 'c1'));
    equal(at(START + 3 * HOUR).callsLeft, 9, '4. call within the limits');
    facts.push(withdrawn(START + 4 * HOUR));
    const revoked = at(START + 4 * HOUR);
    equal(revoked.state, 'revoked', '5. revoked: request again');
    equal(revoked.canRequest, true);
  });

  it('what breaking the rules costs (a refused action never reaches WhatsApp)', () => {
    const restricted = applyToAccount(
      {},
      {
        type: 'account-blocked',
        at: START,
        reason: 'account-restricted',
        until: START + 7 * DAY,
      },
    );
    const record = recordOf(grantedForGood(START));
    const verdict = decide(record, restricted, PRESETS.cautious, START);
    deepEqual(stateAndReason(verdict), ['limited', 'account-restricted']);
    deepEqual([verdict.canCall, verdict.canRequest], [false, false]);
    equal(verdict.retryAt, START + 7 * DAY);
  });

  it('what customers must keep in mind', () => {
    const { canCall, canRequest } = verdictOf([], START);
    deepEqual([canCall, canRequest], [false, true], 'ask before the first call');

    const no = [requested(START), requestAccepted(START), declined(START + HOUR)];
    const week = START + HOUR + 7 * DAY;
    deepEqual(stateAndReason(verdictOf(no, week - 1)), ['limited', 'declined'], 'respect a "no"');
    equal(verdictOf(no, week).state, 'needs-request');

    const twice = [1, 2].flatMap((n) => unanswered(START + n * HOUR, `c${n}`));
    const pause = verdictOf([granted(START), ...twice], START + 3 * HOUR);
    deepEqual(stateAndReason(pause), ['limited', 'unanswered-streak'], 'do not insist');

    const optedOut = verdictOf([grantedForGood(START), { type: 'opted-out', at: START }], START);
    deepEqual(stateAndReason(optedOut), ['revoked', 'opted-out'], 'an opt-out is final');
    deepEqual([optedOut.canCall, optedOut.canRequest, optedOut.retryAt], [false, false, null]);
  });
});
