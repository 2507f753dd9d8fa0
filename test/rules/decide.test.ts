import { deepEqual, equal, ok } from 'node:assert/strict';
import {
  DAY,
  HOUR,
  MINUTE,
  PRESETS,
  applyToAccount,
  emptyAccountState,
  type AccountBlockReason,
  type AccountState,
  type BlockReason,
  type Fact,
  type Verdict,
} from '../../src/rules';
import {
  START,
  answered,
  connected,
  declined,
  granted,
  grantedForGood,
  placed,
  requestAccepted,
  requested,
  revokedByWhatsApp,
  unanswered,
  verdictOf,
  withdrawn,
} from './support/facts';

const NOW = START + HOUR;
const accountBlocked = (reason: AccountBlockReason, until: number | null): AccountState =>
  applyToAccount(emptyAccountState(), { type: 'account-blocked', at: START, reason, until });
const blocked = (reason: BlockReason, until: number): Fact => ({
  type: 'blocked',
  at: START,
  reason,
  until,
});
const verdict = (facts: Fact[], account?: AccountState): Verdict =>
  verdictOf(facts, NOW, PRESETS.cautious, account);
const asked = [requested(START), requestAccepted(START)];
const undelivered: Fact = { type: 'request-failed', at: START, id: 'wamid.r1' };
const strangeRefusal = { status: 'temporary', expiresAt: START + DAY, canCall: false } as const;
const twice = [...unanswered(START, 'c1'), ...unanswered(START + MINUTE, 'c2')];
const tenCalls = Array.from({ length: 10 }, (_, n) => connected(START + n, `c${n}`)).flat();

type Case = [reason: string, state: string, retryAt: number | null, verdict: Verdict];
const CASES: Case[] = [
  ['temporary-permission', 'callable', null, verdict([granted(START)])],
  ['permanent-permission', 'callable', null, verdict([grantedForGood(START)])],
  ['never-requested', 'needs-request', null, verdict([])],
  ['expired', 'needs-request', null, verdict([granted(START, NOW)])],
  ['declined', 'limited', START + 168 * HOUR, verdict([...asked, declined(START)])],
  ['declined', 'needs-request', null, verdict([declined(NOW - 168 * HOUR)])],
  ['awaiting-reply', 'limited', START + 72 * HOUR, verdict(asked)],
  ['awaiting-reply', 'needs-request', null, verdict([requested(NOW - 72 * HOUR)])],
  ['requests-per-24h', 'limited', START + DAY, verdict([...asked, undelivered])],
  ['requests-per-24h', 'limited', NOW + 1, verdict([blocked('requests-per-24h', NOW + 1)])],
  [
    'requests-per-7d',
    'limited',
    START + 6 * DAY,
    verdict([requested(START - DAY, 'r0'), ...asked, undelivered]),
  ],
  [
    'connected-calls-per-24h',
    'limited',
    START + DAY,
    verdict([grantedForGood(START - DAY), ...tenCalls]),
  ],
  [
    'connected-calls-per-24h',
    'limited',
    NOW + 1,
    verdict([grantedForGood(START), blocked('connected-calls-per-24h', NOW + 1)]),
  ],
  [
    'unanswered-streak',
    'limited',
    START + MINUTE + 45_000 + DAY,
    verdict([grantedForGood(START - 1), ...twice]),
  ],
  ['call-in-progress', 'limited', NOW + 5 * MINUTE, verdict([grantedForGood(START), placed(NOW)])],
  [
    'call-in-progress',
    'limited',
    NOW + 1,
    verdict([grantedForGood(START), blocked('call-in-progress', NOW + 1)]),
  ],
  ['recipient-uncallable', 'limited', NOW + 1, verdict([blocked('recipient-uncallable', NOW + 1)])],
  [
    'recipient-uncallable',
    'limited',
    NOW + 1,
    verdict([grantedForGood(START), blocked('recipient-uncallable', NOW + 1)]),
  ],
  ['recipient-uncallable', 'limited', null, verdict([answered(START, { canRequest: false })])],
  ['recipient-uncallable', 'limited', START + DAY, verdict([answered(START, strangeRefusal)])],
  ['rate-limited', 'limited', NOW + 1, verdict([blocked('rate-limited', NOW + 1)])],
  [
    'rate-limited',
    'limited',
    NOW + 1,
    verdict([grantedForGood(START), blocked('rate-limited', NOW + 1)]),
  ],
  ...(['account-restricted', 'account-not-eligible', 'rate-limited'] as const).flatMap(
    (reason): Case[] => [
      [reason, 'limited', NOW + 1, verdict([], accountBlocked(reason, NOW + 1))],
      [reason, 'limited', null, verdict([granted(START)], accountBlocked(reason, null))],
    ],
  ),
  ...(['concurrent-calls', 'daily-initiations'] as const).map((reason): Case => [
    reason,
    'limited',
    NOW + 1,
    verdict([granted(START)], accountBlocked(reason, NOW + 1)),
  ]),
  ['revoked-by-user', 'revoked', null, verdict([granted(START), withdrawn(NOW)])],
  ['revoked-after-unanswered', 'revoked', null, verdict([granted(START), revokedByWhatsApp(NOW)])],
  ['opted-out', 'revoked', null, verdict([granted(START), { type: 'opted-out', at: NOW }])],
];

