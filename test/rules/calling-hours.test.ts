import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  isInside,
  nextOpening,
  readCallingHours,
  type CallingHours,
} from '../../src/rules/calling-hours';

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'];

function hours(value: object): CallingHours {
  const read = readCallingHours(value);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

const at = (iso: string): number => Date.parse(iso);
const iso = (time: number): string => new Date(time).toISOString();

describe('calling hours', () => {
  const office = hours({
    timeZone: 'America/Bogota',
    ranges: [
      { days: WEEKDAYS, from: '08:00', to: '12:00' },
      { days: WEEKDAYS, from: '14:00', to: '18:00' },
    ],
    holidays: ['2026-12-25'],
  });

  it('begin at "from" and end just before "to", in local time', () => {
    assert.equal(isInside(office, at('2026-11-24T12:59:59.999Z')), false);
    assert.equal(isInside(office, at('2026-11-24T13:00:00Z')), true);
    assert.equal(isInside(office, at('2026-11-24T16:59:59.999Z')), true);
    assert.equal(isInside(office, at('2026-11-24T17:00:00Z')), false);
  });

  it('have several ranges a day', () => {
    assert.equal(iso(nextOpening(office, at('2026-11-24T17:30:00Z'))), '2026-11-24T19:00:00.000Z');
  });

  it('go on after the weekend', () => {
    assert.equal(iso(nextOpening(office, at('2026-11-27T23:00:00Z'))), '2026-11-30T13:00:00.000Z');
  });

  it('leave out holidays', () => {
    assert.equal(iso(nextOpening(office, at('2026-12-24T23:30:00Z'))), '2026-12-28T13:00:00.000Z');
  });

  it('open for good never where every day is a holiday or no day is named', () => {
    const never = { ...office, ranges: [] };
    assert.equal(nextOpening(never, at('2026-11-24T12:00:00Z')), Infinity);
  });

  describe('when the clocks change', () => {
    const sunday = (from: string, to: string): CallingHours =>
      hours({ timeZone: 'Europe/Madrid', ranges: [{ days: ['sun'], from, to }] });

    it('open when the clock has jumped over their beginning', () => {
      // 29 March 2026: 02:00 becomes 03:00 at 01:00 UTC.
      const opening = nextOpening(sunday('02:30', '05:00'), at('2026-03-28T12:00:00Z'));
      assert.equal(iso(opening), '2026-03-29T01:00:00.000Z');
    });

    it('open twice when their beginning comes twice', () => {
      // 25 October 2026: 03:00 becomes 02:00 at 01:00 UTC.
      const short = sunday('02:10', '02:20');
      const first = nextOpening(short, at('2026-10-24T12:00:00Z'));
      assert.equal(iso(first), '2026-10-25T00:10:00.000Z');
      assert.equal(iso(nextOpening(short, first + 15 * 60_000)), '2026-10-25T01:10:00.000Z');
    });

    it('open on the very day that has just begun', () => {
      // 8 March 2026: 02:00 becomes 03:00 in New York; the Monday after it begins at 04:00 UTC.
      const monday = hours({
        timeZone: 'America/New_York',
        ranges: [{ days: ['mon', 'tue'], from: '09:00', to: '12:30' }],
      });
      assert.equal(
        iso(nextOpening(monday, at('2026-03-09T04:00:00Z'))),
        '2026-03-09T13:00:00.000Z',
      );
    });

    it('open at their own beginning, not at the change', () => {
      const opening = nextOpening(sunday('01:00', '05:00'), at('2026-03-28T12:00:00Z'));
      assert.equal(iso(opening), '2026-03-29T00:00:00.000Z');
    });
  });

  it('open at the first moment that is inside, in any zone and at any time', () => {
    const zones = ['Europe/Madrid', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
    const minute = fc.integer({ min: 0, max: 24 * 4 - 2 }).map((quarter) => quarter * 15);
    const range = fc
      .record({ days: fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }), from: minute })
      .map(({ days, from }) => ({ days, from, to: from + 30 }));
    const time = fc.integer({ min: at('2026-01-01'), max: at('2027-12-31') });
    fc.assert(
      fc.property(fc.constantFrom(...zones), range, time, (timeZone, one, now) => {
        const any = { timeZone, ranges: [one], holidays: [] };
        fc.pre(!isInside(any, now));
        const opening = nextOpening(any, now);
        assert.ok(opening > now);
        assert.ok(isInside(any, opening));
        const quarter = 15 * 60_000;
        // From the last quarter before `now`, all that are outside, up to the opening.
        const start = Math.ceil((now + 1) / quarter) * quarter;
        for (let step = start; step < opening; step += quarter) {
          assert.equal(
            isInside(any, step),
            false,
            `${iso(step)} is inside, before ${iso(opening)}`,
          );
        }
      }),
      { numRuns: 200 },
    );
  });

  it('say what is wrong with them', () => {
    const range = { days: ['mon'], from: '08:00', to: '18:00' };
    const zone = 'America/Bogota';
    for (const wrong of [
      null,
      [],
      { ranges: [range] },
      { timeZone: 'Mars/Olympus', ranges: [range] },
      { timeZone: zone, ranges: [] },
      { timeZone: zone, ranges: [{ ...range, days: ['someday'] }] },
      { timeZone: zone, ranges: [{ ...range, from: '25:00' }] },
      { timeZone: zone, ranges: [{ ...range, from: '18:00', to: '08:00' }] },
      { timeZone: zone, ranges: [range], holidays: ['Christmas'] },
      { timeZone: zone, ranges: [range], weekends: true },
    ]) {
      assert.equal(typeof readCallingHours(wrong), 'string', JSON.stringify(wrong));
    }
  });
});
