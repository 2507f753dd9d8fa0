import { isDeepStrictEqual } from 'node:util';
import type { Verdict } from '../../src/rules';
import type { Figures } from './figures';
import { permissive, type Observer, type Snapshot } from './observer';
import type { Person } from './population';
import { LONGEST_WAY, type Referee } from './referee';
import type { World } from './world';

const SECOND = 1000;

/** The longest wait that is sat out, in milliseconds. */
const LONGEST_WAIT = 8 * 24 * 3_600_000;

/** Waits for the moment at which a verdict says that it changes: not a millisecond earlier, and then. */
export class Waiting {
  constructor(
    private readonly world: World,
    private readonly observer: Observer,
    private readonly referee: Referee,
    private readonly figures: Figures,
    private readonly isExact: boolean,
  ) {}

  /** Moves the clock to `retryAt`; a person who has no such moment, or is disturbed on the way, is passed over. */
  async run(person: Person): Promise<void> {
    if (!(await this.observer.quieten(person))) return;
    const { verdict } = await this.observer.look(person, 'never');
    const { retryAt } = verdict;
    if (!isWaiting(verdict, verdict) || retryAt === null) return;
    if (retryAt > this.world.now() + LONGEST_WAIT) return;
    const isUndisturbed = await this.#watch(person);
    const early = await this.#lookAt(person, Math.max(retryAt - SECOND, this.world.now()));
    const before = await this.#lookAt(person, retryAt - 1);
    const after = await this.#lookAt(person, retryAt);
    // What happened at WhatsApp meanwhile has been told by then.
    await this.world.pass(LONGEST_WAY + 1);
    if (!(await isUndisturbed())) return;
    this.figures.count('waits until retryAt');
    this.#judge(person, verdict, { early, before, after });
  }

  #judge(
    person: Person,
    verdict: Verdict,
    { early, before, after }: Record<'early' | 'before' | 'after', Snapshot>,
  ): void {
    if (!isWaiting(before.verdict, verdict)) {
      this.observer.object(person, 'waits no more 1 ms before retryAt', before);
    }
    if (isWaiting(after.verdict, verdict)) {
      this.observer.object(person, 'still waits at retryAt', after);
    }
    // Nobody may ask WhatsApp here, who alone would know.
    if (this.referee.ledger.coincidence(person.waId) !== null) return;
    for (const seen of [before, after]) {
      for (const what of permissive(seen)) {
        this.observer.object(person, `${what} around retryAt`, seen);
      }
    }
    // When a call that goes on will end nobody knows: that time is a guess, and told better.
    if (!this.isExact || verdict.reason === 'call-in-progress') return;
    for (const what of ['canCall', 'canRequest'] as const) {
      const isNew = after.verdict[what] && !before.verdict[what];
      if (isNew && early.truth[what]) {
        this.observer.object(person, `${what} holds for a second and more before retryAt`, early);
      }
    }
  }

  async #lookAt(person: Person, time: number): Promise<Snapshot> {
    if (time > this.world.now()) await this.world.clock.moveTo(time);
    return this.observer.look(person, 'never');
  }

  /** Tells later whether anything was heard about the person or the number since. */
  async #watch({ waId }: Person): Promise<() => Promise<boolean>> {
    const { records } = this.world.account;
    const heardAt = this.referee.heardAt(waId);
    const account = await records.readAccount();
    return async () =>
      this.referee.heardAt(waId) === heardAt &&
      isDeepStrictEqual(account, await records.readAccount());
  }
}

/** Whether it is waited for what `retryAt` of the verdict tells: the end of "limited", or that one may ask again. */
const isWaiting = ({ state, canRequest }: Verdict, verdict: Verdict): boolean =>
  verdict.state === 'limited' ? state === 'limited' : state === 'revoked' && !canRequest;
