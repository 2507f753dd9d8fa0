import { checkPermission, type Ask } from '../../src/actions';
import type { Verdict } from '../../src/rules';
import type { PairState } from '../../src/simulator';
import type { Chance } from './chance';
import type { FaultReferee } from './fault-referee';
import type { Figures } from './figures';
import type { Person } from './population';
import type { World } from './world';

/** Compares our verdict with what we had to know, and with what WhatsApp holds where it was just asked. */
export class FaultComparison {
  constructor(
    private readonly world: World,
    private readonly referee: FaultReferee,
    private readonly chance: Chance,
    private readonly figures: Figures,
  ) {}

  /** @throws what {@link checkPermission} throws where WhatsApp cannot be asked */
  async run(person: Person): Promise<void> {
    const ask = this.chance.pick<Ask>(['auto', 'auto', 'never', 'always']);
    // Between what was heard and what is decided by it at least a millisecond passes.
    await this.world.pass(1);
    await this.world.settle();
    const name = this.chance.pick(this.referee.knownNames(person));
    const { verdict, checked } = await checkPermission(this.world.account, name, ask);
    await this.world.settle();
    const truth = this.world.truth(person);
    this.figures.count('comparisons');
    this.#judgeKnown(person, verdict, truth, ask);
    this.#judgeOptOut(person, verdict, truth);
    if (checked === 'whatsapp') this.#judgeHealed(person, verdict, truth);
  }

  /** Nothing that we know stands against what is allowed, whatever WhatsApp holds. */
  #judgeKnown(person: Person, verdict: Verdict, truth: PairState, ask: Ask): void {
    const now = this.world.now();
    for (const what of ['call', 'request'] as const) {
      const isAllowed = what === 'call' ? verdict.canCall : verdict.canRequest;
      const isPossible = what === 'call' ? truth.canCall : truth.canRequest;
      if (!isAllowed) continue;
      const obstacle = this.referee.obstacle(what, person.waId, now);
      if (obstacle !== null) this.#object(person, `${what}, though ${obstacle}`, verdict, truth);
      else if (!isPossible) this.figures.count(`allowed by what could be known: ${what}`);
    }
    if (ask === 'never' || !(verdict.canCall || verdict.canRequest)) return;
    if (this.referee.page(person.waId).knowledge.isFresh(now)) return;
    this.#object(person, 'trusted though WhatsApp was not asked for long', verdict, truth);
  }

  #judgeOptOut(person: Person, verdict: Verdict, truth: PairState): void {
    const isKnown = verdict.reason === 'opted-out';
    const isSaid = this.referee.hasOptedOut(person.waId);
    if (isSaid === null || isKnown === isSaid) return;
    this.#object(person, isKnown ? 'has not opted out' : 'has opted out', verdict, truth);
  }

  /** Once WhatsApp was asked it does not matter what was lost on the way. */
  #judgeHealed(person: Person, verdict: Verdict, truth: PairState): void {
    if (verdict.reason === 'opted-out' || this.referee.number.obstacle(this.world.now())) {
      return;
    }
    this.figures.count('comparisons just after asking WhatsApp');
    const { reason } = verdict;
    if (reason === 'account-not-eligible' && this.referee.isNumberKnown) {
      this.#object(person, 'the number is not healed', verdict, truth);
    }
    if ((verdict.kind === 'none') !== (truth.permission === 'none')) {
      this.#object(person, 'not healed by asking WhatsApp', verdict, truth);
    }
    if (truth.canCall && !verdict.canCall) this.figures.count(`stricter: call, ${reason}`);
    if (verdict.kind === 'none' && truth.canRequest && !verdict.canRequest) {
      this.figures.count(`stricter: request, ${reason}`);
    }
  }

  #object({ waId, kind }: Person, problem: string, verdict: Verdict, truth: PairState): void {
    const sides = `we say ${JSON.stringify(verdict)}; WhatsApp holds ${JSON.stringify(truth)}`;
    this.referee.object(`${waId} (${kind}): ${problem}; ${sides}`);
  }
}
