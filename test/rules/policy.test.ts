import { deepEqual, equal, throws } from 'node:assert/strict';
import { PRESETS, PolicyError, policyFrom, type PolicyNumbers } from '../../src/rules';

/** DESIGN §1: one line a rule; hours where it is a length of time. */
const TABLE: [rule: keyof PolicyNumbers, cautious: number, meta: number, testNumber: number][] = [
  ['permissionLasts', 168, 168, 168],
  ['requestsPer24h', 1, 1, 25],
  ['requestsPer7d', 2, 2, 100],
  ['connectedCallsPer24h', 10, 100, 100],
  ['initiationsPer24h', 10_000, 10_000, 10_000],
  ['concurrentCalls', 1000, 1000, 1000],
  ['reconsiderAfter', 2, 2, 5],
  ['revokeAfter', 4, 4, 10],
  ['requestLapsesAfter', 168, 168, 168],
  ['askAgainAfterNoAnswer', 72, 0, 0],
  ['askAgainAfterDecline', 168, 0, 0],
  ['pauseAfterReconsider', 24, 24, 24],
  ['pauseBeforeRevocation', 72, 72, 72],
  ['trustRecordsFor', 1, 24, 24],
];

const isPolicyError = (message: RegExp) => (error: unknown) =>
  error instanceof PolicyError && error.code === 'invalid-policy' && message.test(error.message);

describe('policy', () => {
  for (const [rule, cautious, meta, testNumber] of TABLE) {
    it(`${rule}: ${cautious} cautious, ${meta} meta, ${testNumber} meta-test-number`, () => {
      equal(policyFrom('cautious')[rule], cautious);
      equal(policyFrom('meta')[rule], meta);
      equal(policyFrom('meta-test-number')[rule], testNumber);
    });
  }

  it('has a line for every number of every preset, and a source and a date', () => {
    for (const { name, source, date, callingHours, ...numbers } of Object.values(PRESETS)) {
      deepEqual(Object.keys(numbers).toSorted(), TABLE.map(([rule]) => rule).toSorted(), name);
      equal(source === '', false);
      equal(callingHours, null);
      equal(Number.isNaN(Date.parse(date)), false);
    }
    deepEqual(
      [PRESETS.cautious.date, PRESETS.meta.date, PRESETS['meta-test-number'].date],
      ['2026-02-20', '2026-06-26', '2026-06-26'],
    );
  });

  it('lets single numbers be changed and leaves the preset as it was', () => {
    const policy = policyFrom('cautious', { connectedCallsPer24h: 5, trustRecordsFor: 0.5 });
    equal(policy.connectedCallsPer24h, 5);
    equal(policy.trustRecordsFor, 0.5);
    equal(policy.requestsPer7d, 2);
    equal(PRESETS.cautious.connectedCallsPer24h, 10);
  });

  it('custom starts from cautious', () => {
    deepEqual(policyFrom('custom'), { ...PRESETS.cautious, name: 'custom' });
  });

  it('our own courtesy, guard and trust may be any number', () => {
    const ours = {
      askAgainAfterNoAnswer: 0,
      askAgainAfterDecline: 0,
      pauseAfterReconsider: 0,
      pauseBeforeRevocation: 0,
      trustRecordsFor: 0,
    };
    deepEqual(policyFrom('cautious', ours), { ...PRESETS.cautious, ...ours });
  });

  describe('calling hours', () => {
    const WRITTEN = {
      timeZone: 'America/Bogota',
      ranges: [{ days: ['mon', 'fri'], from: '08:00', to: '18:30' }],
    };

    it('are read beside changed numbers, and go again with null', () => {
      const policy = policyFrom('meta', { callingHours: WRITTEN, connectedCallsPer24h: 5 });
      deepEqual(policy.callingHours, {
        timeZone: 'America/Bogota',
        ranges: [{ days: [1, 5], from: 480, to: 1110 }],
        holidays: [],
      });
      equal(policy.connectedCallsPer24h, 5);
      equal(policyFrom('meta', { callingHours: null }).callingHours, null);
    });

    it('that cannot be read are refused with what is wrong', () => {
      for (const callingHours of ['08:00-18:00', 5, [], { ...WRITTEN, timeZone: 'Nowhere' }])
        throws(() => policyFrom('meta', { callingHours }), isPolicyError(/[Cc]alling hours/));
    });
  });

  describe('refuses', () => {
    it('an unknown name', () => {
      for (const name of ['lax', '', 'toString', '__proto__'])
        throws(() => policyFrom(name), isPolicyError(/no policy/));
    });

    it('an unknown key', () => {
      const unknown = ['callsPerDay', 'name', 'source', 'toString'];
      for (const key of unknown)
        throws(() => policyFrom('meta', { [key]: 1 }), isPolicyError(/no limit/));
      throws(() => policyFrom('meta', JSON.parse('{"__proto__": 1}')), isPolicyError(/no limit/));
    });

    it('anything but a number, zero or more', () => {
      for (const value of ['5', null, Number.NaN, Infinity, -1, true, []])
        throws(() => policyFrom('meta', { requestsPer24h: value }), isPolicyError(/number/));
    });

    it('anything but an object of limits', () => {
      for (const overrides of [null, [], 'x', 5])
        throws(() => policyFrom('meta', overrides), isPolicyError(/JSON object/));
    });

    it('half a call: a count is a whole number', () => {
      const counts = ['requestsPer24h', 'requestsPer7d', 'connectedCallsPer24h'] as const;
      const ofTheNumber = ['initiationsPer24h', 'concurrentCalls'] as const;
      for (const key of [...counts, ...ofTheNumber, 'reconsiderAfter', 'revokeAfter'])
        throws(() => policyFrom('meta', { [key]: 0.5 }), isPolicyError(/whole number/));
    });

    it("a number laxer than WhatsApp's own", () => {
      const own: [keyof PolicyNumbers, number][] = [
        ['permissionLasts', 168],
        ['requestsPer24h', 1],
        ['requestsPer7d', 2],
        ['connectedCallsPer24h', 100],
        ['initiationsPer24h', 10_000],
        ['concurrentCalls', 1000],
        ['reconsiderAfter', 2],
        ['revokeAfter', 4],
      ];
      for (const [key, number] of own) {
        for (const name of ['cautious', 'meta', 'custom']) {
          equal(policyFrom(name, { [key]: number })[key], number);
          throws(() => policyFrom(name, { [key]: number + 1 }), isPolicyError(/at most/));
        }
      }
      equal(policyFrom('meta', { requestLapsesAfter: 169 }).requestLapsesAfter, 169);
      throws(() => policyFrom('meta', { requestLapsesAfter: 167 }), isPolicyError(/at least/));
    });

    it("a number laxer than WhatsApp's own for test numbers", () => {
      equal(policyFrom('meta-test-number', { requestsPer24h: 25 }).requestsPer24h, 25);
      throws(() => policyFrom('meta-test-number', { requestsPer24h: 26 }), isPolicyError(/25/));
      throws(() => policyFrom('meta-test-number', { revokeAfter: 11 }), isPolicyError(/10/));
    });
  });
});
