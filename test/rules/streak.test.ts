import { deepEqual, equal } from 'node:assert/strict';
import { DAY, HOUR, MINUTE, PRESETS, type Fact } from '../../src/rules';
import {
  START,
  about,
  callAccepted,
  hungUp,
  answered,
  callStep,
  connected,
  ended,
  granted,
  grantedForGood,
  placed,
  unanswered,
  verdictOf,
} from './support/facts';

const { meta } = PRESETS;
const allowed = grantedForGood(START - DAY);
const unansweredAfter = (facts: Fact[], now = START + DAY): number =>
  verdictOf([allowed, ...facts], now).unanswered;

describe('unanswered calls', () => {
  describe('the streak', () => {
    it('counts no answer, rejected, cancelled after it rang, and an unknown outcome', () => {
      equal(unansweredAfter([placed(START), ended(START + 1)]), 1, 'no answer, never rang');
      equal(unansweredAfter(unanswered(START, 'c1')), 1, 'no answer');
      equal(unansweredAfter([placed(START), callStep('rejected', START + 1)]), 1, 'rejected');
      const rang = [placed(START), callAccepted(START), callStep('ringing', START + 1)];
      equal(unansweredAfter([...rang, hungUp(START + 2)]), 1, 'cancelled after it rang');
      equal(unansweredAfter([placed(START)]), 1, 'unknown');
    });

    it('does not count a call that failed or was cancelled before it rang, or was answered', () => {
      const failed = ended(START + 1, 'c1', { failed: true });
      equal(unansweredAfter([placed(START), failed]), 0);
      equal(unansweredAfter([placed(START), callStep('ringing', START), failed]), 1);
      equal(unansweredAfter([placed(START), callAccepted(START), hungUp(START + 1)]), 0);
      equal(unansweredAfter(connected(START, 'c1')), 0);
    });

    it('does not count a call of the user that we missed', () => {
      const missed = ended(START + 1, 'u1', { direction: 'user' });
      equal(unansweredAfter([callStep('connecting', START, 'u1', 'user'), missed]), 0);
    });

    it('is set back by a connected call in either direction and by a new grant', () => {
      const two = [1, 2].flatMap((n) => unanswered(START + n * HOUR, `c${n}`));
      equal(unansweredAfter(two), 2);
      for (const direction of ['business', 'user'] as const)
        equal(unansweredAfter([...two, ...connected(START + 3 * HOUR, 'c3', direction)]), 0);
      equal(unansweredAfter([...two, granted(START + 3 * HOUR)]), 0);
      const between = connected(START + 1.5 * HOUR, 'c3');
      equal(unansweredAfter([...two, ...between]), 1);
    });

    it('of the very moment of a call that went unanswered keeps that call', () => {
      const call = [placed(START), ended(START + HOUR)];
      equal(unansweredAfter([...call, granted(START + HOUR)]), 1);
      equal(unansweredAfter([...call, ...connected(START + HOUR, 'c2')]), 1);
    });

    it('is set back from the moment of the pick-up on', () => {
      const facts = [...unanswered(START, 'c1'), ...connected(START + HOUR, 'c2')];
      equal(unansweredAfter(facts, START + HOUR - 1), 1);
      equal(unansweredAfter(facts, START + HOUR), 0);
    });

    it("is ours alone: WhatsApp's answer does not set it back", () => {
      const two = [1, 2].flatMap((n) => unanswered(START + n * HOUR, `c${n}`));
      const answer = answered(START + 3 * HOUR, { status: 'permanent' });
      equal(unansweredAfter([...two, answer]), 2);
    });
  });

  describe('the guard', () => {
    const calls = (count: number) =>
      Array.from({ length: count }, (_, n) => unanswered(START + n * HOUR, `c${n}`)).flat();
    const endOfCall = (n: number) => START + (n - 1) * HOUR + 45_000;
    const after = (count: number, now: number, policy = PRESETS.cautious) =>
      verdictOf([allowed, ...calls(count)], now, policy);

    it('does not hold after one unanswered call', () => {
      equal(after(1, endOfCall(1)).state, 'callable');
    });

    it('pauses 24 hours after "reconsider", to the millisecond', () => {
      const end = endOfCall(2) + 24 * HOUR;
      deepEqual(about(after(2, endOfCall(2))), ['limited', 'unanswered-streak', end]);
      equal(after(2, end - 1).canCall, false);
      equal(after(2, end).canCall, true);
    });

    it('pauses 72 hours one short of revocation, to the millisecond', () => {
      const end = endOfCall(3) + 72 * HOUR;
      deepEqual(about(after(3, endOfCall(3))), ['limited', 'unanswered-streak', end]);
      equal(after(3, end - 1).canCall, false);
      equal(after(3, end).canCall, true);
    });

    it('holds at 5 and 9 for a test number, where WhatsApp revokes at 10', () => {
      const policy = PRESETS['meta-test-number'];
      equal(after(4, endOfCall(4), policy).state, 'callable');
      for (const count of [5, 8])
        equal(after(count, endOfCall(count), policy).retryAt, endOfCall(count) + 24 * HOUR);
      equal(after(9, endOfCall(9), policy).retryAt, endOfCall(9) + 72 * HOUR);
      equal(after(10, endOfCall(10), policy).reason, 'revoked-after-unanswered');
    });

    it('blocks calls, not requests', () => {
      const facts = [granted(START), ...unanswered(START, 'c1'), ...unanswered(START, 'c2')];
      const verdict = verdictOf(facts, START + HOUR);
      deepEqual([verdict.canCall, verdict.canRequest], [false, true]);
    });

    it('ends with a connected call and with a new grant', () => {
      const now = START + 3 * HOUR;
      const two = [allowed, ...calls(2)];
      equal(verdictOf([...two, ...connected(now, 'u1', 'user')], now + HOUR).canCall, true);
      equal(verdictOf([...two, granted(now)], now).canCall, true);
    });

    it('still holds where WhatsApp says after the revoking number that there is a permission', () => {
      const now = endOfCall(4) + 1;
      const facts = [allowed, ...calls(4), answered(now, { status: 'permanent' })];
      deepEqual(about(verdictOf(facts, now)), [
        'limited',
        'unanswered-streak',
        endOfCall(4) + 72 * HOUR,
      ]);
    });

    it('pauses one short of revocation also where "reconsider" comes no earlier', () => {
      const strict = { ...PRESETS.cautious, revokeAfter: 2 };
      equal(after(1, endOfCall(1), strict).retryAt, endOfCall(1) + 72 * HOUR);
    });

    it('can be turned off', () => {
      const off = { ...meta, pauseAfterReconsider: 0, pauseBeforeRevocation: 0 };
      for (const count of [2, 3]) equal(after(count, endOfCall(count), off).canCall, true);
    });

    it('gives way to the call that revokes: retryAt is the end of that call', () => {
      const fourth = placed(START + 3 * HOUR, 'c3');
      const verdict = verdictOf([allowed, ...calls(3), fourth], START + 3 * HOUR);
      equal(verdict.state, 'limited');
      equal(verdict.retryAt, START + 3 * HOUR + 5 * MINUTE);
    });
  });
});
