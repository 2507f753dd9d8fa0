import type { Policy } from '../../src/rules';
import { Knowledge } from './knowledge';
import type { Sent } from './known-call';
import type { Letter } from './letters';
import { numbersOf, type Person } from './population';

/** What is known of a person; what came under the user id alone waits until it is known whose that is. */
export interface Page {
  person: Person;
  knowledge: Knowledge;
  isLinked: boolean;
  /** Since when, epoch milliseconds. */
  linkedAt: number;
  /** Whether an answer may have told it; some answers leave the contacts out. */
  mayBeLinked: boolean;
  waiting: Letter[];
  /** What was sent and has not taken effect yet. */
  late: { what: 'call' | 'request'; sent: Sent }[];
}

/** What is known of everybody, by any of their names. */
export class Pages {
  readonly all: readonly Page[];
  readonly #byName: ReadonlyMap<string, Page>;

  constructor(people: readonly Person[], policy: Policy) {
    this.all = people.map((person) => ({
      person,
      knowledge: new Knowledge(policy),
      isLinked: false,
      linkedAt: Infinity,
      mayBeLinked: false,
      waiting: [],
      late: [],
    }));
    this.#byName = new Map(
      this.all.flatMap((page) => {
        const { userId } = page.person;
        const names = [...numbersOf(page.person), ...(userId === null ? [] : [userId])];
        return names.map((name) => [name, page] as const);
      }),
    );
  }

  /** @param name a number in any spelling, or a user id */
  of(name: string): Page {
    const page = this.#byName.get(name.replace('+', ''));
    if (page === undefined) throw new Error(`Somebody unknown was addressed: ${name}`);
    return page;
  }
}
