import { deepEqual, equal } from 'node:assert/strict';
import { DAY, HOUR, PRESETS, SECOND, type Fact } from '../../src/rules';
import {
  START,
  about,
  answered,
  callStep,
  connected,
  ended,
  granted,
  requestAccepted,
  requested,
  unanswered,
  verdictOf,
} from './support/facts';

const { meta } = PRESETS;
const failed = (at: number, key = 'r1'): Fact => ({
  type: 'request-failed',
  at,
  id: `wamid.${key}`,
});

describe('permission requests', () => {
  describe('limits', () => {
    it('one in rolling 24 hours, to the millisecond', () => {
      const facts = [requested(START), requestAccepted(START)];
      deepEqual(about(verdictOf(facts, START + DAY - 1, meta)), [
        'limited',
        'awaiting-reply',
        START + DAY,
      ]);
      equal(verdictOf(facts, START + DAY, meta).canRequest, true);
    });

    it('two in rolling 7 days, to the millisecond', () => {
      const facts = [requested(START, 'r1'), requested(START + DAY, 'r2'), failed(START, 'r2')];
      equal(verdictOf(facts, START + 3 * DAY, meta).retryAt, START + 7 * DAY);
      equal(verdictOf(facts, START + 7 * DAY - 1, meta).canRequest, false);
      equal(verdictOf(facts, START + 7 * DAY, meta).canRequest, true);
    });

    it('25 in 24 hours and 100 in 7 days for a test number', () => {
      const policy = PRESETS['meta-test-number'];
      const day = (n: number) =>
        Array.from({ length: 25 }, (_, i) => requested(START + n * DAY + i, `r${n}.${i}`));
      equal(verdictOf(day(0).slice(1), START + HOUR, policy).requestsLeft, 1);
      equal(verdictOf(day(0), START + HOUR, policy).canRequest, false);
      const week = [0, 1, 2, 3].flatMap(day);
      const verdict = verdictOf(week, START + 5 * DAY, policy);
      deepEqual([verdict.canRequest, verdict.retryAt], [false, START + 7 * DAY]);
    });

    it('a request counts from when WhatsApp accepted it', () => {
      const facts = [requested(START), requestAccepted(START + 700)];
      equal(verdictOf(facts, START + HOUR, meta).retryAt, START + DAY + 700);
    });

    it('a request counts before it is sent, and is un-counted only on a definite refusal', () => {
      const sent = [requested(START)];
      equal(verdictOf(sent, START, meta).canRequest, false);
      equal(verdictOf(sent, START + HOUR, meta).canRequest, false, 'outcome unknown: it counts');
      const released: Fact = { type: 'request-released', at: START + 1, key: 'r1' };
      deepEqual(about(verdictOf([...sent, released], START + 1, meta)), [
        'needs-request',
        'never-requested',
        null,
      ]);
    });

    it('a request that could not be delivered stays counted, and is no longer waited for', () => {
      const facts = [requested(START), requestAccepted(START), failed(START + 1)];
      deepEqual(about(verdictOf(facts, START + HOUR)), [
        'limited',
        'requests-per-24h',
        START + DAY,
      ]);
    });

    it('a second one says which limit it met', () => {
      const facts = [
        requested(START, 'r1'),
        requestAccepted(START, 'r1'),
        requested(START + DAY, 'r2'),
        requestAccepted(START + DAY, 'r2'),
        failed(START + DAY, 'r2'),
      ];
      deepEqual(about(verdictOf(facts, START + 3 * DAY, meta)), [
        'limited',
        'requests-per-7d',
        START + 7 * DAY,
      ]);
    });
  });

  describe('are set back by a connected call', () => {
    const asked = [requested(START), requestAccepted(START), failed(START)];

    it('in either direction', () => {
      for (const direction of ['business', 'user'] as const) {
        const facts = [...asked, ...connected(START + HOUR, 'c1', direction)];
        const verdict = verdictOf(facts, START + 2 * HOUR);
        deepEqual([verdict.canRequest, verdict.requestsLeft], [true, 1]);
      }
    });

    it('by nothing else: not by a call that was not picked up, a grant or a message', () => {
      const others: Fact[] = [
        ...unanswered(START + HOUR, 'c1'),
        callStep('connecting', START + HOUR, 'u1', 'user'),
        ended(START + HOUR, 'u1', { direction: 'user' }),
        granted(START + HOUR, START + HOUR + 1),
        { type: 'user-wrote', at: START + HOUR, id: 'wamid.w1' },
      ];
      equal(verdictOf([...asked, ...others], START + 2 * HOUR).requestsLeft, 0);
    });

    it('also when only the end of the call was told, by its start', () => {
      const facts = [...asked, ended(START + 2 * HOUR, 'c1', { startedAt: START + HOUR })];
      equal(verdictOf(facts, START + 3 * HOUR).requestsLeft, 1);
    });

    it('a later request counts again', () => {
      const call = connected(START + HOUR, 'c1');
      const again = [requested(START + 2 * HOUR, 'r2')];
      equal(verdictOf([...asked, ...call, ...again], START + 3 * HOUR).requestsLeft, 0);
    });

    it('a request earlier in the same second is cleared too, one after we heard of the call is not', () => {
      const pickUp = (heard: number): Fact => ({ ...callStep('answered', START), heard });
      const request = [requested(START + 700), failed(START + 700)];
      const now = START + HOUR;
      const end = ended(START + SECOND, 'c1', { startedAt: START });
      const left = (heard: number) =>
        verdictOf([...request, pickUp(heard), { ...end, heard: now }], now).requestsLeft;
      equal(left(START + 5000), 1);
      equal(left(START + 701), 1);
      equal(left(START + 699), 0);
      equal(left(START + 700), 0);
    });

    it('a request, a count and a block of the very moment of the call stay', () => {
      const at = START + HOUR;
      const call = connected(at, 'c1', 'user');
      const told: Fact[][] = [
        [requested(at), requestAccepted(at), failed(at)],
        [
          answered(at, {
            canRequest: false,
            requestsPer24h: { used: 1, allowed: 1, resetsAt: at + DAY },
          }),
        ],
        [{ type: 'blocked', at, reason: 'requests-per-24h', until: at + DAY }],
      ];
      for (const facts of told)
        deepEqual(about(verdictOf([...facts, ...call], at + HOUR)), [
          'limited',
          'requests-per-24h',
          at + DAY,
        ]);
    });

    it('clears what WhatsApp had counted by then, and the block learnt from limit_expiration_time', () => {
      const block: Fact = {
        type: 'blocked',
        at: START,
        reason: 'requests-per-24h',
        until: START + DAY,
      };
      const full = { used: 1, allowed: 1, resetsAt: START + DAY };
      for (const told of [block, answered(START, { requestsPer24h: full, canRequest: false })]) {
        deepEqual(about(verdictOf([told], START + HOUR)), [
          'limited',
          'requests-per-24h',
          START + DAY,
        ]);
        const call = connected(START + 1, 'c1', 'user');
        equal(verdictOf([told, ...call], START + HOUR).canRequest, true);
        const earlier = connected(START - 1, 'c1', 'user');
        equal(verdictOf([told, ...earlier], START + HOUR).canRequest, false);
      }
    });
  });
});
