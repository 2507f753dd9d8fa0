import type { Ask } from '../../src/actions';
import type { Chance } from './chance';
import type { Figures } from './figures';
import { permissive, type Observer, type Snapshot } from './observer';
import type { Person } from './population';
import type { Referee } from './referee';
import type { World } from './world';

/** WhatsApp tells its times no finer, milliseconds. */
const WHOLE_SECOND = 1000;

type Difference = 'canCall' | 'canRequest' | 'kind' | 'expiresAt' | 'unanswered';

/** Compares our verdict with what WhatsApp holds: never more permissive and, where that is asked for, equal. */
export class Comparison {
  constructor(
    private readonly world: World,
    private readonly observer: Observer,
    private readonly referee: Referee,
    private readonly chance: Chance,
    private readonly figures: Figures,
    private readonly isExact: boolean,
  ) {}

  /** Compares once nothing is on its way; passes over somebody with whom something keeps happening. */
  async run(person: Person): Promise<void> {
    if (!(await this.observer.quieten(person)))
      return this.figures.count('comparisons passed over');
    const ask = this.chance.pick<Ask>(['auto', 'auto', 'never', 'always']);
    const seen = await this.observer.look(person, ask);
    this.figures.count('comparisons');
    this.#judgePermissive(person, seen, ask);
    this.#judgeOptOut(person, seen);
    // A record that does not know, and may not ask, is stricter.
    if (!this.isExact || ask === 'never' || this.referee.optedOut.has(person.waId)) return;
    const differences = differencesIn(seen);
    if (differences.length === 0) return;
    const excuse = await this.#excuse(person, differences);
    if (excuse === null) this.observer.object(person, `${differences.join(', ')} differ`, seen);
    else this.figures.count(`tolerated: ${excuse}`);
  }

  #judgePermissive(person: Person, seen: Snapshot, ask: Ask): void {
    const tooMuch = permissive(seen);
    if (tooMuch.length === 0) return;
    const coincidence = this.referee.ledger.coincidence(person.waId);
    if (ask === 'never' && coincidence !== null) {
      return this.figures.count(`tolerated: ${coincidence}, and WhatsApp not asked`);
    }
    this.observer.object(person, `${tooMuch.join(', ')} (asking WhatsApp: ${ask})`, seen);
  }

  #judgeOptOut(person: Person, seen: Snapshot): void {
    const isKnown = seen.verdict.reason === 'opted-out';
    if (isKnown === this.referee.optedOut.has(person.waId)) return;
    this.observer.object(person, isKnown ? 'has not opted out' : 'has opted out', seen);
  }

  /** What of WhatsApp's ways explains that we are stricter; null where nothing does. */
  async #excuse(person: Person, differences: Difference[]): Promise<string | null> {
    const isAmong = (...allowed: Difference[]): boolean =>
      differences.every((one) => allowed.includes(one));
    if (isAmong('canRequest', 'unanswered') && this.#isTakenElsewhere(person)) {
      return "a user's call was taken elsewhere, which is told at its end";
    }
    if (isAmong('unanswered') && this.referee.ledger.endedAtGrant(person.waId)) {
      return 'a call ended unanswered in the second of a grant';
    }
    const coincidence = this.referee.ledger.coincidence(person.waId);
    if (coincidence !== null) {
      if (!this.world.number.settings.isCallingOn) {
        return `${coincidence}, and WhatsApp answers nothing while calling is off`;
      }
      const asked = await this.observer.look(person, 'always');
      if (differencesIn(asked).length === 0) return `${coincidence}, until WhatsApp is asked`;
    }
    if (!isAmong('canCall', 'canRequest')) return null;
    await this.world.pass(WHOLE_SECOND);
    const later = await this.observer.look(person, 'never');
    return differencesIn(later).length === 0 ? 'stricter for less than a second' : null;
  }

  #isTakenElsewhere({ waId }: Person): boolean {
    return this.referee.ledger.callsWith(waId).some(({ isOurs }) => !isOurs);
  }
}

function differencesIn({ verdict, truth }: Snapshot): Difference[] {
  const pairs: Record<Difference, readonly [ours: unknown, theirs: unknown]> = {
    canCall: [verdict.canCall, truth.canCall],
    canRequest: [verdict.canRequest, truth.canRequest],
    kind: [verdict.kind, truth.permission],
    expiresAt: [verdict.expiresAt, truth.expiresAt],
    unanswered: [verdict.unanswered, truth.unanswered],
  };
  const names = Object.keys(pairs) as Difference[];
  return names.filter((name) => pairs[name][0] !== pairs[name][1]);
}
