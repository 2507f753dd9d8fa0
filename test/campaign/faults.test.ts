import { ok } from 'node:assert/strict';
import { runFaultCampaign } from './fault-campaign';
import { Figures } from './figures';
import { SCENARIOS } from './scenarios';

/** As in campaign.test.ts: FAULT_STEPS steps from each of FAULT_SEEDS, in the scenario that CAMPAIGN_SCENARIO names. */
const STEPS = Number(process.env['FAULT_STEPS'] ?? 100);
const SEEDS = (process.env['FAULT_SEEDS'] ?? '1').split(',').map(Number);
const ONLY = process.env['CAMPAIGN_SCENARIO'];

/** Milliseconds that one step may take, generously. */
const STEP_TAKES = 100;

describe('a random campaign under every fault: no rule is broken, nothing acknowledged is lost', () => {
  const total = new Figures();

  for (const scenario of SCENARIOS.filter(({ name }) => ONLY === undefined || name === ONLY)) {
    for (const seed of SEEDS) {
      it(`${STEPS} steps from seed ${seed} with the policy ${scenario.name}`, async function () {
        this.timeout(60_000 + STEPS * STEP_TAKES);
        const figures = await runFaultCampaign({ scenario, seed, steps: STEPS });
        total.add(figures);
        ok(figures.of('calls: accepted') > 0, 'calls were placed');
        ok(figures.of('comparisons') > 0, 'verdicts were compared');
      });
    }
  }

  for (const scenario of SCENARIOS.filter(({ name }) => ONLY === undefined || name === ONLY)) {
    for (const seed of SEEDS) {
      it(`and crashes: ${STEPS} steps from seed ${seed} with the policy ${scenario.name}`, async function () {
        this.timeout(60_000 + STEPS * STEP_TAKES);
        const figures = await runFaultCampaign({ scenario, seed, steps: STEPS, crashes: true });
        total.add(figures);
        ok(figures.of('crashes') > 0, 'there were crashes');
      });

      it(`and crashes that lose up to 30 s: ${STEPS} steps from seed ${seed} with the policy ${scenario.name}`, async function () {
        this.timeout(60_000 + STEPS * STEP_TAKES);
        const lossy = { crashes: true, isForgetful: true };
        const figures = await runFaultCampaign({ scenario, seed, steps: STEPS, ...lossy });
        total.add(figures);
        ok(figures.of('crashes') > 0, 'there were crashes');
      });
    }
  }

  after(() => process.stdout.write(`\n${total.report()}\n\n`));
});
