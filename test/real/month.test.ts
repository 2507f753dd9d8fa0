import assert from 'node:assert/strict';
import { Simulator, VirtualClock } from '../../src/simulator';
import { DAY, HOUR, MINUTE } from '../../src/rules';
import { seeded } from '../records/support/wayward-context';
import { MARK, monthFlow, type Outcome, type Told } from './support/month-flow';
import { People, type Downtime } from './support/month-people';
import { MONTH, Trail, expectedOf, runningFrom, type Expected } from './support/month-truth';
import { RealNodeRed } from './support/real-node-red';
import { scripts } from './support/scripts';
import { removeUserDirs } from './support/user-dir';

const START = Date.UTC(2027, 0, 4, 12);
const END = START + MONTH;
/** With which downtime in order the crash comes. */
const CRASH = 3;
const NUMBER = '100000000000001';
/** `PEOPLE=5000 SEED=7 npx mocha build/test/real/month.test.js` lives through another month. */
const PEOPLE = Number(process.env['PEOPLE'] ?? 1000);
const SEED = Number(process.env['SEED'] ?? 1);

describe('a month of 1,000 people with a real Node-RED, stopped now and then', function () {
  this.timeout(300_000);
  const clock = new VirtualClock({ manual: true, now: START });
  const simulator = new Simulator({ clock, seed: SEED, lookUpsPerSecond: Infinity });
  const random = seeded(SEED);
  const trail = new Trail(simulator);
  const downtimes = someDowntimes(random);
  const told: Told[] = [];
  let nodeRed: RealNodeRed;
  let code: string;

  before(async () => {
    code = `const { RemoteClock } = require('node-red-contrib-whatsapp-calling/simulator');
      const clock = new RemoteClock();
      clock.follow('${await simulator.listen()}');
      module.exports.functionGlobalContext = { clock };`;
  });
  after(async () => {
    await nodeRed?.stop('SIGKILL');
    await simulator.close();
    await removeUserDirs();
  });

  it('tells every event once, none early, and none later than a minute after it was due while running', async () => {
    const runtime = (await scripts).allRuntimes()[0]!;
    nodeRed = await RealNodeRed.start(runtime, settings(true), code);
    await nodeRed.deploy(monthFlow(NUMBER));
    await isThere();
    const people = new People({ simulator, random, downtimes, count: PEOPLE, end: END, call });
    for (const [index, downtime] of downtimes.entries()) await rest(downtime, index);
    await clock.moveTo(END);
    await collect();
    judge(expectedOf(trail, people.visits, END - 10 * MINUTE), people);
  });

  const settings = (cache: boolean): object => ({
    whatsappCallingAccountSimulatorUrl: simulator.graphUrl,
    contextStorage: {
      default: { module: 'localfilesystem', config: { cache } },
      memory: { module: 'memory' },
    },
  });

  async function isThere(): Promise<void> {
    const { until } = await scripts;
    await until('Node-RED follows the clock', () => clock.followerCount === 2);
    await clock.settled();
  }

  async function call(phone: string, memo: string): Promise<Outcome> {
    trail.follow();
    const answer = await fetch(`${nodeRed.url}/call`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ phone: `+${phone}`, memo }),
    });
    const outcome = (await answer.json()) as Outcome;
    assert.equal(outcome.error, undefined);
    return outcome;
  }

  /** One stop is a crash. Before it Node-RED runs without a cache, so that nothing is lost. */
  async function rest({ from, until }: Downtime, index: number): Promise<void> {
    await clock.moveTo(from);
    await collect();
    await nodeRed.stop(index === CRASH ? 'SIGKILL' : 'SIGTERM');
    await clock.moveTo(until);
    trail.follow();
    await nodeRed.startWith(settings(index !== CRASH - 1), code);
    await isThere();
  }

  /** Takes what was told from the log. A request through Node-RED comes after all that was under way in it. */
  async function collect(): Promise<void> {
    await clock.settled();
    trail.follow();
    const { until } = await scripts;
    let length = -1;
    await until('all is told', async () => {
      await fetch(`${nodeRed.url}/settings`);
      const before = length;
      length = nodeRed.output().length;
      return before === length;
    });
    for (const line of nodeRed.output().split('\n')) {
      const at = line.indexOf(MARK);
      if (at >= 0) told.push(JSON.parse(line.slice(at + MARK.length)) as Told);
    }
  }

  function judge(expected: Expected[], people: People): void {
    const memos = new Map(people.visits.map(({ call: id, memo }) => [id, memo]));
    const heard = told
      .map((each): Heard => {
        const memo = each.call === undefined ? each.memo : memos.get(each.call);
        return { ...each, memo, phone: each.payload.slice(1), at: Date.parse(each.at) };
      })
      .filter(({ at }) => at < END - 10 * MINUTE);
    const byName = new Map(expected.map((each) => [nameOf(each), each]));
    const delays = heard.map((each) => delayOf(each, byName.get(nameOf(each))));
    figures(heard, people, Math.max(...delays));
    assert.equal(new Set(heard.map(nameOf)).size, heard.length, 'something was told twice');
    const unheard = new Set(
      expected.filter(({ silentAt }) => typeof silentAt === 'number').map(({ call: id }) => id),
    );
    const mayBeSilent = ({ call: id, type }: Expected | Heard): boolean =>
      unheard.has(id) && type !== 'call-ended';
    const heardNames = new Set(heard.map(nameOf));
    assert.deepEqual(
      {
        missing: expected
          .filter((each) => !mayBeSilent(each))
          .map(nameOf)
          .filter((name) => !heardNames.has(name)),
        unexpected: heard.map(nameOf).filter((name) => !byName.has(name)),
      },
      { missing: [], unexpected: [] },
    );
    assert.equal(byName.size, expected.length);
  }

  /** How much later than it could be, milliseconds. */
  function delayOf(each: Heard, due: Expected | undefined): number {
    if (!due) return 0;
    const name = nameOf(each);
    assert.ok(each.now >= due.at, `${name} was told early`);
    const from = isOurWord(each, due) ? wordFrom(due) : runningFrom(downtimes, due.from);
    if (isOurWord(each, due)) assert.ok(each.now >= from, `${name}: we may have been deaf`);
    else assert.equal(wholeSecond(each.at), wholeSecond(due.at), name);
    const late = each.now - from;
    assert.ok(late <= MINUTE, `${name} was told ${late} ms late`);
    return late;
  }

  /** Where we were not running when a call had been silent for long, it gets its five minutes from the start. */
  function wordFrom({ silentAt, at }: Expected): number {
    const start = runningFrom(downtimes, at);
    return Math.max(silentAt!, silentAt! < start ? start + 5 * MINUTE : 0);
  }

  function figures(heard: { type: string }[], people: People, latest: number): void {
    const kinds = new Map<string, number>();
    for (const { type } of heard) kinds.set(type, (kinds.get(type) ?? 0) + 1);
    const list = [...kinds].map(([type, count]) => `${count} ${type}`).toSorted();
    process.stdout.write(
      `    seed ${SEED}: ${PEOPLE} people, ${people.visits.length} tries, ${trail.attempts} webhooks, ` +
        `${downtimes.length} stops, ${heard.length} events, the latest ${latest} ms late\n` +
        `    ${list.join(', ')}\n`,
    );
  }
});

