import { setImmediate as nextTurn } from 'node:timers/promises';
import type { KeyValueStore } from '../../src/records';
import { FAULT_NAMES, type WantedFaults } from '../../src/simulator';
import { CampaignLost } from './campaign';
import { Chance } from './chance';
import { Crashes, ForgetfulStore } from './crash';
import { Crowd } from './crowd';
import { FaultComparison } from './fault-comparison';
import { FaultReferee } from './fault-referee';
import { Figures } from './figures';
import { newMood, populate, type Person } from './population';
import type { Scenario } from './scenarios';
import { Steps } from './steps';
import { Trail } from './trail';
import { World } from './world';

const DAY = 24 * 3_600_000;
const POPULATION = 40;
const COMPARISONS = 0.3;
const REMEMBERED = 9 * DAY;
const FORGET_EVERY = 500;

/** What actions fail with where the world has faults: the flow's Catch node hears of it. */
const FAULTS = new Set([
  'outcome-unknown',
  'server-error',
  'connection-cut',
  'timeout',
  'invalid-response',
  'whatsapp-unavailable',
  'calling-not-enabled',
  'sip-enabled',
  'account-restricted',
  // A refusal that does not keep us from trying again: what the user did in its very second goes before it.
  'permanent-permission-held',
]);

export interface FaultCampaignOptions {
  scenario: Scenario;
  seed: number;
  steps: number;
  /** Default: all. */
  faults?: WantedFaults;
  store?: KeyValueStore;
  /** Whether the machine is cut at random moments and started anew. */
  crashes?: boolean;
  /** Whether a crash takes with it what was written in up to 30 seconds before. */
  isForgetful?: boolean;
}

/** Milliseconds from one flush of a forgetful store to the next. */
const FLUSH_EVERY = 30_000;

/** Of Node.js: enough for a request to go through this machine. */
const TURNS = 50;

/** Milliseconds between a crash and the new start. */
const DOWN = [1, 1000, 60_000, 3_600_000];

/**
 * Takes random steps in a world that has faults and has the referee judge each of them. The same options take the
 * same steps.
 *
 * @throws {CampaignLost} at the first objection
 */
export async function runFaultCampaign(options: FaultCampaignOptions): Promise<Figures> {
  const { scenario, seed, steps, faults = 'all', isForgetful = false } = options;
  const forgetful = isForgetful ? new ForgetfulStore() : null;
  const store = forgetful ?? options.store;
  const figures = new Figures();
  const people = populate(POPULATION);
  const referee = new FaultReferee(people, scenario.policy, figures);
  const crashes = options.crashes === true ? new Crashes(new Chance(seed + 1)) : null;
  const seams = {
    faults,
    isForgetful,
    ...(store === undefined ? {} : { store }),
    ...(crashes === null ? {} : { pass: crashes.pass }),
  };
  const world = await World.open(scenario, seed, people, referee, seams);
  const campaign = new FaultCampaign(
    scenario,
    forgetful,
    world,
    people,
    referee,
    new Chance(seed),
    figures,
  );
  try {
    await campaign.run(steps);
  } catch (error) {
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new CampaignLost(
      [
        `The campaign under faults "${scenario.name}" with seed ${seed} was lost:`,
        problem,
        'The last steps:',
        ...campaign.trail.notes,
      ].join('\n'),
    );
  } finally {
    await world.close();
  }
  for (const [moment, times] of crashes?.counts ?? []) figures.count(`crash: ${moment}`, times);
  return figures;
}

class FaultCampaign {
  readonly trail = new Trail();
  readonly #crowd: Crowd;
  readonly #steps: Steps;
  readonly #comparison: FaultComparison;

  constructor(
    private readonly scenario: Scenario,
    private readonly store: ForgetfulStore | null,
    private readonly world: World,
    private readonly people: readonly Person[],
    private readonly referee: FaultReferee,
    private readonly chance: Chance,
    private readonly figures: Figures,
  ) {
    this.#crowd = new Crowd(people, chance);
    this.#steps = new Steps(world, referee, this.#crowd, chance, figures);
    this.#comparison = new FaultComparison(world, referee, chance, figures);
  }

  async run(steps: number): Promise<void> {
    const start = this.world.now();
    this.world.machine.timers?.look();
    this.#flush();
    for (const person of this.people.filter(({ isOnWhatsApp }) => isOnWhatsApp)) {
      this.world.simulator.user(person.waId).setScript(newMood(person, this.chance));
    }
    for (let step = 0; step < steps; step += 1) {
      await this.#step(step);
      if (step % FORGET_EVERY === 0) this.referee.forgetBefore(this.world.now() - REMEMBERED);
    }
    await this.world.pass(DAY);
    for (const person of this.people) {
      await this.#met('compare', () => this.#comparison.run(person));
    }
    this.#judge('the end, a day later');
    for (const name of FAULT_NAMES) {
      this.figures.count(`fault: ${name}`, this.world.simulator.faults.struck(name));
    }
    this.figures.count('steps', steps);
    this.figures.count('days', (this.world.now() - start) / DAY);
  }

  /** As localfilesystem does by default. */
  #flush(): void {
    if (this.store === null) return;
    this.store.flush(this.world.now());
    this.world.clock.schedule(this.world.now() + FLUSH_EVERY, () => this.#flush());
  }

  async #step(step: number): Promise<void> {
    const told = await this.#met('a step', () => this.#steps.take());
    await this.world.settle();
    this.#judge(`${step}: ${told}`);
    if (!this.chance.isLucky(COMPARISONS)) return;
    const person = this.chance.isLucky(0.7) ? this.#crowd.current : this.chance.pick(this.people);
    await this.#met('compare', () => this.#comparison.run(person));
    this.#judge(`${step}: compared ${person.waId}`);
  }

  /** Faults are met and told; anything else that is thrown is a defect. */
  async #met(what: string, run: () => Promise<string | void>): Promise<string> {
    try {
      const told = (await run()) ?? what;
      return (await this.#startAnew()) ?? told;
    } catch (error) {
      const restarted = await this.#startAnew();
      if (restarted !== null) return restarted;
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!FAULTS.has(code)) throw error;
      this.figures.count(`met: ${code}`);
      return `${what} (${this.#crowd.current.waId}) met ${code}`;
    }
  }

  /** After a crash; null where there was none. */
  async #startAnew(): Promise<string | null> {
    if (!this.world.machine.isGone) return null;
    this.referee.crashed();
    // What was on its way to WhatsApp arrives there before any time passes.
    for (let turn = 0; turn < TURNS; turn += 1) await nextTurn();
    await this.world.settle();
    this.referee.restarted();
    if (this.store !== null) this.referee.lost(this.store.loseTail(), this.world.now());
    await this.world.pass(this.chance.pick(DOWN));
    await this.world.restart(this.scenario);
    await this.world.settle();
    this.figures.count('crashes');
    // The machine may be cut again as it starts.
    return (await this.#startAnew()) ?? 'a crash, and a new start';
  }

  #judge(told: string): void {
    this.trail.note(this.world.now(), told);
    this.referee.audit(this.world.now());
    const { objections } = this.referee;
    if (objections.length > 0) throw new Error(objections.join('\n'));
  }
}
