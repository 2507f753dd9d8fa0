import type { CallingEvent } from '../../src/actions';
import { HOUR, type ContactNames, type Policy } from '../../src/rules';
import type { ApiCall } from '../../src/simulator';
import { isExcused, type Refusal } from './excuses';
import type { Figures } from './figures';
import { Ledger, type WireCall } from './ledger';
import type { Person } from './population';
import { newsIn, type News, type WordNews } from './wire';
import type { Witness } from './world';

/** Longest way of a webhook from what happened to us, in milliseconds: `accepted`, among the default delays. */
export const LONGEST_WAY = 2000;

/** Something that WhatsApp accepted and that is judged once all that had happened by then is known. */
interface Case {
  what: 'request' | 'call';
  waId: string;
  at: number;
}

/**
 * Watches the wire of a campaign and objects to whatever breaks a rule, from what WhatsApp was asked and what it told
 * and not from our records.
 */
export class Referee implements Witness {
  readonly ledger = new Ledger();
  readonly optedOut = new Set<string>();
  readonly objections: string[] = [];
  readonly #waIds: ReadonlyMap<string, string>;
  readonly #cases: Case[] = [];
  readonly #refusals: Refusal[] = [];
  readonly #endEvents = new Map<string, number>();
  readonly #lookedUpAt = new Map<string, number>();
  readonly #heardAt = new Map<string, number>();

