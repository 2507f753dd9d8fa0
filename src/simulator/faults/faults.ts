import { createHash } from 'node:crypto';
import { SimulatorError } from '../errors';
import { isObject } from '../json';
import type { JsonObject } from '../json';
import { Random } from '../random';
import { FAULTS, FAULT_NAMES, isFaultName, type FaultName } from './catalogue';

/**
 * Which faults are played: `all`, or each by its name. True is as often as the catalogue says, a number from 0 to 1
 * how often; `all` beside names stands for those that are not named.
 */
export type WantedFaults = 'all' | Partial<Record<FaultName | 'all', boolean | number>>;

/**
 * The faults that are on. Each has a branch of chance of its own, so that a run is repeatable from its seed, and
 * switching one fault on leaves the moments of the others as they were.
 */
export class Faults {
  readonly #odds = new Map<FaultName, number>();
  readonly #branches = new Map<FaultName, Random>();
  readonly #struck = new Map<FaultName, number>();
  #seed: number;

  /** @throws SimulatorError `bad-input` for an unknown name, or what is no probability */
  constructor(seed: number, wanted: WantedFaults = {}) {
    this.#seed = seed;
    this.play(wanted);
  }

  /**
   * Plays these faults from now on and no others.
   * @param seed begins all chances anew; absent: they go on
   * @throws SimulatorError `bad-input`; nothing is changed then
   */
  play(wanted: WantedFaults, seed?: number): void {
    const odds = oddsOf(wanted === 'all' ? { all: true } : wanted);
    if (seed !== undefined) {
      this.#seed = seed;
      this.#branches.clear();
    }
    this.#odds.clear();
    for (const [name, chance] of odds) if (chance > 0) this.#odds.set(name, chance);
  }

  /** Whether a fault happens on this occasion. */
  strikes(name: FaultName): boolean {
    const odds = this.#odds.get(name);
    return odds !== undefined && this.#note(name, this.#branch(name).next() < odds);
  }

  /** Whether a fault is about this one (a user): the same answer every time. */
  marks(name: FaultName, one: string): boolean {
    const odds = this.#odds.get(name);
    if (odds === undefined) return false;
    return this.#note(name, new Random(this.#seedOf(`${name} ${one}`)).next() < odds);
  }

  /** How often a fault has struck. */
  struck(name: FaultName): number {
    return this.#struck.get(name) ?? 0;
  }

  /** A number between two, by the fault's own chance; its order of magnitude is random. */
  magnitude(name: FaultName, lowest: number, highest: number): number {
    return Math.exp(this.#branch(name).between(Math.log(lowest), Math.log(highest)));
  }

  /** One of a list, by the fault's own chance. */
  pick<T>(name: FaultName, list: readonly T[]): T {
    return list[Math.floor(this.#branch(name).next() * list.length)]!;
  }

  /** What is on, how often it strikes and has struck, and what there is. */
  describe(): JsonObject {
    return {
      seed: this.#seed,
      faults: Object.fromEntries(FAULT_NAMES.map((name) => [name, this.#odds.get(name) ?? 0])),
      struck: Object.fromEntries(FAULT_NAMES.map((name) => [name, this.struck(name)])),
      about: Object.fromEntries(FAULT_NAMES.map((name) => [name, FAULTS[name].about])),
    };
  }

  #note(name: FaultName, isStruck: boolean): boolean {
    if (isStruck) this.#struck.set(name, this.struck(name) + 1);
    return isStruck;
  }

  #branch(name: FaultName): Random {
    const branch = this.#branches.get(name) ?? new Random(this.#seedOf(name));
    this.#branches.set(name, branch);
    return branch;
  }

  #seedOf(name: string): number {
    return createHash('sha256').update(`${this.#seed} ${name}`).digest().readUInt32BE();
  }
}

/**
 * Reads `all`, or names with commas, each perhaps with its probability: `webhook-twice,server-error=0.2`.
 * @throws SimulatorError `bad-input`
 */
export function readFaults(text: string): WantedFaults {
  const wanted: Record<string, boolean | number> = {};
  for (const part of text.split(',').filter((each) => each.trim() !== '')) {
    const [name = '', odds] = part.split('=');
    wanted[name.trim()] = odds === undefined ? true : odds.trim() === '' ? NaN : Number(odds);
  }
  oddsOf(wanted);
  return wanted;
}

/**
 * Reads which faults are wanted, and perhaps a seed, out of JSON or a setting: a text as {@link readFaults} takes it,
 * or an object such as `{"webhook-twice":true,"server-error":0.2,"seed":7}`.
 * @throws SimulatorError `bad-input`
 */
export function toFaultsAndSeed(input: unknown): { wanted: WantedFaults; seed?: number } {
  if (typeof input === 'string') return { wanted: readFaults(input) };
  if (!isObject(input)) {
    throw new SimulatorError('bad-input', 'Faults are "all", names with commas, or an object.');
  }
  const { seed, ...wanted } = input;
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    throw new SimulatorError('bad-input', 'The seed of the faults must be a whole number.');
  }
  oddsOf(wanted);
  return seed === undefined ? { wanted } : { wanted, seed: seed as number };
}

function oddsOf(wanted: object): Map<FaultName, number> {
  const { all = false, ...named } = wanted as Record<string, unknown>;
  const odds = new Map(FAULT_NAMES.map((name) => [name, oddsFor(name, all)]));
  for (const [name, value] of Object.entries(named)) {
    if (!isFaultName(name)) throw new SimulatorError('bad-input', `There is no fault "${name}".`);
    odds.set(name, oddsFor(name, value));
  }
  return odds;
}

function oddsFor(name: FaultName, value: unknown): number {
  if (value === true) return FAULTS[name].odds;
  if (value === false) return 0;
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw new SimulatorError('bad-input', `How often "${name}" strikes must be from 0 to 1.`);
}
