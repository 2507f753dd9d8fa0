import { policyFrom, type Policy, type PolicyNumbers } from '../../src/rules';
import type { Limits, LimitsPreset } from '../../src/simulator';

/** Under which policy a campaign is fought, and what WhatsApp allows meanwhile. */
export interface Scenario {
  name: string;
  policy: Policy;
  limits: LimitsPreset | Partial<Limits>;
  /** Whether our verdict has to equal what WhatsApp holds, or only never to be more permissive. */
  isExact: boolean;
}

const NO_GUARD = { pauseAfterReconsider: 0, pauseBeforeRevocation: 0 };

/** Of the whole number. */
const FEW_CALLS = { initiationsPer24h: 4, concurrentCalls: 1 };

const exact = (
  name: string,
  preset: string,
  numbers: Partial<PolicyNumbers>,
  limits: Scenario['limits'],
): Scenario => ({
  name,
  policy: policyFrom(preset, { ...NO_GUARD, ...numbers }),
  limits,
  isExact: true,
});

export const SCENARIOS: readonly Scenario[] = [
  { name: 'cautious', policy: policyFrom('cautious'), limits: 'meta', isExact: false },
  { name: 'meta', policy: policyFrom('meta'), limits: 'meta', isExact: false },
  exact('meta without guard', 'meta', { trustRecordsFor: 1 }, 'meta'),
  exact('meta without guard, never asking twice in a day', 'meta', {}, 'meta'),
  exact(
    'meta without guard, three connected calls a day',
    'meta',
    { trustRecordsFor: 1, connectedCallsPer24h: 3 },
    { connectedCallsPer24h: 3 },
  ),
  {
    name: 'meta without guard, one call at a time and four a day for the whole number',
    policy: policyFrom('meta', { ...NO_GUARD, ...FEW_CALLS }),
    limits: FEW_CALLS,
    // We count in stretches of time and are stricter for as long.
    isExact: false,
  },
  {
    name: 'meta without guard, few calls by our own choice',
    policy: policyFrom('meta', { ...NO_GUARD, ...FEW_CALLS }),
    limits: 'meta',
    isExact: false,
  },
  exact(
    'meta-test-number without guard',
    'meta-test-number',
    { trustRecordsFor: 1 },
    'meta-test-number',
  ),
];
