import { deepEqual, equal } from 'node:assert/strict';
import { DAY, HOUR, PRESETS, type Fact } from '../../src/rules';
import {
  START,
  about,
  connected,
  declined,
  granted,
  requestAccepted,
  requested,
  verdictOf,
  withdrawn,
} from './support/facts';

const { cautious, meta } = PRESETS;
const delivered = (at: number, key = 'r1'): Fact => ({
  type: 'request-delivered',
  at,
  id: `wamid.${key}`,
});
const failed = (at: number, key = 'r1'): Fact => ({
  type: 'request-failed',
  at,
  id: `wamid.${key}`,
});

describe('a request that was sent', () => {
  describe('and our courtesy', () => {
    const asked = [requested(START), requestAccepted(START)];

    it('asks again 72 hours after no answer, cautious', () => {
      deepEqual(about(verdictOf(asked, START + DAY)), [
        'limited',
        'awaiting-reply',
        START + 72 * HOUR,
      ]);
      equal(verdictOf(asked, START + 72 * HOUR - 1).canRequest, false);
      deepEqual(about(verdictOf(asked, START + 72 * HOUR)), [
        'needs-request',
        'awaiting-reply',
        null,
      ]);
    });

    it('asks again 7 days after a "no", cautious', () => {
      const no = [...asked, declined(START + HOUR)];
      const end = START + HOUR + 168 * HOUR;
      deepEqual(about(verdictOf(no, START + 2 * DAY)), ['limited', 'declined', end]);
      equal(verdictOf(no, end - 1).canRequest, false);
      deepEqual(about(verdictOf(no, end)), ['needs-request', 'declined', null]);
    });

    it('is no matter with meta: only the limits', () => {
      equal(verdictOf(asked, START + DAY, meta).canRequest, true);
      equal(verdictOf([...asked, declined(START + HOUR)], START + DAY, meta).canRequest, true);
    });

    it('ends with a connected call', () => {
      const call = connected(START + 2 * HOUR, 'u1', 'user');
      equal(verdictOf([...asked, ...call], START + 3 * HOUR).canRequest, true);
      const no = declined(START + HOUR);
      equal(verdictOf([...asked, no, ...call], START + 3 * HOUR).canRequest, true);
    });

    it('waits as long as the designer says, also beyond the lapse of the request', () => {
      const patient = { ...cautious, askAgainAfterNoAnswer: 240 };
      equal(verdictOf(asked, START + 8 * DAY, patient).retryAt, START + 240 * HOUR);
    });

    it('holds for a request that was sent in the second of a revocation', () => {
      const facts: Fact[] = [
        granted(START - HOUR),
        { ...withdrawn(START), heard: START + 100 },
        requested(START + 400),
        requestAccepted(START + 600),
      ];
      equal(verdictOf(facts, START + DAY).retryAt, START + 600 + 72 * HOUR);
    });

    it('of the very moment of a connected call stays', () => {
      const at = START + HOUR;
      const call = connected(at, 'u1', 'user');
      const request = [requested(at), requestAccepted(at)];
      equal(verdictOf([...request, ...call], at + DAY).retryAt, at + 72 * HOUR);
      equal(verdictOf([declined(at), ...call], at + DAY).retryAt, at + 168 * HOUR);
    });

    it('waits for the answer to a request, not for what was said at the moment it was sent', () => {
      const facts = [granted(START - HOUR), withdrawn(START), ...asked];
      equal(verdictOf(facts, START + DAY).retryAt, START + 72 * HOUR);
      equal(
        verdictOf([...facts, { ...declined(START), id: 'wamid.no' } as Fact], START + DAY).reason,
        'declined',
      );
    });

    it('does not wait for a request that could not be delivered', () => {
      equal(verdictOf([...asked, failed(START)], START + DAY).canRequest, true);
    });
  });

  describe('an unanswered request lapses', () => {
    it('7 days after its delivery', () => {
      const facts = [requested(START), requestAccepted(START), delivered(START + HOUR)];
      const lapse = START + HOUR + 168 * HOUR;
      equal(verdictOf(facts, lapse - 1).reason, 'awaiting-reply');
      equal(verdictOf(facts, lapse).reason, 'expired');
    });

    it('7 days after it was sent where no delivery was told', () => {
      const facts = [requested(START), requestAccepted(START)];
      equal(verdictOf(facts, START + 168 * HOUR - 1).reason, 'awaiting-reply');
      equal(verdictOf(facts, START + 168 * HOUR).reason, 'expired');
    });

    it('when a newer one replaces it', () => {
      const facts = [
        requested(START, 'r1'),
        requestAccepted(START, 'r1'),
        requested(START + DAY, 'r2'),
        requestAccepted(START + DAY, 'r2'),
        declined(START + DAY + HOUR, 'wamid.r2'),
      ];
      equal(verdictOf(facts, START + 2 * DAY).reason, 'declined');
    });
  });
});
