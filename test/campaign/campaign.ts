import { Chance } from './chance';
import { Crowd } from './crowd';
import { Figures } from './figures';
import { Inspection } from './inspection';
import { newMood, populate } from './population';
import { Referee } from './referee';
import type { Scenario } from './scenarios';
import { Steps } from './steps';
import { World, type Seams } from './world';

const DAY = 24 * 3_600_000;
const POPULATION = 40;
const TRAIL = 30;

/** Wire that lies further back matters to no limit any more. */
const REMEMBERED = 9 * DAY;

/** Something that must not happen did; the message holds the seed and the last steps. */
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
 * Takes random steps in a world of its own and has the referee judge each of them.
 *
 * @throws {CampaignLost} at the first objection
 */
export async function runCampaign(options: CampaignOptions): Promise<Figures> {
  const { scenario, seed, steps, seams } = options;
  const figures = new Figures();
  const chance = new Chance(seed);
  const people = populate(POPULATION);
  const referee = new Referee(people, scenario.policy, figures);
  const world = await World.open(scenario, seed, people, referee, seams);
  const start = world.now();
  const crowd = new Crowd(people, chance);
  const everything = new Steps(world, referee, crowd, chance, figures);
  const inspection = new Inspection(world, referee, chance, figures, scenario.isExact);
  const trail: string[] = [];
  const note = (told: string): void => {
    trail.push(`${new Date(world.now()).toISOString()}  ${told}`);
    if (trail.length > TRAIL) trail.shift();
  };
  const judge = (): void => {
    referee.audit(world.now());
    if (referee.objections.length > 0) throw lost(options, referee.objections, trail);
  };
  try {
    for (const person of people.filter(({ isOnWhatsApp }) => isOnWhatsApp)) {
      world.simulator.user(person.waId).setScript(newMood(person, chance));
    }
    for (let step = 0; step < steps; step += 1) {
      note(`${step}: ${await everything.take()}`);
      judge();
      if (chance.isLucky(0.3)) {
        const person = chance.isLucky(0.7) ? crowd.current : chance.pick(people);
        await inspection.compare(person);
        note(`${step}: compared ${person.waId}`);
        judge();
      }
      if (chance.isLucky(0.04)) {
        await inspection.sitOut(crowd.current);
        note(`${step}: sat out the wait of ${crowd.current.waId}`);
        judge();
      }
      if (step % 500 === 0) referee.ledger.forgetBefore(world.now() - REMEMBERED);
    }
    await world.pass(DAY);
    note('the end, a day later');
    for (const person of people) await inspection.compare(person);
    referee.close(world.now());
    judge();
    figures.count('steps', steps);
    figures.count('days', (world.now() - start) / DAY);
    return figures;
  } catch (error) {
    if (error instanceof CampaignLost) throw error;
    throw lost(
      options,
      [error instanceof Error ? (error.stack ?? error.message) : String(error)],
      trail,
    );
  } finally {
    await world.close();
  }
}

function lost(
  { scenario, seed }: CampaignOptions,
  problems: string[],
  trail: string[],
): CampaignLost {
  return new CampaignLost(
    [
      `The campaign "${scenario.name}" with seed ${seed} was lost:`,
      ...problems.map((problem) => `- ${problem}`),
      'The last steps:',
      ...trail,
    ].join('\n'),
  );
}
