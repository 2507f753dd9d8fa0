import { deepEqual, doesNotMatch, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import {
  DAY,
  HOUR,
  MINUTE,
  PRESETS,
  SECOND,
  WEEK,
  decide,
  emptyAccountState,
  isContactRecord,
  isKnown,
  remains,
  tidy,
  unite,
  type ContactRecord,
  type Fact,
  type PermissionAnswer,
  type Policy,
} from '../../src/rules';
import {
  START,
  answered,
  connected,
  declined,
  granted,
  grantedForGood,
  placed,
  recordOf,
  requestAccepted,
  requested,
  unanswered,
  withdrawn,
} from './support/facts';
import { anyLife, busyLife, delay, endOfLife, openLife } from './support/lives';

const RUNS = { numRuns: Number(process.env.RUNS ?? 1000) };
const { cautious } = PRESETS;
const nobody = emptyAccountState();

const remainsOf = (facts: Fact[], now: number, policy = cautious): ContactRecord =>
  remains(recordOf(...facts), now, policy);
const verdict = (record: ContactRecord, now: number, policy = cautious) =>
  decide(record, nobody, policy, now);

/** WhatsApp says that there is a permanent permission. */
const permanentAt = (at: number): ContactRecord =>
  recordOf(answered(at, { status: 'permanent', canRequest: false }));

describe('what remains of an erased person', () => {
  it('is nothing where nothing was known, or nothing holds any more', () => {
    deepEqual(remainsOf([], START), {});
    const talk: Fact[] = [
      grantedForGood(START),
      { type: 'user-wrote', at: START, id: 'wamid.hello' },
      { type: 'restored', at: START },
      answered(START),
    ];
    deepEqual(remainsOf(talk, START + MINUTE), {});
  });

  it('is an opt-out, for ever', () => {
    const kept = { choice: { at: START, optedOut: true } };
    const facts: Fact[] = [requested(START), { type: 'opted-out', at: START }];
    deepEqual(remainsOf(facts, START + 1000 * DAY), kept);
    deepEqual(remains(kept, START + 9000 * DAY, cautious), kept);
    equal(verdict(kept, START + 9000 * DAY).reason, 'opted-out');
  });

  it('is no opt-out that was taken back', () => {
    const facts: Fact[] = [
      { type: 'opted-out', at: START },
      { type: 'restored', at: START + DAY },
    ];
    deepEqual(remainsOf(facts, START + 2 * DAY), {});
  });

  it('is the times of the requests of seven days, without those that WhatsApp refused', () => {
    const facts: Fact[] = [
      requested(START, 'old'),
      requested(START + 6 * DAY, 'r1'),
      requestAccepted(START + 6 * DAY + 200, 'r1'),
      { type: 'request-delivered', at: START + 6 * DAY + 900, id: 'wamid.r1' },
      requested(START + 6 * DAY + HOUR, 'r2'),
      { type: 'request-released', at: START + 6 * DAY + HOUR, key: 'r2' },
    ];
    const at = START + 6 * DAY;
    const key = `kept-${at + 200}-0`;
    deepEqual(remainsOf(facts, START + WEEK).requests, [
      { key, id: key, at, acceptedAt: at + 200, deliveredAt: at + 900, lapseTold: true },
    ]);
  });

  it('is a request as long as our courtesy waits for its answer', () => {
    const patient = { ...cautious, askAgainAfterNoAnswer: 400 };
    equal(remainsOf([requested(START)], START + 399 * HOUR, patient).requests?.length, 1);
    deepEqual(remainsOf([requested(START)], START + 400 * HOUR, patient), {});
  });

  it('lifts no block by the end of a call that nobody told', () => {
    const facts: Fact[] = [
      { type: 'connecting', at: START, id: 'wacid.u1', direction: 'user' },
      { type: 'blocked', at: START + HOUR, reason: 'call-in-progress', until: START + WEEK },
    ];
    const kept = unite(remainsOf(facts, START + HOUR), permanentAt(START + 5 * HOUR));
    equal(verdict(kept, START + 5 * HOUR).reason, 'call-in-progress');
  });

  it('is no request that a connected call reset, and not the call either after a day', () => {
    const facts = [requested(START), ...connected(START + HOUR, 'c1', 'user')];
    deepEqual(remainsOf(facts, START + 2 * HOUR), {});
    const ours = [requested(START), ...connected(START + HOUR, 'c1')];
    deepEqual(remainsOf(ours, START + 2 * HOUR), {
      calls: [
        {
          key: `kept-${START + HOUR + MINUTE}-0`,
          direction: 'business',
          answeredAt: START + HOUR,
          endedAt: START + HOUR + MINUTE,
        },
      ],
    });
    deepEqual(remainsOf(ours, START + HOUR + DAY), {});
  });

  it('is the time of a "no" while our courtesy waits, and no other word on the permission', () => {
    const facts = [requested(START), requestAccepted(START), declined(START + DAY)];
    const at = START + DAY;
    const kept = remainsOf(facts, START + 8 * DAY - 1);
    deepEqual(kept.permission, [
      { at, is: 'refused', id: `kept-${at}`, request: `kept-${at}`, automatic: false },
    ]);
    equal(verdict(kept, START + 8 * DAY - 1).reason, 'declined');
    deepEqual(remainsOf(facts, START + 8 * DAY), {});
    deepEqual(remainsOf([granted(START)], START + DAY), {});
    deepEqual(remainsOf([granted(START), withdrawn(START + DAY)], START + DAY), {});
  });

  it('is a limit that WhatsApp told, until its next answer', () => {
    const full: Partial<PermissionAnswer> = {
      canRequest: false,
      requestsPer24h: { used: 1, allowed: 1, resetsAt: START + 9 * HOUR },
    };
    const kept = remainsOf([answered(START, full)], START + HOUR);
    deepEqual(kept, { blocks: { 'requests-per-24h': { at: START, until: START + 9 * HOUR } } });
    equal(verdict(kept, START + 9 * HOUR - 1).canRequest, false);
    equal(verdict(kept, START + 9 * HOUR).canRequest, true);
    const later = unite(kept, recordOf(answered(START + 2 * HOUR)));
    equal(verdict(later, START + 2 * HOUR).canRequest, true);
  });

  it('is a block that has not run out, and the longer of two', () => {
    const blocked: Fact = {
      type: 'blocked',
      at: START,
      reason: 'recipient-uncallable',
      until: START + DAY,
    };
    deepEqual(remainsOf([blocked], START + DAY - 1), {
      blocks: { 'recipient-uncallable': { at: START, until: START + DAY } },
    });
    deepEqual(remainsOf([blocked], START + DAY), {});
    const told = answered(START, {
      requestsPer7d: { used: 2, allowed: 2, resetsAt: START + 2 * DAY },
    });
    const again = { ...blocked, reason: 'requests-per-24h', at: START + HOUR } as const;
    deepEqual(remainsOf([told, again], START + 2 * HOUR).blocks, {
      'requests-per-24h': { at: START + HOUR, until: START + 2 * DAY },
    });
  });

  it('is no block that a connected call reset', () => {
    const blocked: Fact = {
      type: 'blocked',
      at: START,
      reason: 'requests-per-24h',
      until: START + DAY,
    };
    const called = connected(START + HOUR, 'c1', 'user');
    deepEqual(remainsOf([blocked, ...called], START + 2 * HOUR), {});
  });

  it('keeps the guard up: a permission that WhatsApp confirms is not callable before', () => {
    const facts = [
      grantedForGood(START),
      ...unanswered(START + HOUR, 'c1'),
      ...unanswered(START + 2 * HOUR, 'c2'),
      ...unanswered(START + 3 * HOUR, 'c3'),
    ];
    const end = START + 3 * HOUR + 45 * SECOND;
    const kept = remainsOf(facts, end + HOUR);
    const seen = unite(kept, permanentAt(end + HOUR));
    equal(verdict(seen, end + HOUR).reason, 'unanswered-streak');
    equal(verdict(seen, end + HOUR).unanswered, 3);
    equal(verdict(seen, end + 72 * HOUR - 1).canCall, false);
    equal(verdict(seen, end + 72 * HOUR).canCall, true);
    deepEqual(remainsOf(facts, end + WEEK), {});
  });

  it('keeps a call that goes on: nobody is called twice at once', () => {
    const kept = remainsOf([grantedForGood(START), placed(START + HOUR)], START + HOUR);
    const seen = unite(kept, permanentAt(START + HOUR));
    equal(verdict(seen, START + HOUR).reason, 'call-in-progress');
    equal(verdict(seen, START + HOUR + 5 * MINUTE).canCall, true);
  });

  it('keeps a request of which it is unknown whether it was sent in doubt as long as that was', () => {
    const [now, asked] = [START + MINUTE, START + 2 * MINUTE];
    const answer = recordOf(
      answered(asked, { requestsPer7d: { used: 0, allowed: 2, resetsAt: null } }),
    );
    const requests = [requested(START, 'r1'), requested(START, 'r2')];
    for (const record of [recordOf(...requests), remainsOf(requests, now)]) {
      const known = unite(record, answer);
      equal(verdict(known, START + WEEK).canRequest, false);
      equal(verdict(known, asked + WEEK).canRequest, true);
    }
  });

  it('keeps two events of one moment apart', () => {
    const facts = [requested(START, 'r1'), requested(START, 'r2')];
    const kept = remainsOf(facts, START + HOUR);
    equal(kept.requests?.length, 2);
    deepEqual(unite(kept, kept), kept);
  });
});

describe('what remains, for any life of a contact', () => {
  const policy = fc.constantFrom<Policy>(cautious, PRESETS.meta, PRESETS['meta-test-number'], {
    ...cautious,
    askAgainAfterNoAnswer: 400,
    askAgainAfterDecline: 30,
    pauseAfterReconsider: 300,
  });
  const life = fc.oneof(anyLife, openLife, busyLife);
  const waits = fc.array(delay, { minLength: 1, maxLength: 4 });
  const lived = fc
    .record({ facts: life, policy, waits, forgottenAfter: delay, isTidy: fc.boolean() })
    .map(({ facts, forgottenAfter, isTidy, ...rest }) => {
      const now = endOfLife(facts) + forgottenAfter;
      const record = recordOf(...facts);
      return { ...rest, facts, now, full: isTidy ? tidy(record, now) : record };
    });

  /** The moments after each of the waits, one after the other. */
  const momentsAfter = (now: number, list: number[]): number[] =>
    list.map((_, index) => list.slice(0, index + 1).reduce((sum, wait) => sum + wait, now));

  it('holds no id, no memo, nothing that was said, and is a record', () => {
    fc.assert(
      fc.property(lived, ({ full, now, policy: limits }) => {
        const kept = remains(full, now, limits);
        doesNotMatch(JSON.stringify(kept), /wamid|wacid|e\d|memo|free-form|template/);
        const fields = ['choice', 'requests', 'calls', 'permission', 'blocks'];
        ok(Object.keys(kept).every((field) => fields.includes(field)));
        ok(isContactRecord(JSON.parse(JSON.stringify(kept))));
        deepEqual(JSON.parse(JSON.stringify(kept)), kept);
      }),
      RUNS,
    );
  });

  it('never lets a call through, nor is trusted without asking WhatsApp', () => {
    fc.assert(
      fc.property(lived, ({ full, now, waits: list, policy: limits }) => {
        const kept = remains(full, now, limits);
        for (const time of [now, ...momentsAfter(now, list)]) {
          equal(verdict(kept, time, limits).canCall, false);
          equal(isKnown(kept, limits, time), false);
        }
      }),
      RUNS,
    );
  });

  /** Where WhatsApp says "no request" for no known reason neither record is trusted: it is asked anew. */
  const explained = (record: ContactRecord): ContactRecord =>
    record.answer ? { ...record, answer: { ...record.answer, canRequest: true } } : record;

  it('never allows a request before all that was known would', () => {
    fc.assert(
      fc.property(lived, ({ full: raw, now, waits: list, policy: limits }) => {
        const full = explained(raw);
        const kept = remains(full, now, limits);
        for (const time of [now, ...momentsAfter(now, list)]) {
          const [before, after] = [verdict(full, time, limits), verdict(kept, time, limits)];
          if (before.kind !== 'permanent') ok(before.canRequest || !after.canRequest);
          equal(after.reason === 'opted-out', before.reason === 'opted-out');
        }
      }),
      RUNS,
    );
  });

  it('lets a call through after WhatsApp said "permanent" only where all that was known would', () => {
    fc.assert(
      fc.property(
        lived,
        fc.constantFrom(SECOND, MINUTE, HOUR, DAY),
        fc.option(fc.nat({ max: 100 })),
        ({ full, now, waits: list, policy: limits }, lookedUpAfter, used) => {
          const at = now + lookedUpAfter;
          const usage = used === null ? null : { used, allowed: 100, resetsAt: null };
          const answer = recordOf(
            answered(at, { status: 'permanent', connectedCallsPer24h: usage }),
          );
          const known = unite(full, answer);
          const kept = unite(remains(full, now, limits), answer);
          for (const time of [at, ...momentsAfter(at, list)]) {
            const [before, after] = [verdict(known, time, limits), verdict(kept, time, limits)];
            ok(before.canCall || !after.canCall);
          }
        },
      ),
      RUNS,
    );
  });

  it('is as strict on requests after WhatsApp said "none"', () => {
    fc.assert(
      fc.property(
        lived,
        fc.constantFrom(SECOND, HOUR, DAY),
        fc.option(fc.nat({ max: 2 })),
        ({ full, now, waits: list, policy: limits }, lookedUpAfter, used) => {
          const at = now + lookedUpAfter;
          const usage = used === null ? null : { used, allowed: 2, resetsAt: null };
          const answer = recordOf(answered(at, { requestsPer7d: usage }));
          const known = unite(full, answer);
          const kept = unite(remains(full, now, limits), answer);
          for (const time of [at, ...momentsAfter(at, list)]) {
            const [before, after] = [verdict(known, time, limits), verdict(kept, time, limits)];
            ok(before.canRequest || !after.canRequest);
          }
        },
      ),
      RUNS,
    );
  });

  it('remains the same when it is erased again, and shrinks to nothing but the opt-out', () => {
    fc.assert(
      fc.property(lived, ({ full, now, policy: limits }) => {
        const kept = remains(full, now, limits);
        deepEqual(sorted(remains(kept, now, limits)), sorted(kept));
        deepEqual(
          remains(kept, now + 60 * DAY, limits),
          full.choice?.optedOut ? { choice: full.choice } : {},
        );
      }),
      RUNS,
    );
  });
});

/** The order of entries does not matter. */
const sorted = (record: ContactRecord): ContactRecord => ({
  ...record,
  ...(record.calls && { calls: record.calls.toSorted((a, b) => (a.key! < b.key! ? -1 : 1)) }),
});
