import { equal } from 'node:assert/strict';
import { keptUntil, type ContactRecord } from '../../src/rules';

const T = Date.UTC(2026, 8, 1);
const YEAR = 365 * 24 * 3_600_000;

describe('A record is kept', () => {
  const granted = { at: T, is: 'granted', id: 'a', expiresAt: null, request: null } as const;

  const forEver: Record<string, ContactRecord> = {
    'with an opt-out': { choice: { at: T, optedOut: true } },
    'with an opt-out that was taken back': { choice: { at: T, optedOut: false } },
    'with a permanent permission': { permission: [{ ...granted, kind: 'permanent' }] },
    'with a permanent permission that WhatsApp told of': {
      permission: [{ at: T, is: 'found', status: 'permanent', expiresAt: null }],
    },
  };
  for (const [what, record] of Object.entries(forEver)) {
    it(`for ever ${what}`, () => equal(keptUntil(record), null));
  }

  it('otherwise for a year after the latest time in it, whether past or to come', () => {
    equal(keptUntil({ wroteAt: T }), T + YEAR);
    const permission: ContactRecord['permission'] = [
      { ...granted, kind: 'temporary', expiresAt: T + 1000 },
    ];
    equal(keptUntil({ wroteAt: T, permission }), T + 1000 + YEAR);
    equal(keptUntil({ blocks: { 'requests-per-24h': { at: T, until: T + 5 } } }), T + 5 + YEAR);
  });

  it('whatever numbers a flow put into its memo', () => {
    equal(keptUntil({ memo: { at: T, value: 9e15 }, wroteAt: T }), T + YEAR);
    equal(keptUntil({ calls: [{ placedAt: T, memo: { until: 9e15 } }] }), T + YEAR);
  });
});
