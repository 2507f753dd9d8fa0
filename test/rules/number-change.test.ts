import { deepEqual, equal } from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  DAY,
  HOUR,
  MINUTE,
  PRESETS,
  duesOf,
  isKnown,
  remains,
  tidy,
  type Fact,
} from '../../src/rules';
import {
  START,
  answered,
  callStep,
  granted,
  recordOf,
  requestAccepted,
  requested,
  verdictOf,
} from './support/facts';

const moved = (at: number, id = 'wamid.moved'): Fact => ({
  type: 'number-changed',
  at,
  heard: at + 300,
  id,
});
const known = (facts: Fact[], now: number) => isKnown(recordOf(...facts), PRESETS.cautious, now);

describe('another number of the user', () => {
  it('puts a permission in doubt, which WhatsApp alone can end', () => {
    const before = [answered(START), granted(START + MINUTE)];
    equal(verdictOf(before, START + HOUR / 2).state, 'callable');
    equal(known(before, START + HOUR / 2), true);
    const after = [...before, moved(START + HOUR / 2)];
    const now = START + HOUR / 2 + MINUTE;
    equal(verdictOf(after, now).canCall, false);
    equal(known(after, now), false);
    const asked = [...after, answered(now, { status: 'permanent' })];
    equal(verdictOf(asked, now + 1).state, 'callable');
    equal(known(asked, now + 1), true);
  });

  it('does so too for what WhatsApp answered about the former number before we heard of it', () => {
    const late: Fact = { ...moved(START), heard: START + HOUR };
    const facts = [answered(START + HOUR, { status: 'permanent' }), late];
    equal(verdictOf(facts, START + 2 * HOUR).canCall, false);
    equal(known(facts, START + HOUR), false);
  });

  it('does not touch a permission that was given to the new number after that', () => {
    equal(verdictOf([moved(START), granted(START + MINUTE)], START + HOUR).state, 'callable');
  });

  it('leaves a revocation one, and the request that waits waiting', () => {
    const refused: Fact = { type: 'refused', at: START, id: 'no', request: null, automatic: false };
    const facts = [granted(START - DAY), refused, moved(START + MINUTE)];
    equal(verdictOf(facts, START + HOUR).reason, 'revoked-by-user');
    const waiting = [requested(START), requestAccepted(START), moved(START + MINUTE)];
    equal(verdictOf(waiting, START + HOUR).reason, 'awaiting-reply');
    deepEqual(
      duesOf(recordOf(...waiting), PRESETS.cautious).map(({ type }) => type),
      ['request-lapsed'],
    );
  });

  it('keeps streak, requests and the opt-out', () => {
    const rung = (id: string) => [
      callStep('ringing', START, id),
      callStep('rejected', START + MINUTE, id),
    ];
    const facts = [requested(START), ...rung('c1'), ...rung('c2'), moved(START + HOUR)];
    const { unanswered, requestsLeft } = verdictOf(facts, START + 2 * HOUR);
    equal(unanswered, 2);
    equal(requestsLeft, 0);
    const optedOut: Fact = { type: 'opted-out', at: START };
    equal(verdictOf([optedOut, moved(START)], START + HOUR).reason, 'opted-out');
  });

  it('is one thing, in whatever order and however often it is told, tidied or not', () => {
    const facts: Fact[] = [
      granted(START),
      answered(START + 20, { status: 'temporary', expiresAt: START + DAY }),
      moved(START + MINUTE),
      moved(START + HOUR, 'wamid.moved.again'),
      granted(START + 2 * HOUR),
      moved(START + 3 * HOUR, 'wamid.moved.at.last'),
      { type: 'user-wrote', at: START + HOUR, id: 'wamid.1' },
    ];
    const now = START + 4 * HOUR;
    const expected = recordOf(...facts);
    equal(verdictOf(facts, now).canCall, false);
    const orders = fc.shuffledSubarray([...facts, ...facts], { minLength: 2 * facts.length });
    fc.assert(
      fc.property(orders, (order) => {
        deepEqual(recordOf(...order), expected);
        equal(isKnown(tidy(recordOf(...order), now), PRESETS.cautious, now), false);
      }),
    );
  });

  it('leaves nothing of it when the contact is erased', () => {
    const record = recordOf(granted(START), moved(START + MINUTE));
    deepEqual(remains(record, START + HOUR, PRESETS.cautious), {});
  });
});
