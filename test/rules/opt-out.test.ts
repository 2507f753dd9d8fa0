import { deepEqual, equal } from 'node:assert/strict';
import { HOUR, unite, type Fact } from '../../src/rules';
import { START, grantedForGood, recordOf, requested, verdictOf } from './support/facts';

const optedOut = (at: number): Fact => ({ type: 'opted-out', at });
const restored = (at: number): Fact => ({ type: 'restored', at });

describe('opt-out', () => {
  it('blocks calls and requests until it is restored', () => {
    const facts = [grantedForGood(START), optedOut(START + HOUR)];
    const out = verdictOf(facts, START + HOUR);
    deepEqual(
      [out.state, out.reason, out.canCall, out.canRequest],
      ['revoked', 'opted-out', false, false],
    );
    equal(out.retryAt, null);
    equal(verdictOf([...facts, restored(START + HOUR + 1)], START + HOUR + 1).state, 'callable');
  });

  it('is not taken back by a new permission', () => {
    const facts = [optedOut(START), grantedForGood(START + HOUR)];
    equal(verdictOf(facts, START + HOUR).reason, 'opted-out');
  });

  it('wins over a restoring at the same moment', () => {
    equal(verdictOf([optedOut(START), restored(START)], START).reason, 'opted-out');
    equal(verdictOf([restored(START), optedOut(START)], START).reason, 'opted-out');
  });

  it('of one of two contacts who are one person wins, whichever was later', () => {
    const out = recordOf(optedOut(START));
    const back = recordOf(restored(START + HOUR));
    equal(unite(out, back).choice?.optedOut, true);
    equal(unite(back, out).choice?.optedOut, true);
    equal(unite(recordOf(optedOut(START), restored(START + 1)), back).choice?.optedOut, false);
  });

  it('leaves the times of both and the latest permission when two contacts are one person', () => {
    const a = recordOf(requested(START, 'a'), grantedForGood(START));
    const b = recordOf(requested(START + 1, 'b'), optedOut(START));
    const united = unite(a, b);
    equal(united.requests?.length, 2);
    equal(united.permission?.length, 1);
  });
});
