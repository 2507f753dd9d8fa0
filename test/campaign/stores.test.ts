import { ok } from 'node:assert/strict';
import type { KeyValueStore } from '../../src/records';
import { Disk } from '../records/support/disk';
import { describeRedis, RedisServer } from '../records/support/redis-server';
import { Alternating } from './alternating';
import { runCampaign } from './campaign';
import { SCENARIOS } from './scenarios';

/** Long ones by hand, as in campaign.test.ts: STORE_CAMPAIGN_STEPS steps from each of CAMPAIGN_SEEDS. */
const STEPS = Number(process.env['STORE_CAMPAIGN_STEPS'] ?? 300);
const SEEDS = (process.env['CAMPAIGN_SEEDS'] ?? '1').split(',').map(Number);

function isWon(open: () => KeyValueStore): void {
  for (const scenario of SCENARIOS) {
    for (const seed of SEEDS) {
      it(`${STEPS} steps with the policy ${scenario.name} from seed ${seed}`, async function () {
        this.timeout(60_000 + STEPS * 100);
        const store = new Alternating([open(), open(), open(), open()]);
        const figures = await runCampaign({ scenario, seed, steps: STEPS, seams: { store } });
        ok(figures.of('calls accepted by WhatsApp') > 0, 'calls were placed');
      });
    }
  }
}

describe('a random campaign whose records four share: no rule is broken', () => {
  describe('on disk', () => {
    let disk: Disk;
    beforeEach(async () => void (disk = await Disk.make()));
    afterEach(() => disk.end());

    isWon(() => disk.open());
  });

  describeRedis('in Redis', () => {
    let server: RedisServer;
    before(async () => void (server = await RedisServer.start()));
    afterEach(() => server.clear());
    after(() => server.end());

    isWon(() => server.open());
  });
});
