/**
 * A second, naive reading of the rules, written from their words and not from the code: it goes through the
 * facts as they are and keeps no record.
 */
import type { CallEnded, Fact, Policy } from '../../../src/rules';

const HOUR = 3_600_000;

/** WhatsApp tells whole seconds: a thing may have happened at the end of its second, never after we heard of it. */
const momentOf = (fact: { at: number; heard?: number }): number =>
  fact.heard === undefined ? fact.at : Math.min(fact.at + 999, fact.heard);

const isOneSecond = (a: number, b: number): boolean =>
  Math.floor(a / 1000) === Math.floor(b / 1000);

/** An unanswered call and a grant in one second: the call counts. */
const startOfSecond = (time: number): number => Math.floor(time / 1000) * 1000;

interface Call {
  isOurs: boolean;
  facts: Fact[];
}

function callsIn(facts: Fact[]): Call[] {
  const ids = new Map<string, string>();
  for (const fact of facts) if (fact.type === 'call-accepted') ids.set(fact.id, fact.key);
  const calls = new Map<string, Fact[]>();
  for (const fact of facts) {
    const isOfCall =
      ['placed', 'call-accepted', 'call-released', 'connecting', 'ringing'].includes(fact.type) ||
      ['answered', 'rejected', 'ended', 'hung-up'].includes(fact.type);
    if (!isOfCall) continue;
    const { key, id } = fact as { key?: string; id?: string };
    const name = key ?? ids.get(id!) ?? id!;
    calls.set(name, [...(calls.get(name) ?? []), fact]);
  }
  return [...calls.values()]
    .filter((list) => !list.some(({ type }) => type === 'call-released'))
    .map((list) => ({
      isOurs: !list.some((fact) => 'direction' in fact && fact.direction === 'user'),
      facts: list,
    }));
}

const find = (call: Call, type: Fact['type']): number | undefined => {
  const fact = call.facts.find((each) => each.type === type);
  return fact && momentOf(fact);
};

function pickUp(call: Call): number | undefined {
  const end = call.facts.find((fact): fact is CallEnded => fact.type === 'ended');
  const times = [find(call, 'answered')];
  if (end && end.startedAt !== null)
    times.push(Math.min(end.startedAt + 999, end.heard ?? end.startedAt));
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function endOf(call: Call): number {
  const told = find(call, 'ended') ?? find(call, 'rejected') ?? find(call, 'hung-up');
  if (told !== undefined) return told;
  const start = pickUp(call);
  if (start !== undefined) return start + 4 * HOUR;
  return Math.max(...call.facts.map(momentOf)) + 5 * 60_000;
}

function isUnanswered(call: Call): boolean {
  if (pickUp(call) !== undefined) return false;
  const hasRung = find(call, 'ringing') !== undefined;
  if (find(call, 'rejected') !== undefined) return true;
  const hasFailed = call.facts.some((fact) => fact.type === 'ended' && fact.failed);
  return hasFailed || find(call, 'hung-up') !== undefined ? hasRung : true;
}

/** Pick-ups up to `now`, of our own calls or in either direction. */
export function connects(facts: Fact[], now: number, which: 'ours' | 'all'): number[] {
  return callsIn(facts)
    .filter(({ isOurs }) => which === 'all' || isOurs)
    .flatMap((call) => pickUp(call) ?? [])
    .filter((at) => at <= now);
}

/** The unanswered calls in a row at each of their ends, up to `now`; the last is how it stands. */
export function streaks(facts: Fact[], now: number): { at: number; count: number }[] {
  const clears = [
    ...connects(facts, now, 'all'),
    ...facts.filter(({ type }) => type === 'granted').map((fact) => startOfSecond(momentOf(fact))),
  ].map((at) => ({ at, adds: 0 }));
  const ends = callsIn(facts)
    .filter((call) => call.isOurs && isUnanswered(call))
    .map((call) => ({ at: endOf(call), adds: 1 }));
  let count = 0;
  return [...clears, ...ends]
    .filter(({ at }) => at <= now)
    .toSorted((a, b) => a.at - b.at || a.adds - b.adds)
    .map(({ at, adds }) => ({ at, count: (count = adds === 0 ? 0 : count + 1) }));
}

interface Word {
  at: number;
  /** Whose: the user's by webhook, or WhatsApp's by an answer. */
  by: 'user' | 'whatsapp';
  allows: boolean;
  /** The last moment it can hold, if nothing takes it away. */
  until: number;
  isEndTold: boolean;
}

function wordsIn(facts: Fact[], policy: Policy, now: number): Word[] {
  return facts
    .flatMap((fact): Word[] => {
      const at = momentOf(fact);
      const word = (by: Word['by'], kind: string, expiresAt: number | null): Word => ({
        at,
        by,
        allows: kind === 'temporary' || kind === 'permanent',
        until: kind === 'permanent' ? Infinity : (expiresAt ?? at + policy.permissionLasts * HOUR),
        isEndTold: kind === 'permanent' || expiresAt !== null,
      });
      if (fact.type === 'granted') return [word('user', fact.kind, fact.expiresAt)];
      if (fact.type === 'refused') return [word('user', 'refused', null)];
      if (fact.type === 'whatsapp-told') return [word('whatsapp', fact.status, null)];
      if (fact.type === 'whatsapp-answered')
        return [word('whatsapp', fact.answer.status, fact.answer.expiresAt)];
      return [];
    })
    .filter(({ at }) => at <= now);
}

/** Whether a permission is held: `no`, `yes`, or `maybe` where the rules leave it open (two words at one moment). */
export function permission(facts: Fact[], policy: Policy, now: number): 'yes' | 'no' | 'maybe' {
  const words = wordsIn(facts, policy, now);
  const latest = Math.max(...words.filter(({ allows }) => allows).map(({ at }) => at));
  const candidates = words.filter((word) => word.allows && word.at === latest);
  const judged = candidates.map((word) => stands(word, words, facts, policy, now));
  if (!judged.includes('yes') && !judged.includes('maybe')) return 'no';
  return judged.every((each) => each === 'yes') ? 'yes' : 'maybe';
}

function stands(
  word: Word,
  words: Word[],
  facts: Fact[],
  policy: Policy,
  now: number,
): 'yes' | 'no' | 'maybe' {
  const refusals = words.filter(({ allows }) => !allows);
  const isTaken = refusals.some(
    ({ at, by }) =>
      at > word.at ||
      (by === 'user' && isOneSecond(at, word.at)) ||
      (at === word.at && word.by === 'whatsapp'),
  );
  const isRevoked = streaks(facts, Math.min(now, word.until)).some(
    ({ at, count }) => at >= word.at && count >= policy.revokeAfter,
  );
  if (isTaken || isRevoked || now >= word.until) return 'no';
  return word.isEndTold ? 'yes' : 'maybe';
}

/** The requests that count towards the limits: sent, not definitely refused, and since the last connected call. */
export function requestTimes(facts: Fact[], now: number): number[] {
  const reset = Math.max(...connects(facts, now, 'all'));
  const released = new Set(
    facts.flatMap((fact) => (fact.type === 'request-released' ? fact.key : [])),
  );
  const times = new Map<string, number>();
  for (const fact of facts) {
    if (fact.type !== 'requested' && fact.type !== 'request-accepted') continue;
    if (!released.has(fact.key))
      times.set(fact.key, Math.max(times.get(fact.key) ?? 0, momentOf(fact)));
  }
  return [...times.values()].filter((at) => at >= reset && at <= now);
}

export const countWithin = (times: number[], hours: number, now: number): number =>
  times.filter((at) => at > now - hours * HOUR).length;
