import {
  checkPermission,
  endCall,
  placeCall,
  requestPermission,
  revoke,
  type Ask,
  type WantedRequest,
} from '../../src/actions';
import type { ContactNames } from '../../src/rules';
import { SimulatorError, exampleOffer, type VirtualUser } from '../../src/simulator';
import type { Chance, Weighted } from './chance';
import type { Crowd } from './crowd';
import type { Figures } from './figures';
import { newMood, type Move, type Person } from './population';
import type { World } from './world';

const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What the steps of a campaign need of whoever judges them. */
export interface Umpire {
  readonly optedOut: Set<string>;
  /** The calls of which something is known, by their ids. */
  readonly calls: ReadonlyMap<string, { id: string; waId: string; isOurs: boolean }>;
  /** The names by which a flow can know somebody. */
  knownNames(person: Person): readonly ContactNames[];
  /** Somebody's choice is about to be stored. */
  choosing?(waId: string): void;
  object(problem: string): void;
}

/** Does one thing and says what it did, for the trail. */
type Step = () => Promise<string>;

/** Everything that can happen in a campaign: actions of ours, moves of users, and time that passes. */
export class Steps {
  readonly #options: readonly Weighted<Step>[] = [
    [6, () => this.#check()],
    [14, () => this.#request()],
    [24, () => this.#place()],
    [3, () => this.#twice()],
    [5, () => this.#hangUp()],
    [3, () => this.#takeElsewhere()],
    [0.5, () => this.#optOut()],
    [1, () => this.#restore()],
    [16, () => this.#move()],
    [0.3, () => this.#troubleNumber()],
    [1, () => this.#goToExpiry()],
    [28, () => this.#passTime()],
  ];

  #troubledUntil = -Infinity;

  constructor(
    private readonly world: World,
    private readonly referee: Umpire,
    private readonly crowd: Crowd,
    private readonly chance: Chance,
    private readonly figures: Figures,
  ) {}

  /** At least a millisecond passes before a step, as between any two things that one process does. */
  async take(): Promise<string> {
    await this.world.pass(1);
    const told = await this.chance.weighted(this.#options)();
    await this.world.settle();
    return told;
  }

  async #check(): Promise<string> {
    const ask = this.chance.pick<Ask>(['auto', 'auto', 'always', 'never']);
    const { verdict } = await checkPermission(this.world.account, this.#name(), ask);
    return `check permission of ${this.#who} (${ask}): ${verdict.state}, ${verdict.reason}`;
  }

  async #request(): Promise<string> {
    const { sent, verdict } = await this.#send('request', this.#name());
    return `request permission of ${this.#who}: ${sent ? 'sent' : `${verdict.state}, ${verdict.reason}`}`;
  }

  async #place(): Promise<string> {
    const { sent, verdict } = await this.#send('call', this.#name());
    if (!sent && verdict.state === 'limited') this.figures.count(`held back: ${verdict.reason}`);
    return `call ${this.#who}: ${sent ? `sent ${sent.id}` : `${verdict.state}, ${verdict.reason}`}`;
  }

  /** Two messages at once, perhaps under different names of one person: only one call may get through. */
  async #twice(): Promise<string> {
    const what = this.chance.pick(['request', 'call'] as const);
    const names = [this.#name(), this.#nameOf(this.crowd.current)];
    const attempts = await Promise.allSettled(names.map((name) => this.#send(what, name)));
    const failed = attempts.find((attempt) => attempt.status === 'rejected');
    const sent = attempts.filter(
      (attempt) => attempt.status === 'fulfilled' && attempt.value.sent !== null,
    ).length;
    if (sent > 1 && what === 'call')
      this.referee.object(`Two ${what}s at once went to ${this.#who}`);
    if (failed !== undefined) throw failed.reason;
    return `two ${what}s at once to ${this.#who}: ${sent} sent`;
  }

  #send(what: 'request' | 'call', name: ContactNames) {
    const { account } = this.world;
    if (what === 'call') return placeCall(account, name, { sdp: exampleOffer() });
    const kind = this.chance.pick<WantedRequest['kind']>(['auto', 'auto', 'template', 'free-form']);
    return requestPermission(account, name, {
      kind,
      template: { name: 'may_we_call', language: 'en' },
    });
  }

  async #hangUp(): Promise<string> {
    const ids = [...this.referee.calls.keys()];
    if (ids.length === 0) return 'hang up: nothing to do';
    const id = this.chance.pick(ids);
    const names = await endCall(this.world.account, id);
    return `hang up ${id} with ${names?.waId ?? names?.phone ?? names?.userId ?? 'nobody known'}`;
  }

  /** Another system of the business takes a user's call; some time the user hangs up. */
  async #takeElsewhere(): Promise<string> {
    const calls = [...this.referee.calls.values()].filter(({ isOurs }) => !isOurs);
    if (calls.length === 0) return "take a user's call elsewhere: nothing to do";
    const { id, waId } = this.chance.pick(calls);
    if (!this.world.takeElsewhere(id)) return `take ${id} elsewhere: over already`;
    this.figures.count("users' calls taken elsewhere");
    const talk = this.chance.magnitude(SECOND, 3 * HOUR);
    this.world.clock.schedule(this.world.now() + talk, () => {
      possibly(() => this.world.simulator.user(waId).hangUp());
    });
    return `take ${id} of ${waId} elsewhere, for ${talk} ms`;
  }

  async #optOut(): Promise<string> {
    const name = this.#name();
    this.referee.choosing?.(this.crowd.current.waId);
    await revoke(this.world.account, name, 'opt-out');
    this.referee.optedOut.add(this.crowd.current.waId);
    return `${this.#who} opts out`;
  }

  async #restore(): Promise<string> {
    const [waId] = this.referee.optedOut;
    const person = waId === undefined ? this.crowd.next() : this.crowd.find(waId);
    this.referee.choosing?.(person.waId);
    await revoke(this.world.account, this.#nameOf(person), 'restore');
    this.referee.optedOut.delete(person.waId);
    return `${person.waId} is restored`;
  }

  async #move(): Promise<string> {
    const person = this.crowd.next();
    if (!person.isOnWhatsApp) return `${person.waId} has no WhatsApp and does nothing`;
    const move = this.chance.weighted(person.moves);
    const user = this.world.simulator.user(person.waId);
    const isDone = possibly(() => this.#moveOf(person, user, move));
    if (isDone) this.figures.count(`move: ${move}`);
    return `${person.waId} (${person.kind}): ${move}${isDone ? '' : ' (impossible)'}`;
  }

  #moveOf(person: Person, user: VirtualUser, move: Move): void {
    switch (move) {
      case 'grant':
        return user.grant();
      case 'revoke':
        return user.revoke();
      case 'write':
        return user.write('Hello');
      case 'ring':
        user.ring();
        return;
      case 'answer':
        return user.answer();
      case 'reject':
        return user.reject();
      case 'hang up':
        return user.hangUp();
      case 'accept':
        return user.accept();
      case 'accept for good':
        return user.accept(undefined, 'permanent');
      case 'decline':
        return user.decline();
      case 'ignore':
        return user.ignore();
      case 'change mood':
        return user.setScript(newMood(person, this.chance));
    }
  }

  /**
   * WhatsApp restricts the number for some hours, or somebody switches one of its settings off for a while: one
   * trouble at a time, since of two changes in one second nobody could tell the last.
   */
  async #troubleNumber(): Promise<string> {
    const { number } = this.world;
    if (this.world.now() < this.#troubledUntil) return 'the number has its trouble';
    if (this.chance.isLucky(0.3)) {
      const hours = this.chance.magnitude(1, 24);
      this.#troubledUntil = this.world.now() + hours * HOUR + 2 * SECOND;
      number.restrict(hours / 24);
      return `the number is restricted for ${hours} h`;
    }
    const setting = this.chance.pick(['status', 'callback_permission_status']);
    const length = this.chance.magnitude(SECOND, 4 * HOUR);
    this.#troubledUntil = this.world.now() + length + 2 * SECOND;
    number.changeSettings({ [setting]: 'DISABLED' });
    this.world.clock.schedule(this.world.now() + length, () =>
      number.changeSettings({ [setting]: 'ENABLED' }),
    );
    return `the number's ${setting} is off for ${length} ms`;
  }

  /** To the end of somebody's temporary permission, or one millisecond before it, and a call there. */
  async #goToExpiry(): Promise<string> {
    const person = this.crowd.next();
    const { expiresAt } = this.world.truth(person);
    if (expiresAt === null) return `go to the expiry of ${person.waId}: nothing runs out`;
    const moment = expiresAt - this.chance.pick([0, 1]);
    if (moment > this.world.now()) await this.world.clock.moveTo(moment);
    const { sent } = await this.#send('call', this.#nameOf(person));
    return `call ${person.waId} ${expiresAt - moment} ms before the expiry: ${sent ? 'sent' : 'no'}`;
  }

  async #passTime(): Promise<string> {
    const ms = this.chance.weighted<() => number>([
      [20, () => this.chance.magnitude(1, SECOND)],
      [35, () => this.chance.magnitude(SECOND, 60 * SECOND)],
      [20, () => this.chance.magnitude(60 * SECOND, HOUR)],
      [8, () => this.chance.magnitude(HOUR, DAY)],
      [1, () => this.chance.magnitude(DAY, 4 * DAY)],
    ])();
    await this.world.pass(ms);
    return `${ms} ms pass`;
  }

  /** One of the names of whoever is next. */
  #name(): ContactNames {
    return this.#nameOf(this.crowd.next());
  }

  #nameOf(person: Person): ContactNames {
    return this.chance.pick(this.referee.knownNames(person));
  }

  get #who(): string {
    const { waId, kind } = this.crowd.current;
    return `${waId} (${kind})`;
  }
}

/** What a user does only where it is possible: nobody picks up a phone that does not ring. */
const IMPOSSIBLE = new Set(['no-request', 'no-call', 'call-in-progress', 'calling-off']);

function possibly(move: () => void): boolean {
  try {
    move();
    return true;
  } catch (error) {
    if (error instanceof SimulatorError && IMPOSSIBLE.has(error.code)) return false;
    throw error;
  }
}
