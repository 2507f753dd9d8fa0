import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import {
  apply,
  decide,
  dueAt,
  duesOf,
  emptyAccountState,
  permissionAt,
  remains,
  tidy,
  type ContactRecord,
  type Due,
  type Fact,
  type Policy,
} from '../../src/rules';
import { recordOf } from './support/facts';
import { RUNS, anyPolicy, delay, endOfLife, life, waits } from './support/lives';

const nobody = emptyAccountState();

/** The fact that something due was told. */
function toldOf(due: Due, at: number): Fact {
  switch (due.type) {
    case 'permission-expired':
      return { type: 'expiry-told', at, until: due.at };
    case 'request-lapsed':
      return { type: 'lapse-told', at, key: due.request.key! };
    case 'call-ended':
      return { type: 'call-end-told', at, ...nameOf(due.call) };
    case 'try-again':
      return { type: 'reminded', at, wantedAt: due.reminder.at };
  }
}

const nameOf = ({ key, id }: { key?: string; id?: string }) => ({
  ...(key !== undefined && { key }),
  ...(id !== undefined && { id }),
});

const dueBy = (record: ContactRecord, policy: Policy, now: number): Due[] =>
  duesOf(record, policy).filter(({ at }) => at <= now);

describe('what becomes due, for any life of a contact', () => {
  it('is sorted, and its first is the moment for which one is scheduled', () => {
    fc.assert(
      fc.property(life, anyPolicy, (facts, policy) => {
        const record = recordOf(...facts);
        const times = duesOf(record, policy).map(({ at }) => at);
        deepEqual(
          times,
          times.toSorted((a, b) => a - b),
        );
        ok(times.every(Number.isFinite));
        equal(dueAt(record, policy), times[0] ?? null);
      }),
      RUNS,
    );
  });

  it('is told once: nothing of it is due any more, whatever else happens', () => {
    fc.assert(
      fc.property(life, anyPolicy, delay, (facts, policy, wait) => {
        const record = recordOf(...facts);
        const now = endOfLife(facts) + wait;
        const told = dueBy(record, policy, now).map((due) => toldOf(due, now));
        const after = told.reduce(apply, record);
        deepEqual(dueBy(after, policy, now), []);
        deepEqual(told.reduce(apply, after), after);
        deepEqual(recordOf(...told.toReversed(), ...facts), after);
        deepEqual(
          duesOf(after, policy),
          duesOf(record, policy).filter(({ at }) => at > now),
        );
      }),
      RUNS,
    );
  });

  it('decides nothing: telling it leaves every verdict as it was', () => {
    fc.assert(
      fc.property(life, anyPolicy, waits, (facts, policy, waits) => {
        const record = recordOf(...facts);
        const now = endOfLife(facts) + waits[0]!;
        const after = dueBy(record, policy, now)
          .map((due) => toldOf(due, now))
          .reduce(apply, record);
        for (const wait of waits) {
          deepEqual(
            decide(after, nobody, policy, now + wait),
            decide(record, nobody, policy, now + wait),
          );
        }
      }),
      RUNS,
    );
  });

  it('is a permission that is held one millisecond earlier, and not then', () => {
    fc.assert(
      fc.property(life, anyPolicy, (facts, policy) => {
        const record = recordOf(...facts);
        const due = duesOf(record, policy).find(({ type }) => type === 'permission-expired');
        fc.pre(due !== undefined);
        const lastChange = record.permission!.at(-1)!.at;
        // What ran out before WhatsApp was asked once more had run out then.
        if (lastChange < due.at)
          equal(permissionAt(record, policy, due.at - 1).held?.kind, 'temporary');
        equal(permissionAt(record, policy, Math.max(due.at, lastChange)).held, null);
      }),
      RUNS,
    );
  });

  it('is the same after tidying, however late', () => {
    fc.assert(
      fc.property(life, anyPolicy, delay, (facts, policy, wait) => {
        const record = recordOf(...facts);
        deepEqual(
          duesOf(tidy(record, endOfLife(facts) + wait), policy).map(({ type, at }) => [type, at]),
          duesOf(record, policy).map(({ type, at }) => [type, at]),
        );
      }),
      RUNS,
    );
  });

  it('is nothing of an erased person', () => {
    fc.assert(
      fc.property(life, anyPolicy, delay, (facts, policy, wait) => {
        deepEqual(duesOf(remains(recordOf(...facts), endOfLife(facts) + wait, policy), policy), []);
      }),
      RUNS,
    );
  });
});
