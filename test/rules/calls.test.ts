import { deepEqual, equal } from 'node:assert/strict';
import {
  DAY,
  HOUR,
  MINUTE,
  PRESETS,
  callState,
  inProgressUntil,
  outcomeOf,
  type Fact,
} from '../../src/rules';
import {
  START,
  about,
  callAccepted,
  hungUp,
  callStep,
  connected,
  ended,
  grantedForGood,
  placed,
  recordOf,
  unanswered,
  verdictOf,
} from './support/facts';

const { meta } = PRESETS;
const allowed = grantedForGood(START - DAY);

describe('calls', () => {
  describe('connected calls in rolling 24 hours', () => {
    it('count those that we placed, not those of the user', () => {
      const ours = connected(START, 'c1');
      const theirs = connected(START + HOUR, 'u1', 'user');
      equal(verdictOf([allowed, ...ours, ...theirs], START + 2 * HOUR).callsLeft, 9);
    });

    it('count pick-ups, not attempts', () => {
      equal(verdictOf([allowed, ...unanswered(START, 'c1')], START + HOUR).callsLeft, 10);
    });

    it('are 100 with meta', () => {
      const calls = Array.from({ length: 100 }, (_, n) =>
        connected(START + n * 2 * MINUTE, `c${n}`),
      );
      const now = START + 10 * HOUR;
      equal(verdictOf([allowed, ...calls.slice(1).flat()], now, meta).callsLeft, 1);
      deepEqual(about(verdictOf([allowed, ...calls.flat()], now, meta)), [
        'limited',
        'connected-calls-per-24h',
        START + DAY,
      ]);
    });

    it('wait for as many to leave the window as are too many', () => {
      const policy = { ...meta, connectedCallsPer24h: 2 };
      const calls = [0, 1, 2].flatMap((n) => connected(START + n * HOUR, `c${n}`));
      equal(verdictOf([allowed, ...calls], START + 4 * HOUR, policy).retryAt, START + HOUR + DAY);
    });

    it('never end where none is allowed', () => {
      const none = { ...meta, connectedCallsPer24h: 0 };
      deepEqual(about(verdictOf([allowed], START, none)), [
        'limited',
        'connected-calls-per-24h',
        null,
      ]);
    });
  });

  describe('a call in progress', () => {
    it('blocks another one, in either direction', () => {
      for (const direction of ['business', 'user'] as const) {
        const facts = [allowed, callStep('connecting', START, 'c1', direction)];
        equal(verdictOf(facts, START).reason, 'call-in-progress');
      }
    });

    it('goes on until the last of two is over', () => {
      const record = recordOf(placed(START, 'c1'), placed(START + MINUTE, 'c2'));
      equal(inProgressUntil(record, START + MINUTE), START + 6 * MINUTE);
      equal(inProgressUntil(record, START + 6 * MINUTE), null);
    });

    it('counts before it is sent, and is un-counted only on a definite refusal', () => {
      deepEqual(about(verdictOf([allowed, placed(START)], START)), [
        'limited',
        'call-in-progress',
        START + 5 * MINUTE,
      ]);
      const released: Fact = { type: 'call-released', at: START + 1, key: 'c1' };
      const verdict = verdictOf([allowed, placed(START), released], START + HOUR);
      deepEqual([verdict.state, verdict.unanswered], ['callable', 0]);
    });

    it('counts as unanswered 5 minutes after the last that was heard of it', () => {
      const facts = [allowed, placed(START), callAccepted(START + 1000)];
      const end = START + 1000 + 5 * MINUTE;
      equal(verdictOf(facts, end - 1).reason, 'call-in-progress');
      deepEqual([verdictOf(facts, end).state, verdictOf(facts, end).unanswered], ['callable', 1]);
      const later = [...facts, callStep('ringing', START + 4 * MINUTE)];
      equal(verdictOf(later, START + 9 * MINUTE - 1).reason, 'call-in-progress');
      equal(verdictOf(later, START + 9 * MINUTE).unanswered, 1);
    });

    it('counts as ended 4 hours after it was answered', () => {
      const facts = [allowed, placed(START), callStep('answered', START + 1000)];
      const end = START + 1000 + 4 * HOUR;
      equal(verdictOf(facts, end - 1).reason, 'call-in-progress');
      deepEqual([verdictOf(facts, end).state, verdictOf(facts, end).unanswered], ['callable', 0]);
    });

    it('that WhatsApp refused a call for blocks the next no longer once its end was told', () => {
      const refused: Fact = {
        type: 'blocked',
        at: START,
        reason: 'call-in-progress',
        until: START + 5 * MINUTE,
      };
      const facts = [allowed, refused];
      const over = ended(START + MINUTE, 'u1', { direction: 'user' });
      equal(verdictOf([...facts, over], START + MINUTE).state, 'callable');
      const before = ended(START - MINUTE, 'u1', { direction: 'user' });
      equal(verdictOf([...facts, before], START + MINUTE).reason, 'call-in-progress');
    });

    it('of the user goes on until its end is told, 4 hours at most: who took it is not told before', () => {
      const facts = [allowed, callStep('connecting', START, 'c1', 'user')];
      const end = START + 4 * HOUR;
      equal(verdictOf(facts, end - 1).reason, 'call-in-progress');
      deepEqual([verdictOf(facts, end).state, verdictOf(facts, end).unanswered], ['callable', 0]);
    });

    it('goes placed, connecting, ringing, answered, ended, and never back', () => {
      const steps: [Fact, string][] = [
        [placed(START), 'placed'],
        [callStep('connecting', START + 1), 'connecting'],
        [callStep('ringing', START + 2), 'ringing'],
        [callStep('answered', START + 3), 'answered'],
        [ended(START + 4), 'ended'],
        [callStep('connecting', START), 'ended'],
      ];
      const facts: Fact[] = [];
      for (const [fact, state] of steps) {
        facts.push(fact);
        equal(callState(recordOf(...facts).calls![0]!, START + 4), state);
      }
    });

    it('is not revived by a late connect', () => {
      const facts = [
        allowed,
        placed(START),
        ended(START + 1000),
        callStep('connecting', START + 2000),
      ];
      equal(verdictOf(facts, START + 2000).state, 'callable');
    });

    it('is found by our key, by its id, and by both once we know that they are one', () => {
      const { key: _, ...nameless } = callStep('answered', START + 1) as { key: string } & Fact;
      const facts = [placed(START), callAccepted(START + 2), nameless as Fact];
      equal(recordOf(...facts).calls?.length, 1);
      equal(recordOf(...facts.toReversed()).calls?.length, 1);
    });
  });

  describe('outcome', () => {
    const outcomeAfter = (...facts: Fact[]) => outcomeOf(recordOf(...facts).calls![0]!);

    it('answered is ACCEPTED or times in terminate, never "connect" or the mere end', () => {
      equal(outcomeAfter(callStep('answered', START), ended(START)), 'answered');
      equal(outcomeAfter(ended(START + MINUTE, 'c1', { startedAt: START })), 'answered');
      equal(outcomeAfter(callStep('connecting', START), ended(START)), 'no-answer');
    });

    it('rejected, failed and cancelled are told apart', () => {
      equal(outcomeAfter(callStep('rejected', START), ended(START)), 'rejected');
      equal(outcomeAfter(ended(START, 'c1', { failed: true })), 'failed');
      equal(outcomeAfter(hungUp(START), ended(START)), 'cancelled');
    });
  });
});
