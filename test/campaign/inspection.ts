import { isDeepStrictEqual } from 'node:util';
import { checkPermission, type Ask } from '../../src/actions';
import type { Verdict } from '../../src/rules';
import type { PairState } from '../../src/simulator';
import type { Chance } from './chance';
import type { Figures } from './figures';
import type { Person } from './population';
import { LONGEST_WAY, type Referee } from './referee';
import type { World } from './world';

const SECOND = 1000;

/** The longest wait for a limit that the campaign sits out by moving the clock, in milliseconds. */
const LONGEST_WAIT = 8 * 24 * 3_600_000;

/** Whether it is waited for what `retryAt` of the verdict tells: the end of "limited", or that one may ask again. */
const isWaiting = ({ state, canRequest }: Verdict, verdict: Verdict): boolean =>
  verdict.state === 'limited' ? state === 'limited' : state === 'revoked' && !canRequest;

/** Compares our verdict with what WhatsApp truly holds. */
export class Inspection {
  constructor(
    private readonly world: World,
    private readonly referee: Referee,
    private readonly chance: Chance,
    private readonly figures: Figures,
    private readonly isExact: boolean,
  ) {}

  /** Compares once nothing is on its way; passes over somebody with whom something keeps happening. */
  async compare(person: Person): Promise<void> {
    if (!(await this.#quieten(person))) return this.figures.count('comparisons passed over');
    const ask = this.chance.pick<Ask>(['auto', 'auto', 'never', 'always']);
    const verdict = await this.#verdict(person, ask);
    this.figures.count('comparisons');
    this.#judgePermissive(person, verdict, ask);
    // Without asking, a record may be what it must be where it does not know: stricter.
    const differences = ask === 'never' ? [] : this.#differences(person, verdict);
    if (differences.length > 0) await this.#explain(person, differences);
  }

  /** Waits for the moment at which the verdict says that it changes: not a millisecond earlier, and then. */
  async sitOut(person: Person): Promise<void> {
    if (!(await this.#quieten(person))) return;
    const verdict = await this.#verdict(person, 'never');
    const { retryAt } = verdict;
    if (
      !isWaiting(verdict, verdict) ||
      retryAt === null ||
      retryAt > this.world.now() + LONGEST_WAIT
    )
      return;
    const heardAt = this.referee.heardAt(person.waId);
    const account = await this.world.account.records.readAccount();
    const isUndisturbed = async (): Promise<boolean> =>
      this.referee.heardAt(person.waId) === heardAt &&
      isDeepStrictEqual(account, await this.world.account.records.readAccount());
    await this.world.clock.moveTo(retryAt - 1);
    const before = await this.#snapshot(person);
    if (!(await isUndisturbed())) return;
    await this.world.clock.moveTo(retryAt);
    const after = await this.#snapshot(person);
    if (!(await isUndisturbed())) return;
    this.figures.count('waits until retryAt');
    if (!isWaiting(before.verdict, verdict))
      this.#object(person, `not limited 1 ms before ${retryAt}`);
    if (isWaiting(after.verdict, verdict)) this.#object(person, `still limited at ${retryAt}`);
    await this.world.pass(LONGEST_WAY + 1);
    if (!(await isUndisturbed())) return;
    for (const { verdict: ours, truth } of [before, after]) {
      for (const what of permissive(ours, truth)) this.#object(person, `${what} around retryAt`);
    }
  }

  /** Lets a webhook's time pass until nothing changes at WhatsApp in it. */
  async #quieten(person: Person): Promise<boolean> {
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const before = this.world.truth(person);
      await this.world.pass(LONGEST_WAY + 1);
      if (isDeepStrictEqual(before, this.world.truth(person))) return true;
    }
    return false;
  }

  async #verdict(person: Person, ask: Ask): Promise<Verdict> {
    const { verdict } = await checkPermission(
      this.world.account,
      this.chance.pick(this.referee.knownNames(person)),
      ask,
    );
    await this.world.settle();
    return verdict;
  }

  async #snapshot(person: Person): Promise<{ verdict: Verdict; truth: PairState }> {
    return { verdict: await this.#verdict(person, 'never'), truth: this.world.truth(person) };
  }

  #judgePermissive(person: Person, verdict: Verdict, ask: Ask): void {
    for (const what of permissive(verdict, this.world.truth(person))) {
      if (ask === 'never' && this.#saidTwoThingsAtOnce(person)) {
        this.figures.count('tolerated: two words in one second, and WhatsApp not asked');
      } else
        this.#object(
          person,
          `${what} (asking WhatsApp: ${ask}), and WhatsApp would refuse`,
          verdict,
        );
    }
    const isOptedOut = this.referee.optedOut.has(person.waId);
    if (isOptedOut !== (verdict.reason === 'opted-out')) {
      this.#object(person, isOptedOut ? 'opted out, and not known' : 'not opted out', verdict);
    }
  }

  #differences(person: Person, verdict: Verdict): string[] {
    if (!this.isExact || this.referee.optedOut.has(person.waId)) return [];
    const truth = this.world.truth(person);
    const { canCall, canRequest, kind, expiresAt, unanswered } = verdict;
    return [
      ...differing('canCall', canCall, truth.canCall),
      ...differing('canRequest', canRequest, truth.canRequest),
      ...differing('kind', kind, truth.permission),
      ...differing('expiresAt', expiresAt, truth.expiresAt),
      ...differing('unanswered', unanswered, truth.unanswered),
    ];
  }

  /**
   * A difference, on the stricter side, may stem from WhatsApp's whole seconds alone. Then it is gone a second later,
   * or, where the user said two things in one second, once WhatsApp was asked.
   */
  async #explain(person: Person, differences: string[]): Promise<void> {
    const verdict = await this.#verdict(person, 'auto');
    if (
      this.#isTakenElsewhere(person) &&
      differences.every((one) => /^(canRequest|unanswered)/.test(one))
    ) {
      return this.figures.count("tolerated: a user's call was taken elsewhere and is still on");
    }
    const before = this.world.truth(person);
    await this.world.pass(SECOND);
    const later = await this.#verdict(person, 'auto');
    if (!isDeepStrictEqual(before.callInProgress, this.world.truth(person).callInProgress)) return;
    if (this.#differences(person, later).length === 0) {
      return this.figures.count('tolerated: stricter for less than a second');
    }
    if (this.#saidTwoThingsAtOnce(person)) {
      // While calling is off WhatsApp answers no look-up either.
      if (!this.world.number.settings.isCallingOn) return;
      const asked = await this.#verdict(person, 'always');
      const left = this.#differences(person, asked);
      if (left.length === 0) return this.figures.count('tolerated: two words in one second');
    }
    this.#object(person, differences.join(', '), verdict);
  }

  #isTakenElsewhere({ waId }: Person): boolean {
    return this.referee.ledger.callsWith(waId).some(({ isOurs }) => !isOurs);
  }

  #saidTwoThingsAtOnce({ waId }: Person): boolean {
    const words = this.referee.ledger.words(waId);
    const last = Math.max(...words.map(({ at }) => at));
    return new Set(words.filter(({ at }) => at === last).map(({ until }) => until)).size > 1;
  }

  #object({ waId, kind }: Person, problem: string, verdict?: Verdict): void {
    const truth = JSON.stringify(this.world.number.state(waId));
    const ours = verdict === undefined ? '' : ` we say ${JSON.stringify(verdict)};`;
    this.referee.object(`${waId} (${kind}): ${problem};${ours} WhatsApp holds ${truth}`);
  }
}

/** What our verdict allows and WhatsApp does not. */
const permissive = (verdict: Verdict, truth: PairState): string[] => [
  ...(verdict.canCall && !truth.canCall ? ['callable'] : []),
  ...(verdict.canRequest && !truth.canRequest ? ['may be asked'] : []),
];

const differing = (name: string, ours: unknown, truth: unknown): string[] =>
  ours === truth ? [] : [`${name} is ${String(ours)} and truly ${String(truth)}`];
