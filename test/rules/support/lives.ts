import fc from 'fast-check';
import {
  applyToAccount,
  PRESETS,
  policyFrom,
  emptyAccountState,
  type AccountMatter,
  type AccountState,
  type Fact,
  type Policy,
} from '../../../src/rules';
import { answer, call, choice, request, rest, timed, word, type Episode } from './episodes';
import { START } from './facts';
import { delay, moment } from './moments';

export { delay };

const lifeOf = (episodes: fc.Arbitrary<Episode>, most: number): fc.Arbitrary<Fact[]> =>
  fc
    .array(episodes, { maxLength: most })
    .map((list) => list.flatMap((episode, index) => episode(`e${index}`)));

/** Everything that can happen between a number and a user, in no order. */
export const anyLife = lifeOf(
  fc.oneof(
    { weight: 4, arbitrary: request },
    { weight: 5, arbitrary: call },
    { weight: 3, arbitrary: word },
    { weight: 3, arbitrary: answer },
    { weight: 2, arbitrary: rest },
    { weight: 1, arbitrary: choice },
    { weight: 2, arbitrary: timed },
  ),
  10,
);

/** Lives in which the user never forbids all calls: an opt-out would hide every other rule. */
export const openLife = lifeOf(
  fc.oneof(
    { weight: 4, arbitrary: request },
    { weight: 6, arbitrary: call },
    { weight: 4, arbitrary: word },
    { weight: 3, arbitrary: answer },
    { weight: 1, arbitrary: rest },
  ),
  10,
);

/** Lives full of unanswered calls and of permissions. */
export const busyLife = lifeOf(
  fc.oneof(
    { weight: 5, arbitrary: call },
    { weight: 1, arbitrary: word },
    { weight: 1, arbitrary: answer },
  ),
  16,
);

/** What may stand in the way of the whole number. */
export const anyAccount: fc.Arbitrary<AccountState> = fc
  .array(
    fc.record({
      at: moment,
      until: fc.option(delay, { freq: 3 }),
      reason: fc.constantFrom<AccountMatter>(
        'account-restricted',
        'account-banned',
        'account-not-eligible',
        'rate-limited',
        'concurrent-calls',
        'daily-initiations',
      ),
    }),
    { maxLength: 2 },
  )
  .map((blocks) =>
    blocks.reduce(
      (state, { at, until, reason }) =>
        applyToAccount(state, {
          type: 'account-blocked',
          at,
          reason,
          until: until === null ? null : at + until,
        }),
      emptyAccountState(),
    ),
  );

/** When we learnt of a fact. */
export const learntAt = (fact: Fact): number => Math.max(fact.heard ?? fact.at, 0);

/** The moment at which the last of the facts is known. */
export const endOfLife = (facts: Fact[]): number => Math.max(START, ...facts.map(learntAt));

/** Any of the three. */
export const life = fc.oneof(anyLife, openLife, busyLife);

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Hours in a place where the clocks change in the first week of all lives. */
const CALLING_HOURS = {
  timeZone: 'America/New_York',
  ranges: [
    { days: [1, 2, 3, 4, 5], from: '09:00', to: '12:30' },
    { days: [0, 1, 2, 3, 4], from: '22:00', to: '24:00' },
    { days: [0], from: '02:15', to: '02:45' },
  ].map((range) => ({ ...range, days: range.days.map((day) => DAYS[day]) })),
  holidays: ['2026-03-05'],
};

/** The presets, Meta's without our guard, and calling hours. */
export const anyPolicy = fc.constantFrom<Policy>(
  ...Object.values(PRESETS),
  { ...PRESETS.meta, pauseAfterReconsider: 0, pauseBeforeRevocation: 0 },
  policyFrom('cautious', { callingHours: CALLING_HOURS }),
);

export const waits = fc.array(delay, { minLength: 1, maxLength: 4 });

/** fast-check prints the seed of what failed. The environment variable RUNS asks for more. */
export const RUNS = { numRuns: Number(process.env.RUNS ?? 500) };
