import { deepEqual, equal } from 'node:assert/strict';
import {
  DAY,
  HOUR,
  MINUTE,
  PRESETS,
  SECOND,
  WEEK,
  dueAt,
  duesOf,
  remains,
  type Fact,
} from '../../src/rules';
import {
  START,
  answered,
  callAccepted,
  callStep,
  connected,
  declined,
  ended,
  granted,
  grantedForGood,
  hungUp,
  placed,
  recordOf,
  requestAccepted,
  requested,
  unanswered,
  withdrawn,
} from './support/facts';

const { cautious, meta } = PRESETS;

/** What becomes due, as `<type> <time after the start>`. */
const dues = (facts: Fact[], policy = cautious): [string, number][] =>
  duesOf(recordOf(...facts), policy).map(({ type, at }) => [type, at - START]);

const wish = (at: number, due: number, memo?: string): Fact => ({
  type: 'reminder-wanted',
  at,
  due,
  ...(memo !== undefined && { memo }),
});
const reminded = (at: number, wantedAt: number): Fact => ({ type: 'reminded', at, wantedAt });

describe('what becomes due for a contact', () => {
  it('is nothing where nothing is known, or WhatsApp tells it all', () => {
    deepEqual(dues([]), []);
    deepEqual(dues([grantedForGood(START), ...connected(START, 'c1')]), []);
    deepEqual(dues(unanswered(START, 'c1')), []);
    equal(dueAt(recordOf(), cautious), null);
  });

  it('comes the earliest first', () => {
    const facts = [granted(START), placed(START), wish(START, START + HOUR)];
    deepEqual(dues(facts), [
      ['call-ended', 5 * MINUTE],
      ['try-again', HOUR],
      ['permission-expired', WEEK],
    ]);
    equal(dueAt(recordOf(...facts), cautious), START + 5 * MINUTE);
  });

  describe('a temporary permission runs out', () => {
    it('at the time that WhatsApp gave, or after 168 hours where it gave none', () => {
      deepEqual(dues([granted(START, START + DAY)]), [['permission-expired', DAY]]);
      deepEqual(dues([granted(START, null)]), [['permission-expired', 168 * HOUR]]);
    });

    it('later, or never, where WhatsApp says so when it is asked once more', () => {
      const facts = [granted(START, START + DAY)];
      const longer = answered(START + DAY, { status: 'temporary', expiresAt: START + 3 * DAY });
      deepEqual(dues([...facts, longer]), [['permission-expired', 3 * DAY]]);
      deepEqual(dues([...facts, answered(START + DAY, { status: 'permanent' })]), []);
    });

    it('as known, where WhatsApp then says that there is none', () => {
      deepEqual(dues([granted(START, START + DAY), answered(START + DAY)]), [
        ['permission-expired', DAY],
      ]);
    });

    it('not once it was revoked', () => {
      deepEqual(dues([granted(START), withdrawn(START + HOUR)]), []);
    });

    it('once: what was told is told no more, and the next permission is', () => {
      const told: Fact = { type: 'expiry-told', at: START + DAY, until: START + DAY };
      const facts = [granted(START, START + DAY), told];
      deepEqual(dues(facts), []);
      const again = granted(START + 2 * DAY, START + 3 * DAY);
      deepEqual(dues([...facts, again]), [['permission-expired', 3 * DAY]]);
    });
  });

  describe('a request lapses', () => {
    const sent = [requested(START), requestAccepted(START)];

    it('seven days after it reached the phone, or was sent where that is unknown', () => {
      const delivered: Fact = { type: 'request-delivered', at: START + HOUR, id: 'wamid.r1' };
      deepEqual(dues(sent), [['request-lapsed', WEEK]]);
      deepEqual(dues([...sent, delivered]), [['request-lapsed', WEEK + HOUR]]);
      deepEqual(dues(sent, { ...cautious, requestLapsesAfter: 200 }), [
        ['request-lapsed', 200 * HOUR],
      ]);
    });

    it('not where it was answered, refused by WhatsApp or not delivered', () => {
      deepEqual(dues([...sent, declined(START + HOUR)]), []);
      deepEqual(dues([...sent, grantedForGood(START + HOUR)]), []);
      deepEqual(dues([requested(START), { type: 'request-released', at: START, key: 'r1' }]), []);
      deepEqual(dues([...sent, { type: 'request-failed', at: START, id: 'wamid.r1' }]), []);
    });

    it('not where WhatsApp tells of the answer only when it is asked', () => {
      deepEqual(dues([...sent, answered(START + DAY, { status: 'permanent' })]), []);
    });

    it('only the newest of several: it has replaced the others', () => {
      const facts = [...sent, requested(START + 3 * DAY, 'r2')];
      deepEqual(dues(facts), [['request-lapsed', 3 * DAY + WEEK]]);
    });

    it('once', () => {
      deepEqual(dues([...sent, { type: 'lapse-told', at: START + WEEK, key: 'r1' }]), []);
    });
  });

  describe('a call is over without a word of WhatsApp', () => {
    it('five minutes after the last that was heard of it', () => {
      deepEqual(dues([placed(START)]), [['call-ended', 5 * MINUTE]]);
      deepEqual(dues([placed(START), callStep('ringing', START + MINUTE)]), [
        ['call-ended', 6 * MINUTE],
      ]);
    });

    it('four hours after it was answered', () => {
      deepEqual(dues([placed(START), callStep('answered', START + SECOND)]), [
        ['call-ended', 4 * HOUR + SECOND],
      ]);
    });

    it('five minutes after we hung up, or wanted to and found it over', () => {
      const facts = [placed(START), callAccepted(START), callStep('answered', START + SECOND)];
      const foundOver = { ...hungUp(START + MINUTE), already: true } as Fact;
      for (const end of [hungUp(START + MINUTE), foundOver])
        deepEqual(dues([...facts, end]), [['call-ended', 6 * MINUTE]]);
    });

    it('not where WhatsApp refused it', () => {
      deepEqual(dues([placed(START), { type: 'call-released', at: START, key: 'c1' }]), []);
    });

    it('once, and a late end of WhatsApp only corrects what is known', () => {
      const told: Fact = { type: 'call-end-told', at: START + 5 * MINUTE, key: 'c1' };
      const late = ended(START + HOUR, 'c1', { startedAt: START });
      deepEqual(dues([placed(START), told]), []);
      deepEqual(dues([placed(START), told, callStep('answered', START)]), []);
      deepEqual(dues([placed(START), told, late]), []);
      equal(recordOf(placed(START), told, late).calls?.[0]?.answeredAt, START);
    });
  });

  describe('a reminder', () => {
    it('is due when the flow wanted it, and a newer wish replaces an older one', () => {
      const facts = [wish(START, START + DAY, 'old'), wish(START + HOUR, START + 2 * HOUR, 'new')];
      for (const told of [facts, facts.toReversed()]) {
        const record = recordOf(...told);
        deepEqual(record.reminder, { at: START + HOUR, due: START + 2 * HOUR, memo: 'new' });
        deepEqual(dues(told), [['try-again', 2 * HOUR]]);
      }
    });

    it('comes once, and what was wanted afterwards comes too', () => {
      const facts = [wish(START, START + HOUR, 'first'), reminded(START + HOUR, START)];
      deepEqual(dues(facts), []);
      equal(recordOf(...facts).reminder, undefined);
      deepEqual(dues([...facts, wish(START + HOUR, START + DAY)]), [['try-again', DAY]]);
    });
  });

  it('is nothing for an erased person', () => {
    const facts: Fact[] = [
      granted(START),
      requested(START + HOUR),
      placed(START + HOUR),
      wish(START, START + DAY, 'secret plan'),
    ];
    const kept = remains(recordOf(...facts), START + HOUR, meta);
    deepEqual(duesOf(kept, meta), []);
    equal(JSON.stringify(kept).includes('secret plan'), false);
  });
});