const wholeSecond = (time: number): number => Math.floor(time / 1000);

/** An event that the flow heard of, as {@link Expected} has it. */
interface Heard extends Omit<Told, 'at' | 'memo'> {
  phone: string;
  at: number;
  memo: string | undefined;
}

const isOurWord = ({ isWebhook }: Heard, { silentAt }: Expected): boolean =>
  !isWebhook && typeof silentAt === 'number';

/** WhatsApp tells whole seconds. A call has one end, whoever tells it. */
function nameOf({ phone, type, at, memo, call }: Expected | Heard): string {
  const time = type === 'call-ended' ? call : new Date(wholeSecond(at) * 1000).toISOString();
  return `${phone} ${type} ${time} ${MEMO.has(type) ? memo : ''}`;
}

/** What belongs to one request, call or try carries what the flow gave with that. */
const MEMO = new Set(['request-lapsed', 'try-again', 'call-ended']);

/** Every few days for up to eight hours; before the crash Node-RED runs for an hour only, since it is slow then. */
function someDowntimes(random: () => number): Downtime[] {
  let runs = START;
  return Array.from({ length: 7 }, (_, index) => {
    const from = Math.floor(runs + (index === CRASH ? HOUR : 2 * DAY + random() * 3 * DAY));
    runs = Math.floor(from + MINUTE + random() * 8 * HOUR);
    return { from, until: runs };
  });
}
