import type { Chance } from './chance';
import type { Person } from './population';

/** How many people are in the middle of things at a time, and for how many steps. */
const FOCUS = 3;
const FOCUS_LASTS = 60;

/** Chooses whom a step is about: mostly one of a few who change over time, so that much happens to each of them. */
export class Crowd {
  #focus: Person[] = [];
  #turns = 0;
  #current: Person;

  constructor(
    private readonly people: readonly Person[],
    private readonly chance: Chance,
  ) {
    this.#current = people[0]!;
  }

  /** The one who was chosen last. */
  get current(): Person {
    return this.#current;
  }

  next(): Person {
    if (this.#turns++ % FOCUS_LASTS === 0) {
      this.#focus = Array.from({ length: FOCUS }, () => this.chance.pick(this.people));
    }
    this.#current = this.chance.pick(this.chance.isLucky(0.85) ? this.#focus : this.people);
    return this.#current;
  }

  find(waId: string): Person {
    return this.people.find((person) => person.waId === waId)!;
  }
}
