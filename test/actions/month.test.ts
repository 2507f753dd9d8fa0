import { deepEqual, equal, ok } from 'node:assert/strict';
import { remind } from '../../src/actions';
import {
  DAY,
  HOUR,
  MINUTE,
  WEEK,
  decide,
  emptyAccountState,
  type ContactNames,
  type Fact,
} from '../../src/rules';
import { names } from '../records/support/notes';
import { seeded } from '../records/support/wayward-context';
import {
  START,
  callAccepted,
  callStep,
  ended,
  granted,
  placed,
  requestAccepted,
  requested,
  withdrawn,
} from '../rules/support/facts';
import { Watch } from './support/watch';

const MONTH = 30 * DAY;
const PEOPLE = 300;

/** Something that happens to somebody, and the event that must follow; null where none may. */
interface Plan {
  who: ContactNames;
  at: number;
  facts: (at: number) => Fact[];
  expected: { type: string; at: number } | null;
  remindAt?: number;
}

const anyMoment = (random: () => number, from: number, to: number): number =>
  from + Math.floor(random() * (to - from));

/** Plans of one contact, one after the other and far enough apart not to meet. */
function plansOf(who: ContactNames, random: () => number): Plan[] {
  const plans: Plan[] = [];
  let at = START + anyMoment(random, 0, DAY);
  for (let count = 0; at < START + MONTH - 9 * DAY; count += 1) {
    const key = `k${count}`;
    const lasts = anyMoment(random, HOUR, WEEK);
    const kinds: Omit<Plan, 'who' | 'at'>[] = [
      {
        facts: (now) => [granted(now, now + lasts)],
        expected: { type: 'permission-expired', at: at + lasts },
      },
      { facts: (now) => [granted(now, now + lasts), withdrawn(now + 2000)], expected: null },
      {
        facts: (now) => [requested(now, key), requestAccepted(now, key)],
        expected: { type: 'request-lapsed', at: at + WEEK },
      },
      {
        facts: (now) => [placed(now, key), callAccepted(now, key)],
        expected: { type: 'call-ended', at: at + 5 * MINUTE },
      },
      {
        facts: (now) => [placed(now, key), callStep('ringing', now, key), ended(now + 9000, key)],
        expected: null,
      },
      { facts: () => [], expected: { type: 'try-again', at: at + lasts }, remindAt: at + lasts },
    ];
    plans.push({ who, at, ...kinds[Math.floor(random() * kinds.length)]! });
    at += WEEK + anyMoment(random, 8 * HOUR, 3 * DAY);
  }
  return plans;
}

describe('a month of many contacts, with restarts in between', () => {
  for (const seed of [1, 2, 3]) {
    it(`every event comes once, none early, none a minute late while running (seed ${seed})`, async function () {
      this.timeout(60_000);
      const random = seeded(seed);
      const watch = new Watch();
      watch.start();
      const plans = Array.from({ length: PEOPLE }, (_, index) =>
        plansOf(names({ waId: String(34600100000 + index) }), random),
      )
        .flat()
        .toSorted((a, b) => a.at - b.at);
      const runningSince: [number, number][] = [];
      let startedAt = START;
      for (const [index, plan] of plans.entries()) {
        await watch.pass(plan.at - watch.now);
        await watch.happens(plan.who, ...plan.facts(plan.at));
        if (plan.remindAt !== undefined) await wantsReminder(watch, plan.who, plan.remindAt);
        if (index % 60 === 59) {
          runningSince.push([startedAt, watch.now]);
          await watch.stop();
          await watch.pass(anyMoment(random, 0, 6 * HOUR));
          // What would have happened in the downtime happens at its end: it is heard late.
          watch.start();
          startedAt = watch.now;
          for (const late of plans.slice(index + 1))
            if (late.at < startedAt) shift(late, startedAt);
        }
      }
      await watch.pass(MONTH);
      runningSince.push([startedAt, Infinity]);
      judge(watch, plans, runningSince);
      equal(watch.armed, 0);
      await watch.stop();
    });
  }
});

async function wantsReminder(watch: Watch, who: ContactNames, retryAt: number): Promise<void> {
  const { record } = await watch.account.records.read(who);
  const verdict = decide(record, emptyAccountState(), watch.policy, watch.now);
  await remind(watch.account, who, { ...verdict, retryAt }, undefined);
}

/** Lets a plan begin later, and all that follows of it. */
function shift(plan: Plan, to: number): void {
  const by = to - plan.at;
  plan.at = to;
  if (plan.expected) plan.expected.at += by;
  if (plan.remindAt !== undefined) plan.remindAt += by;
}

function judge(watch: Watch, plans: Plan[], running: [number, number][]): void {
  const nameOf = (who: ContactNames, type: string, at: number) => `${who.waId} ${type} ${at}`;
  const expected = plans.flatMap(({ who, expected: event }) =>
    event ? [nameOf(who, event.type, event.at)] : [],
  );
  const told = watch.told.map(({ contact, type, at }) => nameOf(contact!, type, at));
  deepEqual(told.toSorted(), expected.toSorted());
  for (const { type, at, toldAt } of watch.told) {
    ok(toldAt >= at, `${type} was told early`);
    // A call that is found silent late gets its five minutes from then.
    const grace = type === 'call-ended' ? 5 * MINUTE : 0;
    const [since] = running.find(([from, until]) => until >= Math.max(at, from + grace) + MINUTE)!;
    ok(toldAt <= Math.max(at, since + grace) + MINUTE, `${type} came ${toldAt - at} ms late`);
  }
  deepEqual(watch.problems, []);
}
