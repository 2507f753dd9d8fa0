import { ok } from 'node:assert/strict';
import { runCampaign } from './campaign';
import { Figures } from './figures';
import { SCENARIOS } from './scenarios';

/**
 * Long ones by hand: CAMPAIGN_STEPS steps from each of CAMPAIGN_SEEDS (`1,2,3`), in every scenario or in the one
 * that CAMPAIGN_SCENARIO names. A lost campaign tells its seed, and is lost again with it.
 */
const STEPS = Number(process.env['CAMPAIGN_STEPS'] ?? 900);
const SEEDS = (process.env['CAMPAIGN_SEEDS'] ?? '1,2').split(',').map(Number);
const ONLY = process.env['CAMPAIGN_SCENARIO'];

/** Milliseconds that one step may take, generously. */
const STEP_TAKES = 50;

describe('a random campaign: nothing that we could have known is refused, no rule is broken', () => {
  const total = new Figures();

  for (const scenario of SCENARIOS.filter(({ name }) => ONLY === undefined || name === ONLY)) {
    describe(`with the policy ${scenario.name}`, () => {
      for (const seed of SEEDS) {
        it(`${STEPS} steps from seed ${seed}`, async function () {
          this.timeout(60_000 + STEPS * STEP_TAKES);
          const figures = await runCampaign({ scenario, seed, steps: STEPS });
          total.add(figures);
          ok(figures.of('calls accepted by WhatsApp') > 0, 'calls were placed');
          ok(figures.of('comparisons') > 0, 'verdicts were compared');
        });
      }
    });
  }

  after(() => process.stdout.write(`\n${total.report()}\n\n`));
});
