import { equal } from 'node:assert/strict';
import { DAY, HOUR, MINUTE, PRESETS, SECOND, isKnown, type Fact } from '../../src/rules';
import {
  START,
  answered,
  callStep,
  connected,
  granted,
  grantedForGood,
  recordOf,
  requested,
  withdrawn,
} from './support/facts';

const known = (facts: Fact[], now = START, policy = PRESETS.cautious): boolean =>
  isKnown(recordOf(...facts), policy, now);

describe('whether the records know, or WhatsApp must be asked', () => {
  it('an unknown contact and one begun by a webhook are asked about', () => {
    equal(known([]), false);
    equal(known([granted(START), requested(START), ...connected(START, 'c1')]), false);
  });

  it('an answer is trusted for 1 hour, cautious, and for 24 hours with meta', () => {
    const facts = [answered(START)];
    equal(known(facts, START + HOUR), true);
    equal(known(facts, START + HOUR + 1), false);
    equal(known(facts, START + DAY, PRESETS.meta), true);
    equal(known(facts, START + DAY + 1, PRESETS.meta), false);
  });

  it('what happened since is known', () => {
    const now = START + MINUTE;
    equal(known([answered(START), granted(now - 1000), withdrawn(now)], now), true);
  });

  it('a yes and a no, or two kinds of yes, in one second are asked about', () => {
    const now = START + MINUTE;
    equal(known([answered(START), granted(now), withdrawn(now + 1)], now + 1), false);
    equal(known([answered(START), granted(now), grantedForGood(now + 1)], now + 1), false);
    equal(known([answered(START), granted(now), granted(now + 1)], now + 1), true);
  });

  it('a request in the second of a connected call is asked about: it may still count', () => {
    const now = START + MINUTE;
    const call: Fact = {
      ...callStep('answered', now, 'u1', 'user'),
      heard: now + 5 * SECOND,
    };
    const facts = [answered(START), requested(now + 500), call];
    equal(known(facts, now + HOUR / 2), false);
    equal(known([...facts, answered(now + SECOND)], now + HOUR / 2), true);
    equal(known([answered(START), requested(now - 1), call], now + HOUR / 2), true);
  });

  it('an unknown status is asked about again', () => {
    equal(known([answered(START, { status: 'unknown' })]), false);
  });

  it('a refusal since then is asked about', () => {
    const answer = answered(START, { status: 'permanent' });
    const told: Fact = { type: 'whatsapp-told', at: START + 1, status: 'none' };
    equal(known([answer, told], START + 1), false);
    equal(known([answer, told, granted(START + 2)], START + 2), true, 'and the user spoke since');
    const block: Fact = {
      type: 'blocked',
      at: START + 1,
      reason: 'requests-per-24h',
      until: START + HOUR,
    };
    equal(known([answer, block], START + HOUR - 1), false);
    equal(known([answer, block], START + HOUR), true);
    equal(known([answer, block, answered(START + 2)], START + 2), true);
  });

  it('what we cannot explain is asked about', () => {
    equal(known([answered(START, { canRequest: false })]), false);
    equal(known([answered(START, { status: 'permanent', canCall: false })]), false);
    equal(known([answered(START, { status: 'permanent', canRequest: false })]), true);
    equal(known([answered(START, { status: 'none', canCall: false })]), true);
    equal(known([requested(START - 1), answered(START, { canRequest: false })]), true);
  });
});
