import { shapesFor } from '../../../src/actions/shapes';
import { Timers, type Account, type CallingEvent } from '../../../src/actions';
import type { CloudApi } from '../../../src/cloud-api';
import { fault } from '../../../src/cloud-api/errors';
import type { Clock } from '../../../src/clock';
import { Locks, Records } from '../../../src/records';
import {
  PRESETS,
  apply,
  tidy,
  type AccountState,
  type CallCounts,
  type ContactNames,
  type ContactRecord,
  type Fact,
  type PermissionAnswer,
  type Policy,
} from '../../../src/rules';
import { VirtualClock } from '../../../src/simulator';
import { MapStore } from '../../records/support/map-store';
import { keys } from '../../records/support/notes';
import { START } from '../../rules/support/facts';

/** Nothing is held, and everything else is allowed. */
const NO_PERMISSION: PermissionAnswer = {
  status: 'none',
  expiresAt: null,
  canRequest: true,
  canCall: false,
  requestsPer24h: null,
  requestsPer7d: null,
  connectedCallsPer24h: null,
};

/** An account with real records and timers, a clock that only the test moves, and a WhatsApp that answers as told. */
export class Watch {
  readonly store = new MapStore();
  readonly told: (CallingEvent & { toldAt: number })[] = [];
  readonly problems: unknown[] = [];
  readonly lookUps: number[] = [];
  /** What WhatsApp answers; null where it cannot be reached. */
  answer: Partial<PermissionAnswer> | null = {};
  policy: Policy = PRESETS.cautious;
  /** Timers that wait for their time. */
  armed = 0;
  account!: Account;
  #timers: Timers | null = null;
  readonly #locks = new Locks();
  readonly #clock = new VirtualClock({
    manual: true,
    now: START,
    onError: (error) => this.problems.push(error),
  });

  get now(): number {
    return this.#clock.now();
  }

  /** Starts as Node-RED does, with whatever the store holds. */
  start(): void {
    const clock = this.#countingClock();
    const records = new Records<ContactRecord, AccountState, CallCounts>({
      store: this.store,
      keys,
      locks: this.#locks,
      ...shapesFor(this.policy, false),
      report: (message) => this.problems.push(message),
      onScheduled: (at) => this.#timers?.scheduled(at),
    });
    this.account = {
      cloudApi: this.#cloudApi(),
      policy: this.policy,
      clock,
      records,
      newKey: String,
    };
    this.#timers = new Timers({
      account: this.account,
      tell: (events) => this.told.push(...events.map((each) => ({ ...each, toldAt: this.now }))),
      report: (problem) => this.problems.push(problem),
    });
    this.#timers.look();
  }

  /** Stops as Node-RED does; nothing becomes due until the next start. */
  async stop(): Promise<void> {
    await this.#timers?.close();
    this.#timers = null;
  }

  /** Reads the agenda anew, as after a deploy. */
  look(): void {
    this.#timers?.look();
  }

  /** Something happens to a contact. */
  async happens(contact: ContactNames, ...facts: Fact[]): Promise<void> {
    await this.account.records.update(contact, (record) => ({
      record: tidy(facts.reduce(apply, record), this.now),
      result: undefined,
    }));
  }

  /** Lets time pass; whatever becomes due on the way is over. */
  async pass(ms: number): Promise<void> {
    await this.#clock.advance(ms);
    await this.#clock.settled();
  }

  /** What the flow heard, as `<type> <milliseconds after the start at which it was told>`, and forgets it. */
  heard(): [string, number][] {
    return this.told.splice(0).map(({ type, toldAt }) => [type, toldAt - START]);
  }

  #cloudApi(): CloudApi {
    const lookUpPermission = async () => {
      this.lookUps.push(this.now);
      if (this.answer === null) throw fault('network-down', 'not-sent');
      return { sentAt: this.now, answer: { ...NO_PERMISSION, ...this.answer } };
    };
    return { lookUpPermission } as unknown as CloudApi;
  }

  #countingClock(): Clock {
    return {
      now: () => this.now,
      schedule: (time, task) => {
        this.armed += 1;
        let isOver = false;
        const end = (): void => {
          if (!isOver) this.armed -= 1;
          isOver = true;
        };
        const cancel = this.#clock.schedule(time, () => {
          end();
          return task();
        });
        return () => {
          end();
          cancel();
        };
      },
    };
  }
}
