import { ok } from 'node:assert/strict';
import { runFaultCampaign, type FaultCampaignOptions } from './fault-campaign';
import { Figures } from './figures';
import { PLACES, type Place, type PlaceKind } from './places';
import { SCENARIOS } from './scenarios';

/**
 * As in campaign.test.ts: FAULT_STEPS steps from each of FAULT_SEEDS, in the scenario that CAMPAIGN_SCENARIO names,
 * with the records in FAULT_PLACE.
 */
const STEPS = Number(process.env['FAULT_STEPS'] ?? 100);
const SEEDS = (process.env['FAULT_SEEDS'] ?? '1').split(',').map(Number);
const ONLY = process.env['CAMPAIGN_SCENARIO'];
const PLACE = process.env['FAULT_PLACE'];

/** Milliseconds that one step may take, generously. */
const STEP_TAKES = 100;

describe('a random campaign under every fault: no rule is broken, nothing acknowledged is lost', () => {
  const total = new Figures();

  const isWon = (name: string, kind: PlaceKind, options: Partial<FaultCampaignOptions>): void => {
    for (const scenario of SCENARIOS.filter((each) => ONLY === undefined || each.name === ONLY)) {
      for (const seed of SEEDS) {
        it(`${name}${STEPS} steps from seed ${seed} with the policy ${scenario.name}`, async function () {
          this.timeout(60_000 + STEPS * STEP_TAKES);
          const place = await kind.open();
          const figures = await on(place, () =>
            runFaultCampaign({ scenario, seed, steps: STEPS, store: place.store, ...options }),
          );
          total.add(figures);
          ok(figures.of('calls: accepted') > 0, 'calls were placed');
          ok(figures.of('comparisons') > 0, 'verdicts were compared');
          if (options.crashes === true) ok(figures.of('crashes') > 0, 'there were crashes');
        });
      }
    }
  };

  for (const kind of PLACES.filter(({ name }) => PLACE === undefined || name === PLACE)) {
    const { name, missing } = kind;
    const suite = missing === null ? describe : describe.skip;
    suite(`with the records in ${name}${missing === null ? '' : ` (${missing})`}`, () => {
      isWon('', kind, {});
      isWon('and crashes: ', kind, { crashes: true });
    });
  }

  const memory = PLACES[0]!;
  if (PLACE === undefined || PLACE === memory.name) {
    isWon('and crashes that lose up to 30 s: ', memory, { crashes: true, isForgetful: true });
  }

  after(() => process.stdout.write(`\n${total.report()}\n\n`));
});

async function on<T>(place: Place, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } finally {
    await place.end();
  }
}
