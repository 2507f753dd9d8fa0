import { isDeepStrictEqual } from 'node:util';
import { checkPermission, type Ask } from '../../src/actions';
import type { Verdict } from '../../src/rules';
import type { PairState } from '../../src/simulator';
import type { Chance } from './chance';
import type { Person } from './population';
import { LONGEST_WAY, type Referee } from './referee';
import type { World } from './world';

/** What we say of a person, and what WhatsApp truly holds at that moment. */
export interface Snapshot {
  verdict: Verdict;
  truth: PairState;
}

/** Looks at a person from both sides. */
export class Observer {
  constructor(
    private readonly world: World,
    private readonly referee: Referee,
    private readonly chance: Chance,
  ) {}

  /** Lets a webhook's time pass until nothing changes at WhatsApp in it; false where it goes on changing. */
  async quieten(person: Person): Promise<boolean> {
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const before = this.world.truth(person);
      await this.world.pass(LONGEST_WAY + 1);
      if (isDeepStrictEqual(before, this.world.truth(person))) return true;
    }
    return false;
  }

  async look(person: Person, ask: Ask): Promise<Snapshot> {
    const name = this.chance.pick(this.referee.knownNames(person));
    const { verdict } = await checkPermission(this.world.account, name, ask);
    await this.world.settle();
    return { verdict, truth: this.world.truth(person) };
  }

  object({ waId, kind }: Person, problem: string, { verdict, truth }: Snapshot): void {
    const sides = `we say ${JSON.stringify(verdict)}; WhatsApp holds ${JSON.stringify(truth)}`;
    this.referee.object(`${waId} (${kind}): ${problem}; ${sides}`);
  }
}

/** What our verdict allows and WhatsApp does not. */
export const permissive = ({ verdict, truth }: Snapshot): string[] => [
  ...(verdict.canCall && !truth.canCall ? ['callable'] : []),
  ...(verdict.canRequest && !truth.canRequest ? ['may be asked'] : []),
];
