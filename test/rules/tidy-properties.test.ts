import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import { apply, decide, emptyAccountState, emptyRecord, isKnown, tidy } from '../../src/rules';
import { connected, recordOf } from './support/facts';
import { RUNS, anyPolicy, delay, endOfLife, learntAt, life, waits } from './support/lives';

const nobody = emptyAccountState();

describe('tidying, for any life of a contact', () => {
  describe('a tidied record', () => {
    it('decides the same, now and later, also when more happens', () => {
      fc.assert(
        fc.property(life, anyPolicy, waits, waits, (facts, policy, waits, later) => {
          const record = recordOf(...facts);
          const now = endOfLife(facts) + waits[0]!;
          const tidied = tidy(record, now);
          const more = connected(now + later[0]!, 'more');
          for (const wait of [0, ...later]) {
            deepEqual(
              decide(tidied, nobody, policy, now + wait),
              decide(record, nobody, policy, now + wait),
            );
            equal(isKnown(tidied, policy, now + wait), isKnown(record, policy, now + wait));
            const end = now + later[0]! + wait;
            deepEqual(
              decide(more.reduce(apply, tidied), nobody, policy, end),
              decide(more.reduce(apply, record), nobody, policy, end),
            );
          }
        }),
        RUNS,
      );
    });

    it('decides the same when it was tidied after every single fact', () => {
      fc.assert(
        fc.property(life, anyPolicy, delay, (facts, policy, wait) => {
          const inOrder = facts.toSorted((a, b) => learntAt(a) - learntAt(b));
          const tidied = inOrder.reduce(
            (record, fact) => tidy(apply(record, fact), learntAt(fact)),
            emptyRecord(),
          );
          const now = endOfLife(facts) + wait;
          deepEqual(
            decide(tidied, nobody, policy, now),
            decide(recordOf(...facts), nobody, policy, now),
          );
        }),
        RUNS,
      );
    });

    it('has nothing left to tidy', () => {
      fc.assert(
        fc.property(life, delay, (facts, wait) => {
          const now = endOfLife(facts) + wait;
          const tidied = tidy(recordOf(...facts), now);
          deepEqual(tidy(tidied, now), tidied);
        }),
        RUNS,
      );
    });
  });
});
