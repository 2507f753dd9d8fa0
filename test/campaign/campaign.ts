import { Chance } from './chance';
import { Comparison } from './comparison';
import { Crowd } from './crowd';
import { Figures } from './figures';
import { Observer } from './observer';
import { newMood, populate, type Person } from './population';
import { Referee } from './referee';
import type { Scenario } from './scenarios';
import { Steps } from './steps';
import { Trail } from './trail';
import { Waiting } from './waiting';
import { World, type Seams } from './world';

const DAY = 24 * 3_600_000;
const POPULATION = 40;

/** How often a step is followed by a comparison with the truth, and by waiting until `retryAt`. */
const COMPARISONS = 0.3;
const WAITS = 0.015;

/** What lies further back on the wire matters to no limit; it is forgotten every so many steps. */
const REMEMBERED = 9 * DAY;
const FORGET_EVERY = 500;

/** Something that must not happen did; the message holds the seed, what it was, and the last steps. */
export class CampaignLost extends Error {
  readonly code = 'campaign-lost';
}

export interface CampaignOptions {
  scenario: Scenario;
  seed: number;
  steps: number;
  seams?: Seams;
}

/**
 * Takes random steps in a world of its own and has the referee judge each of them. The same options take the same
 * steps.
 *
 * @throws {CampaignLost} at the first objection
 */
export async function runCampaign({
  scenario,
  seed,
  steps,
  seams,
}: CampaignOptions): Promise<Figures> {
  const figures = new Figures();
  const people = populate(POPULATION);
  const referee = new Referee(people, scenario.policy, figures);
  const world = await World.open(scenario, seed, people, referee, seams);
  const campaign = new Campaign(scenario, world, people, referee, new Chance(seed), figures);
  try {
    await campaign.run(steps);
  } catch (error) {
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new CampaignLost(
      [
        `The campaign "${scenario.name}" with seed ${seed} was lost:`,
        problem,
        'The last steps:',
        ...campaign.trail.notes,
      ].join('\n'),
    );
  } finally {
    await world.close();
  }
  return figures;
}

class Campaign {
  readonly trail = new Trail();
  readonly #crowd: Crowd;
  readonly #steps: Steps;
  readonly #comparison: Comparison;
  readonly #waiting: Waiting;

  constructor(
    { isExact }: Scenario,
    private readonly world: World,
    private readonly people: readonly Person[],
    private readonly referee: Referee,
    private readonly chance: Chance,
    private readonly figures: Figures,
  ) {
    const observer = new Observer(world, referee, chance);
    this.#crowd = new Crowd(people, chance);
    this.#steps = new Steps(world, referee, this.#crowd, chance, figures);
    this.#comparison = new Comparison(world, observer, referee, chance, figures, isExact);
    this.#waiting = new Waiting(world, observer, referee, figures, isExact);
  }

  async run(steps: number): Promise<void> {
    const start = this.world.now();
    for (const person of this.people.filter(({ isOnWhatsApp }) => isOnWhatsApp)) {
      this.world.simulator.user(person.waId).setScript(newMood(person, this.chance));
    }
    for (let step = 0; step < steps; step += 1) {
      await this.#step(step);
      if (step % FORGET_EVERY === 0) {
        this.referee.ledger.forgetBefore(this.world.now() - REMEMBERED);
      }
    }
    await this.#end();
    this.figures.count('steps', steps);
    this.figures.count('days', (this.world.now() - start) / DAY);
  }

  async #step(step: number): Promise<void> {
    this.#judge(`${step}: ${await this.#steps.take()}`);
    if (this.chance.isLucky(COMPARISONS)) {
      const person = this.chance.isLucky(0.7) ? this.#crowd.current : this.chance.pick(this.people);
      await this.#comparison.run(person);
      this.#judge(`${step}: compared ${person.waId}`);
    }
    if (this.chance.isLucky(WAITS)) {
      await this.#waiting.run(this.#crowd.current);
      this.#judge(`${step}: sat out the wait of ${this.#crowd.current.waId}`);
    }
  }

  async #end(): Promise<void> {
    await this.world.pass(DAY);
    for (const person of this.people) await this.#comparison.run(person);
    this.referee.close(this.world.now());
    this.#judge('the end, a day later');
  }

  #judge(told: string): void {
    this.trail.note(this.world.now(), told);
    this.referee.audit(this.world.now());
    const { objections } = this.referee;
    if (objections.length > 0) throw new Error(objections.join('\n'));
  }
}