describe('which state', () => {
  for (const [reason, state, retryAt, found] of CASES) {
    const ending = retryAt === null ? '' : `, until ${new Date(retryAt).toISOString()}`;
    it(`${reason} (${found.kind}): ${state}${ending}`, () => {
      deepEqual([found.state, found.reason, found.retryAt], [state, reason, retryAt]);
      equal(found.canCall, state === 'callable');
      ok(state !== 'needs-request' || found.canRequest);
    });
  }

  describe('first match wins', () => {
    const restricted = accountBlocked('account-restricted', NOW + DAY);

    it('opted out before everything', () => {
      const out: Fact = { type: 'opted-out', at: START };
      equal(verdict([grantedForGood(START), out], restricted).reason, 'opted-out');
    });

    it('then the account, also for calls and requests that would be possible', () => {
      for (const facts of [[], [granted(START)], [granted(START), withdrawn(START + 1)]]) {
        const { state, reason, canCall, canRequest } = verdict(facts, restricted);
        deepEqual(
          [state, reason, canCall, canRequest],
          ['limited', 'account-restricted', false, false],
        );
      }
    });

    it('concurrent calls and initiations of the day stand in the way of calls only', () => {
      for (const reason of ['concurrent-calls', 'daily-initiations'] as const) {
        const account = accountBlocked(reason, NOW + DAY);
        equal(verdict([], account).state, 'needs-request');
        equal(verdict([granted(START)], account).canRequest, true);
      }
    });

    it('then the permission, before what stands in the way of a request', () => {
      equal(verdict([...asked, granted(START + 1)]).state, 'callable');
      equal(
        verdict([grantedForGood(START), answered(NOW, { status: 'permanent', canRequest: false })])
          .state,
        'callable',
      );
    });

    it('then a revocation: canRequest and retryAt say whether asking again is possible', () => {
      const free = verdict([granted(START), withdrawn(START + 1)]);
      deepEqual([free.state, free.canRequest, free.retryAt], ['revoked', true, null]);
      const full = verdict([...asked, granted(START + 1), withdrawn(START + 2)]);
      deepEqual([full.state, full.canRequest, full.retryAt], ['revoked', false, START + DAY]);
    });
  });

  describe('retryAt', () => {
    it('goes on to the end of the last obstacle', () => {
      const facts = [
        grantedForGood(START - DAY),
        ...tenCalls,
        blocked('recipient-uncallable', START + 2 * DAY),
      ];
      equal(verdict(facts).retryAt, START + 2 * DAY);
    });

    it('is the end of the permission where the obstacle lasts longer: then one can ask', () => {
      const facts = [granted(START, NOW + HOUR), blocked('call-in-progress', NOW + DAY)];
      equal(verdict(facts).retryAt, NOW + HOUR);
    });

    it('goes beyond the end of the permission where one cannot ask then', () => {
      const facts = [
        granted(START - 1, NOW + HOUR),
        requested(START),
        requestAccepted(START),
        undelivered,
        blocked('call-in-progress', NOW + 2 * DAY),
      ];
      equal(verdict(facts).retryAt, START + DAY);
    });

    it('is null where the number is blocked without an end', () => {
      equal(verdict(asked, accountBlocked('account-restricted', null)).retryAt, null);
    });
  });

  it('an answer about calls replaces a block learnt before it, and not one learnt later', () => {
    const held = grantedForGood(START - DAY);
    const block = blocked('connected-calls-per-24h', NOW + DAY);
    const fresh = (at: number) => answered(at, { status: 'permanent' });
    equal(verdict([held, block, fresh(START + 1)]).state, 'callable');
    equal(verdict([held, block, fresh(START - 1)]).state, 'limited');
    equal(
      verdict([held, block, fresh(START)]).state,
      'limited',
      'the refusal comes after the answer',
    );
  });

  it('WhatsApp that refuses a request is believed until it is asked again', () => {
    const no = answered(START, { canRequest: false });
    equal(verdict([no, answered(START + 1)]).state, 'needs-request');
    equal(verdict([no, ...connected(START + 1, 'u1', 'user')]).state, 'needs-request');
  });

  it('a refusal that the restriction of the number explains ends with the restriction', () => {
    const no = answered(START + 1, { canRequest: false });
    equal(verdict([no], accountBlocked('account-restricted', NOW + DAY)).retryAt, NOW + DAY);
    const kept = grantedForGood(START - DAY);
    const noCall = answered(START + 1, { ...strangeRefusal, canRequest: false });
    equal(
      verdict([kept, noCall], accountBlocked('account-restricted', NOW + DAY)).retryAt,
      NOW + DAY,
    );
  });

  it('a refusal that our own count or a reached limit explains needs no other reason', () => {
    const no = answered(START + 1, { canRequest: false });
    equal(verdict([...asked, no]).retryAt, START + 72 * HOUR);
    const reached = { used: 1, allowed: 1, resetsAt: NOW + 1 };
    const full = answered(START, { canRequest: false, requestsPer24h: reached });
    equal(verdict([full]).retryAt, NOW + 1);
    const inWeek = { used: 2, allowed: 2, resetsAt: NOW + 1 };
    const fullWeek = verdict([answered(START, { canRequest: false, requestsPer7d: inWeek })]);
    deepEqual([fullWeek.reason, fullWeek.retryAt], ['requests-per-7d', NOW + 1]);
    const calls = { used: 100, allowed: 100, resetsAt: NOW + 1 };
    const fullCalls = answered(START, { ...strangeRefusal, connectedCallsPer24h: calls });
    equal(verdictOf([fullCalls], NOW, PRESETS.meta).reason, 'connected-calls-per-24h');
  });
});
