import { deepEqual, equal } from 'node:assert/strict';
import { DAY, HOUR, PRESETS, isKnown, type Fact, type Verdict } from '../../src/rules';
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
  revokedByWhatsApp,
  unanswered,
  verdictOf,
  withdrawn,
} from './support/facts';

const stateAndReason = ({ state, reason }: Verdict) => [state, reason];
const standing = (facts: Fact[], now: number) => stateAndReason(verdictOf(facts, now));
/** Told by WhatsApp in whole seconds; we heard of it `lag` milliseconds after that second began. */
const heard = (fact: Fact, lag: number): Fact => ({ ...fact, heard: fact.at + lag });

describe('permission', () => {
  describe('expiry', () => {
    it('is the time that WhatsApp gave, used as it is', () => {
      const long = [granted(START, START + 16 * DAY)];
      equal(verdictOf(long, START + 16 * DAY - 1).state, 'callable');
      equal(verdictOf(long, START + 16 * DAY).state, 'needs-request');
      equal(verdictOf([granted(START, START + HOUR)], START + HOUR).state, 'needs-request');
    });

    it('is 168 h only where WhatsApp gave none', () => {
      for (const grant of [granted(START, null), answered(START, { status: 'temporary' })]) {
        equal(verdictOf([grant], START + 168 * HOUR - 1).state, 'callable');
        equal(verdictOf([grant], START + 168 * HOUR).state, 'needs-request');
      }
    });

    it('is not put off by an answer that gives none', () => {
      const again = answered(START + 2 * DAY, { status: 'temporary' });
      equal(verdictOf([granted(START), again], START + 2 * DAY).expiresAt, START + 168 * HOUR);
      equal(verdictOf([granted(START), again], START + 168 * HOUR).canCall, false);
    });

    it('makes room for a new permission', () => {
      const facts = [granted(START), granted(START + 8 * DAY)];
      equal(verdictOf(facts, START + 8 * DAY).expiresAt, START + 15 * DAY);
    });
  });

  describe("who is right: the newer of WhatsApp's answer and our last fact", () => {
    it('a lost grant heals', () => {
      const facts = [answered(START, { status: 'temporary', expiresAt: START + DAY })];
      deepEqual(standing(facts, START), ['callable', 'temporary-permission']);
      deepEqual(standing([withdrawn(START - HOUR), ...facts], START), [
        'callable',
        'temporary-permission',
      ]);
    });

    it('a lost revocation heals', () => {
      const facts = [grantedForGood(START), answered(START + HOUR)];
      deepEqual(standing(facts, START + HOUR), ['revoked', 'revoked-by-user']);
    });

    it('an answer is as old as its look-up: a grant told after it stays', () => {
      const facts = [answered(START), granted(START + 1)];
      deepEqual(standing(facts, START + 1), ['callable', 'temporary-permission']);
    });

    it('a grant that we heard of before we asked is older than the answer', () => {
      const facts = [heard(granted(START), 300), answered(START + 500)];
      equal(verdictOf(facts, START + 500).canCall, false);
      equal(
        verdictOf([heard(granted(START), 700), answered(START + 500)], START + 700).canCall,
        true,
      );
    });

    it('what WhatsApp refused to call says that there is none (138006)', () => {
      for (const status of ['temporary', 'permanent'] as const) {
        const facts: Fact[] = [
          answered(START, { status }),
          { type: 'whatsapp-told', at: START, status: 'none' },
        ];
        deepEqual(standing(facts, START), ['revoked', 'revoked-by-user']);
      }
    });

    it('what WhatsApp refused to request says that there is one (138017)', () => {
      const facts: Fact[] = [
        answered(START),
        { type: 'whatsapp-told', at: START + 1, status: 'permanent' },
      ];
      deepEqual(standing(facts, START + 1), ['callable', 'permanent-permission']);
    });

    it('an unknown status fails closed', () => {
      const facts = [grantedForGood(START), answered(START + 1, { status: 'unknown' })];
      equal(verdictOf(facts, START + 1).canCall, false);
      equal(verdictOf(facts, START + 1).kind, 'none');
    });
  });

  describe('in the same second, the refusal', () => {
    it('stands, whatever was heard first', () => {
      for (const [grant, refusal] of [
        [100, 900],
        [900, 100],
        [500, 500],
      ] as const) {
        const facts = [heard(granted(START), grant), heard(withdrawn(START), refusal)];
        deepEqual(standing(facts, START + 999), ['revoked', 'revoked-by-user']);
      }
    });

    it('stands against an answer as well', () => {
      const facts = [heard(withdrawn(START), 100), answered(START + 900, { status: 'permanent' })];
      equal(verdictOf(facts, START + 900).canCall, false);
    });

    it('a grant of the next second is newer', () => {
      const facts = [heard(withdrawn(START), 2500), heard(granted(START + 1000), 1000)];
      equal(verdictOf(facts, START + 2500).canCall, true);
    });
  });

  describe('a "no" of the user without context', () => {
    it('is a revocation where a permission is held', () => {
      deepEqual(standing([granted(START), withdrawn(START + HOUR)], START + HOUR), [
        'revoked',
        'revoked-by-user',
      ]);
    });

    it('is a revocation where it is unknown', () => {
      deepEqual(standing([withdrawn(START)], START), ['revoked', 'revoked-by-user']);
      const strange = answered(START, { status: 'unknown' });
      deepEqual(standing([declined(START - DAY), strange, withdrawn(START + 1)], START + 1), [
        'revoked',
        'revoked-by-user',
      ]);
    });

    it('is a decline where none is held', () => {
      deepEqual(standing([answered(START), withdrawn(START + 1)], START + 1), [
        'limited',
        'declined',
      ]);
    });

    it('after the revoking streak is a revocation', () => {
      const calls = [1, 2, 3, 4].flatMap((n) => unanswered(START + n * HOUR, `c${n}`));
      const facts = [granted(START), ...calls, withdrawn(START + 5 * HOUR)];
      deepEqual(standing(facts, START + 5 * HOUR), ['revoked', 'revoked-by-user']);
    });
  });

  it('a "no" to a request is a decline, also where one is held', () => {
    const asked = [requested(START), requestAccepted(START)];
    deepEqual(standing([...asked, declined(START + 1)], START + 1), ['limited', 'declined']);
    deepEqual(standing([granted(START - 1), ...asked, declined(START + 1)], START + 1), [
      'limited',
      'declined',
    ]);
  });

  it('a user may change the answer: the last one holds', () => {
    const facts = [requested(START), requestAccepted(START), declined(START + HOUR)];
    const yes = granted(START + 2 * HOUR, START + 8 * DAY, 'wamid.r1');
    equal(verdictOf([yes, ...facts], START + 2 * HOUR).canCall, true);
  });

  it('revoked by WhatsApp says so', () => {
    deepEqual(standing([granted(START), revokedByWhatsApp(START + 1)], START + 1), [
      'revoked',
      'revoked-after-unanswered',
    ]);
  });

  describe('at the revoking number of unanswered calls', () => {
    const four = [1, 2, 3, 4].flatMap((n) => unanswered(START + n * HOUR, `c${n}`));
    const end = START + 4 * HOUR + 45_000;
    const facts = [grantedForGood(START), answered(START, { status: 'permanent' }), ...four];

    it('is unknown from the end of that call on: ask WhatsApp', () => {
      const before = verdictOf(facts, end - 1);
      equal(before.reason, 'call-in-progress');
      equal(before.retryAt, end);
      deepEqual(standing(facts, end), ['revoked', 'revoked-after-unanswered']);
      equal(isKnown(recordOf(...facts), PRESETS.meta, end - 1), true);
      equal(isKnown(recordOf(...facts), PRESETS.meta, end), false);
    });

    it('stays unknown when the user calls us', () => {
      const later = [...facts, ...connected(end + HOUR, 'u1', 'user')];
      equal(verdictOf(later, end + 2 * HOUR).canCall, false);
      equal(isKnown(recordOf(...later), PRESETS.meta, end + 2 * HOUR), false);
    });

    it('stays revoked when a temporary permission would have run out', () => {
      deepEqual(standing([granted(START), ...four], START + 30 * DAY), [
        'revoked',
        'revoked-after-unanswered',
      ]);
    });

    it('is what WhatsApp says next', () => {
      const asked = (status: 'none' | 'permanent') => [...facts, answered(end + 1, { status })];
      deepEqual(standing(asked('none'), end + 1), ['revoked', 'revoked-after-unanswered']);
      equal(verdictOf(asked('permanent'), end + 1).kind, 'permanent');
      equal(verdictOf([...facts, granted(end + 1)], end + 1).state, 'callable');
    });
  });
});
