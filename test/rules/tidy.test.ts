import { deepEqual, equal, ok } from 'node:assert/strict';
import {
  DAY,
  HOUR,
  MINUTE,
  PRESETS,
  apply,
  decide,
  emptyAccountState,
  emptyRecord,
  isKnown,
  tidy,
  type ContactRecord,
  type Fact,
} from '../../src/rules';
import {
  START,
  answered,
  connected,
  declined,
  granted,
  grantedForGood,
  recordOf,
  requestAccepted,
  requested,
  unanswered,
} from './support/facts';

const decided = (record: ContactRecord, now: number) =>
  decide(record, emptyAccountState(), PRESETS.cautious, now);
const size = (record: ContactRecord) => JSON.stringify(record).length;

describe('tidying', () => {
  it('of a contact that nothing remembers leaves an empty record', () => {
    const block: Fact = { type: 'blocked', at: START, reason: 'rate-limited', until: START + 1 };
    deepEqual(tidy(recordOf(block), START + 1), {});
    equal(tidy(recordOf(block), START).blocks === undefined, false);
  });

  it('keeps a record of 1,000 facts small, and its decisions', () => {
    const facts: Fact[] = Array.from({ length: 100 }, (_, week): Fact[] => {
      const at = START + week * 7 * DAY;
      const key = `r${week}`;
      return [
        answered(at),
        requested(at, key),
        requestAccepted(at, key),
        granted(at + HOUR, at + HOUR + 7 * DAY, `wamid.${key}`),
        ...unanswered(at + 2 * HOUR, `u${week}`),
        ...connected(at + 3 * HOUR, `c${week}`),
        { type: 'user-wrote', at: at + 4 * HOUR, id: `wamid.w${week}` },
      ];
    }).flat();
    ok(facts.length >= 1000);
    const whole = recordOf(...facts);
    const now = START + 99 * 7 * DAY + 5 * HOUR;
    const tidied = facts.reduce(
      (record, fact) => tidy(apply(record, fact), fact.at),
      emptyRecord(),
    );
    ok(size(tidied) < 4096, `${size(tidied)} bytes`);
    deepEqual(decided(tidied, now), decided(whole, now));
    ok(size(tidy(whole, now)) < 4096);
  });

  it('keeps look-ups for a year small', () => {
    const facts = Array.from({ length: 8760 }, (_, hour) =>
      answered(START + hour * HOUR, { status: hour % 2 === 0 ? 'permanent' : 'none' }),
    );
    const tidied = facts.reduce(
      (record, fact) => tidy(apply(record, fact), fact.at),
      emptyRecord(),
    );
    ok(size(tidied) < 4096, `${size(tidied)} bytes`);
  });

  it('keeps a thousand declines and messages small', () => {
    const facts = Array.from({ length: 1000 }, (_, day): Fact[] => [
      declined(START + day * DAY),
      { type: 'user-wrote', at: START + day * MINUTE, id: `wamid.${day}` },
    ]).flat();
    ok(size(tidy(recordOf(...facts), START + 1000 * DAY)) < 4096);
    const tidied = tidy(recordOf(...facts), START);
    equal(tidied.heard?.length, 20);
  });

  it('keeps old unanswered calls small, and the last of them in mind', () => {
    const calls = Array.from({ length: 1000 }, (_, n) => unanswered(START + n * DAY, `c${n}`));
    const tidied = tidy(recordOf(grantedForGood(START - 1), ...calls.flat()), START + 2000 * DAY);
    ok(size(tidied) < 8192, `${size(tidied)} bytes`);
    equal(decided(tidied, START + 2000 * DAY).reason, 'revoked-after-unanswered');
  });

  it('keeps a call recognisable for 8 days, and afterwards the time it was connected', () => {
    const record = recordOf(requested(START - 1), ...connected(START, 'c1'));
    const end = START + MINUTE;
    equal(tidy(record, end + 8 * DAY - 1).calls?.length, 1);
    const later = tidy(record, end + 8 * DAY);
    equal(later.calls, undefined);
    equal(later.connectedAt, START);
  });

  it('keeps a user message recognisable for 8 days', () => {
    const record = recordOf({ type: 'user-wrote', at: START, id: 'wamid.w1' });
    equal(tidy(record, START + 8 * DAY - 1).heard?.length, 1);
    equal(tidy(record, START + 8 * DAY).heard, undefined);
  });

  it('keeps what was told of a request before WhatsApp confirmed it', () => {
    const delivered: Fact = { type: 'request-delivered', at: START + 1, id: 'wamid.r1' };
    const early = tidy(recordOf(requested(START), delivered), START + 1);
    equal(apply(early, requestAccepted(START + 2)).requests?.[0]?.deliveredAt, START + 1);
  });

  it('keeps the request before one that may yet be released', () => {
    const old = [requested(START, 'r1'), requestAccepted(START, 'r1')];
    const now = START + 30 * DAY;
    const reserved = tidy(recordOf(...old, requested(now, 'r2')), now);
    const released = apply(reserved, { type: 'request-released', at: now, key: 'r2' });
    equal(decided(released, now).reason, 'expired');
  });

  it('keeps the requests that explain why WhatsApp allowed no other', () => {
    const facts = [
      requested(START, 'r1'),
      requested(START + 2 * DAY, 'r2'),
      answered(START + 4 * DAY, { canRequest: false }),
    ];
    const now = START + 16 * DAY;
    equal(decided(tidy(recordOf(...facts), now), now).state, 'needs-request');
    equal(tidy(recordOf(...facts.slice(0, 2)), now).requests?.length, 2, 'the newest two stay');
    const third = [...facts.slice(0, 2), requested(START + 2 * DAY + 1, 'r3'), facts[2]!];
    equal(tidy(recordOf(...third), now + 30 * DAY).requests?.length, 3);
  });

  it('keeps in mind that the permission is in doubt when the user called since', () => {
    const calls = [1, 2, 3, 4].flatMap((n) => unanswered(START + n * HOUR, `c${n}`));
    const record = recordOf(
      grantedForGood(START),
      ...calls,
      ...connected(START + DAY, 'u1', 'user'),
    );
    const now = START + 60 * DAY;
    equal(decided(tidy(record, now), now).reason, 'revoked-after-unanswered');
  });

  it('keeps the history of the permission from the latest grant on', () => {
    const record = recordOf(
      granted(START - 1),
      declined(START),
      granted(START + HOUR),
      declined(START + 2 * HOUR),
    );
    deepEqual(
      tidy(record, START + DAY).permission?.map(({ is }) => is),
      ['granted', 'refused'],
    );
  });

  it('keeps in mind that two different grants lay in one second', () => {
    const record = recordOf(
      answered(START),
      granted(START + MINUTE),
      grantedForGood(START + MINUTE + 1),
    );
    const now = START + 2 * MINUTE;
    equal(isKnown(record, PRESETS.cautious, now), false);
    equal(isKnown(tidy(record, now), PRESETS.cautious, now), false);
  });

  it('of answers that say the same keeps the first and the last', () => {
    const answers = ['none', 'unknown', 'none', 'none'] as const;
    const facts = answers.map((status, n) => answered(START + n, { status }));
    const kept = tidy(recordOf(granted(START - 1), ...facts), START + 9).permission;
    deepEqual(
      kept?.map(({ at }) => at - START),
      [-1, 0, 3],
    );
  });
});