  constructor(
    people: readonly Person[],
    private readonly policy: Policy,
    private readonly figures: Figures,
  ) {
    this.#waIds = new Map(
      people.flatMap(({ waId, names }) =>
        names.flatMap((name) =>
          [waId, name.phone, name.userId].flatMap((one) => (one === null ? [] : [[one, waId]])),
        ),
      ),
    );
  }

  /** The calls that are not forgotten yet. */
  get calls(): ReadonlyMap<string, WireCall> {
    return this.ledger.calls;
  }

  object(problem: string): void {
    this.objections.push(problem);
  }

  asked({ at, method, path, body, status, answer }: ApiCall): void {
    if (method === 'GET') return this.#lookedUp(path, at, status);
    const { action, call_id, to, recipient } = body as Record<string, string | undefined>;
    if (action === 'terminate') return this.ledger.hangUp(call_id!, at);
    if (action === 'accept') return;
    const what = path.endsWith('/calls') ? 'call' : 'request';
    const waId = this.#waId(to ?? recipient!);
    if (this.optedOut.has(waId)) this.object(`A ${what} went to ${waId}, who opted out`);
    if (status !== 200) return this.#refused(what, waId, at, answer);
    this.#cases.push({ what, waId, at });
    this.figures.count(`${what}s accepted by WhatsApp`);
    if (what === 'request') return this.ledger.request(waId, at);
    this.#judgeDial(waId, at);
    this.ledger.call(waId, (answer as { calls: [{ id: string }] }).calls[0].id, true);
  }

  told(body: unknown, events: CallingEvent[], at: number): void {
    this.figures.count('webhooks');
    for (const news of newsIn(body)) {
      this.#excuse(news, at);
      if (news.waId !== null) this.#heardAt.set(news.waId, at);
      if (news.type === 'word') this.#judgeWordEvents(news, events);
      this.ledger.hear(news);
      if (news.type === 'picked up') this.#judgeCap(news.waId, news.at);
    }
    for (const event of events) this.#countEvent(event);
  }

  /** The names by which a flow can know somebody: a user id only once WhatsApp told it. */
  knownNames({ waId, names }: Person): readonly ContactNames[] {
    return this.#heardAt.has(waId) ? names : names.filter(({ userId }) => userId === null);
  }

  /** When the last webhook about somebody arrived; -Infinity where there was none. */
  heardAt(waId: string): number {
    return this.#heardAt.get(waId) ?? -Infinity;
  }

  /** Judges what can be judged by `now`: everything that happened longer ago than a webhook travels. */
  audit(now: number): void {
    const isRipe = ({ at }: { at: number }): boolean => now > at + LONGEST_WAY;
    for (const { code, what, waId, at } of takeOut(this.#refusals, isRipe)) {
      const when = new Date(at).toISOString();
      this.object(`WhatsApp refused a ${what} to ${waId} at ${when} with ${code}: foreseeable`);
    }
    const isSettled = (one: Case): boolean =>
      isRipe(one) && (one.what === 'call' || this.ledger.isEveryEndTold(one.waId));
    for (const one of takeOut(this.#cases, isSettled)) this.#judge(one);
    for (const { id } of this.ledger.takeEndedBefore(now - 10 * LONGEST_WAY)) {
      const told = this.#endEvents.get(id) ?? 0;
      if (told !== 1) this.object(`The end of call ${id} was told ${told} times`);
      this.#endEvents.delete(id);
    }
  }

  /** The last judgement, when everything is over. */
  close(now: number): void {
    this.audit(now);
    for (const { id, waId } of this.ledger.calls.values()) {
      this.object(`The call ${id} with ${waId} never ended`);
    }
    for (const { what, waId } of this.#cases) this.object(`A ${what} to ${waId} was never judged`);
    for (const id of this.#endEvents.keys())
      this.object(`An end was told of the unknown call ${id}`);
  }

  #lookedUp(path: string, at: number, status: number): void {
    this.figures.count('look-ups');
    if (status === 401) return this.figures.count('look-ups refused: calling is off');
    if (status !== 200) this.object(`A look-up was answered ${status}`);
    const query = new URLSearchParams(path.slice(path.indexOf('?')));
    const name = query.get('user_wa_id') ?? query.get('recipient') ?? '';
    this.#lookedUpAt.set(this.#waId(name), at);
  }

  #refused(what: 'call' | 'request', waId: string, at: number, answer: unknown): void {
    const { code } = (answer as { error: { code: number } }).error;
    const isFresh = this.#lookedUpAt.get(waId) === at;
    this.#refusals.push({ what, code, waId, at, isFresh });
  }

  #excuse(news: News, now: number): void {
    for (const { what, code } of takeOut(this.#refusals, (one) => isExcused(one, news, now))) {
      this.figures.count(`refused: ${what}, ${code}, its reason was still on its way`);
    }
  }

  #judgeDial(waId: string, at: number): void {
    for (const { id } of this.ledger.callsWith(waId)) {
      this.object(`A second ring for ${waId} while ${id} is on`);
    }
    this.#judgeNumber(at);
    const { count, lastAt } = this.ledger.streak(waId);
    const { reconsiderAfter, revokeAfter, pauseAfterReconsider, pauseBeforeRevocation } =
      this.policy;
    const isLast = count >= revokeAfter - 1;
    const pause = isLast
      ? pauseBeforeRevocation
      : count >= reconsiderAfter
        ? pauseAfterReconsider
        : 0;
    if (at < lastAt + pause * HOUR) {
      this.object(`A call to ${waId} in the pause after ${count} unanswered calls`);
    }
  }

  #judgeNumber(at: number): void {
    this.ledger.initiation(at);
    const { concurrentCalls, initiationsPer24h } = this.policy;
    const others = this.ledger.callsOn().length;
    if (others >= concurrentCalls) this.object(`A call beside ${others} others of the number`);
    const begun = this.ledger.initiationsWithinDay(at);
    if (begun > initiationsPer24h) this.object(`${begun} calls of the number in 24 hours`);
  }

  #judge({ what, waId, at }: Case): void {
    if (what === 'call') {
      if (!this.ledger.isPermitted(waId, at)) this.object(`A call to ${waId} without permission`);
      return;
    }
    const { requestsPer24h, requestsPer7d } = this.policy;
    const perDay = this.ledger.requestsWithin(waId, 24 * HOUR, at);
    const perWeek = this.ledger.requestsWithin(waId, 7 * 24 * HOUR, at);
    if (perDay > requestsPer24h) this.object(`${perDay} requests to ${waId} in 24 hours`);
    if (perWeek > requestsPer7d) this.object(`${perWeek} requests to ${waId} in 7 days`);
  }

  #judgeCap(waId: string, at: number): void {
    const connected = this.ledger.connectedWithinDay(waId, at);
    if (connected > this.policy.connectedCallsPer24h) {
      this.object(`${connected} connected calls with ${waId} in 24 hours`);
    }
  }

  /** Each word that is news makes one event, one that is older than the last makes none. */
  #judgeWordEvents(word: WordNews, events: CallingEvent[]): void {
    const told = events.filter(({ id }) => id === word.id).map(({ type }) => type);
    const expected = expectedEvents(word, this.ledger.words(word.waId));
    if (!expected.includes(told.join(' '))) {
      this.object(`The word ${word.id} of ${word.waId} made the events [${told.join(', ')}]`);
    }
  }

  #countEvent({ type, call }: CallingEvent): void {
    this.figures.count(`event ${type}`);
    if (type !== 'call-ended') return;
    const times = (this.#endEvents.get(call!.id!) ?? 0) + 1;
    this.#endEvents.set(call!.id!, times);
    if (times > 1) this.object(`The end of call ${call!.id} was told twice`);
  }

  #waId(name: string): string {
    const waId = this.#waIds.get(name.replace('+', ''));
    if (waId === undefined) throw new Error(`Somebody unknown was addressed: ${name}`);
    return waId;
  }
}

/** The events, joined by spaces, that a word may make after the words that were heard before it. */
function expectedEvents(word: WordNews, earlier: readonly WordNews[]): string[] {
  const denial =
    word.isAutomatic || word.about === null ? 'permission-revoked' : 'permission-declined';
  const isOpen = !word.isGrant && !word.isAutomatic && word.about === null;
  const news = word.isGrant
    ? ['permission-granted']
    : isOpen
      ? ['permission-revoked', 'permission-declined']
      : [denial];
  const lastAt = Math.max(-Infinity, ...earlier.map(({ at }) => at));
  if (word.at > lastAt) return news;
  if (word.at < lastAt) return [''];
  const isDenied = earlier.some(({ at, isGrant }) => at === lastAt && !isGrant);
  if (word.isGrant && isDenied) return [''];
  // Of two words alike in one second either may be the last.
  return word.isGrant === !isDenied ? ['', ...news] : news;
}

function takeOut<T>(list: T[], isWanted: (item: T) => boolean): T[] {
  const wanted = list.filter(isWanted);
  if (wanted.length > 0)
    list.splice(0, list.length, ...list.filter((item) => !wanted.includes(item)));
  return wanted;
}
