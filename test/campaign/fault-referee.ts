import type { CallingEvent } from '../../src/actions';
import { HOUR, type ContactNames, type Policy } from '../../src/rules';
import type { ApiCall, WebhookAttempt } from '../../src/simulator';
import { EventTally } from './event-tally';
import type { Figures } from './figures';
import { Knowledge } from './knowledge';
import { learn, newCall, type CallNews, type KnownCall, type Sent } from './known-call';
import { lettersIn, type Letter } from './letters';
import { NumberKnowledge } from './number-knowledge';
import { OptOuts } from './opt-outs';
import { Pages, type Page } from './pages';
import type { Person } from './population';
import { unforeseen } from './unforeseen';
import { newsIn, type News } from './wire';
import type { Witness } from './world';

const SECOND = 1000;
const WEEK = 7 * 24 * HOUR;

/** A call of which something is on the wire, whether or not we know. */
interface TrueCall {
  id: string;
  waId: string;
  isOurs: boolean;
}

/**
 * Judges a campaign under faults by what we had to know: what we acknowledged with 200 and what WhatsApp answered us.
 * Whatever else WhatsApp refuses could not be foreseen. It shares no code with the rules.
 */
export class FaultReferee implements Witness {
  readonly #optOuts: OptOuts;
  readonly objections: string[] = [];
  readonly number = new NumberKnowledge();
  readonly calls = new Map<string, TrueCall>();
  readonly #pages: Pages;
  readonly #known = new Map<string, KnownCall>();
  /** News that came as we crashed, by whose it is (null: the number's), until it comes again. */
  readonly #pending = new Map<string | null, Set<string>>();
  #isCrashed = false;
  readonly #tally: EventTally;

  constructor(
    people: readonly Person[],
    private readonly policy: Policy,
    private readonly figures: Figures,
  ) {
    this.#pages = new Pages(people, policy);
    this.#tally = new EventTally((problem) => this.object(problem), figures);
    this.#optOuts = new OptOuts(figures);
  }

  object(problem: string): void {
    this.objections.push(problem);
  }

  postponed(): void {
    this.figures.count('due, and put off since WhatsApp could not be asked');
  }

  get optedOut(): Set<string> {
    return this.#optOuts.now;
  }

  choosing(waId: string): void {
    this.#optOuts.choosing(waId);
  }

  /** The machine is gone: what was under way may be stored or not. */
  crashed(): void {
    this.#isCrashed = true;
    this.#optOuts.crashed();
    for (const [id, call] of this.#known) if (!call.isEndTold) this.#tally.interrupt(id);
    for (const id of this.#tally.open) this.#tally.interrupt(id);
  }

  /** The store lost what it was given after `time`: we cannot be blamed for not knowing it, if we ask. */
  lost(time: number, now: number): void {
    for (const page of this.#pages.all) {
      page.knowledge.lose(time, now);
      page.isLinked &&= page.linkedAt <= time;
    }
    for (const call of this.#known.values()) if ((call.sent?.at ?? 0) > time) call.sent = null;
    this.number.lose();
    this.#tally.lose(this.#known.keys());
    this.#optOuts.lose(time);
  }

  restarted(): void {
    this.#isCrashed = false;
  }

  /** Null where a crash came in between. */
  hasOptedOut(waId: string): boolean | null {
    return this.#optOuts.has(waId);
  }

  page(waId: string): Page {
    return this.#pages.of(waId);
  }

  knownNames(person: Person): readonly ContactNames[] {
    const { isLinked } = this.page(person.waId);
    return person.names.filter(({ userId }) => userId === null || isLinked);
  }

  asked(call: ApiCall): void {
    if (call.method === 'GET') return this.#lookedUp(call);
    const { action, call_id, to, recipient } = call.body as Record<string, string | undefined>;
    if (action === 'terminate') return this.#hungUp(call_id!, call);
    const what = call.path.endsWith('/calls') ? 'call' : 'request';
    this.#judge(what, this.page(to ?? recipient!), call);
  }

  told(_body: unknown, events: CallingEvent[]): void {
    this.#tally.hear(events);
  }

  due(events: CallingEvent[]): void {
    this.#tally.hear(events);
  }

  attempted(attempt: WebhookAttempt): void {
    this.figures.count('webhooks');
    if (attempt.status !== 200) {
      if (attempt.fault === null) this.#interrupt(attempt);
      return;
    }
    for (const letter of lettersIn(attempt, (waId) => this.page(waId).person)) {
      this.#hear(letter, attempt.at);
    }
  }

  /** What stands in the way of a call or a request, as far as it must be known; null where nothing does. */
  obstacle(what: 'call' | 'request', waId: string, time: number): string | null {
    const { knowledge, waiting, mayBeLinked } = this.page(waId);
    if (this.#isOpen(null) || this.#isOpen(waId)) return null;
    const ofNumber = this.number.obstacle(time);
    if (ofNumber !== null) return ofNumber;
    const isOpen = mayBeLinked && waiting.length > 0;
    const permission = isOpen ? 'open' : knowledge.permission(time);
    if (what === 'request') {
      if (isOpen) return null;
      if (permission === 'permanent') return 'a permanent permission is held';
      const { requestsPer24h, requestsPer7d } = this.policy;
      const perDay = knowledge.requestsWithin(24 * HOUR, time);
      const perWeek = knowledge.requestsWithin(WEEK, time);
      if (perDay >= requestsPer24h) return `${perDay} requests were sent within a day`;
      return perWeek >= requestsPer7d ? `${perWeek} requests were sent within a week` : null;
    }
    if (permission === 'none') return 'there is no permission';
    const on = knowledge.callOn(time);
    if (on !== null) return `the call ${on.id ?? 'without an id'} is on`;
    const connected = knowledge.connectedWithinDay(time);
    return connected >= this.policy.connectedCallsPer24h
      ? `${connected} calls were connected within a day`
      : null;
  }

  /** Whether it is known what the records must know of the number. */
  get isNumberKnown(): boolean {
    return this.number.isSure && !this.#isOpen(null);
  }

  /** Judges what can only be judged after a while, and forgets what matters no more. */
  audit(now: number): void {
    this.#optOuts.audit(now);
    this.#tally.audit(now);
  }

  forgetBefore(time: number): void {
    for (const { knowledge } of this.#pages.all) knowledge.forgetBefore(time);
    for (const [id, { isEndTold, overAt }] of this.#known) {
      if (isEndTold && overAt < time) this.calls.delete(id);
    }
  }

  /** Whether something may or may not have been stored before a crash. It comes again. */
  #isOpen(waId: string | null): boolean {
    return (this.#pending.get(waId)?.size ?? 0) > 0;
  }

  #interrupt({ news }: WebhookAttempt): void {
    for (const one of news.flatMap((told) => newsIn(told))) {
      if ('id' in one) this.#tally.interrupt(one.id);
      const pending = this.#pending.get(one.waId) ?? new Set();
      this.#pending.set(one.waId, pending.add(keyOf(one)));
    }
  }

  #lookedUp({ at, path, status, answer, fault }: ApiCall): void {
    this.figures.count('look-ups');
    if (fault !== null) return;
    if (status !== 200) {
      const { code } = (answer as { error: { code: number } }).error;
      if (!this.#isCrashed) this.number.refused(code, at);
      return;
    }
    this.number.answered(at);
    const query = new URLSearchParams(path.slice(path.indexOf('?')));
    const { permission, actions } = answer as Wire;
    const [, week] = actions[0].limits;
    const until =
      permission.status === 'permanent'
        ? Infinity
        : (permission.expiration_time ?? -Infinity) * SECOND;
    const name = query.get('user_wa_id') ?? query.get('recipient') ?? '';
    this.page(name).knowledge.lookUps.push({
      at,
      until,
      requests: week.current_usage,
      isUnsure: this.#isCrashed,
    });
  }

  #hungUp(id: string, { at, isDone, fault }: ApiCall): void {
    const call = this.#known.get(id);
    if (call === undefined || !isDone || fault !== null) return;
    call.overAt = Math.min(call.overAt, at);
    call.isHungUp = true;
  }

  #judge(what: 'call' | 'request', page: Page, call: ApiCall): void {
    const { at, status, answer, fault, isDone } = call;
    const { waId } = page.person;
    if (fault === 'slow-action' && isDone) return this.#judgeLate(what, page, call);
    const about = `A ${what} to ${waId} (${page.person.kind}) at ${new Date(at).toISOString()}`;
    const obstacle = this.obstacle(what, waId, at);
    if (obstacle !== null) this.object(`${about}, though ${obstacle}`);
    if (this.optedOut.has(waId)) this.object(`${about}, who opted out`);
    if (!page.knowledge.isFresh(at)) this.object(`${about}, and WhatsApp was not asked for long`);
    if (what === 'call' && !this.#isOpen(waId)) this.#judgePause(page, about, at);
    const sent: Sent = {
      at,
      isAccepted: isDone ? status === 200 : null,
      isAnswered: fault === null && !this.#isCrashed,
    };
    if (fault === 'slow-action') page.late.push({ what, sent });
    if (what === 'request') page.knowledge.requests.push(sent);
    if (what === 'request' && sent.isAccepted === true && sent.isAnswered) page.mayBeLinked = true;
    const outcome = isDone ? (status === 200 ? 'accepted' : 'refused') : 'never arrived';
    this.figures.count(`${what}s: ${outcome}${fault === null ? '' : ', outcome unknown to us'}`);
    if (what === 'call') this.#addCall(page, sent, isDone && status === 200 ? answer : null);
    if (isDone && status !== 200) this.#refused(what, page, about, call);
  }

  /** Something took effect long after it was sent, and after we had given up on it. */
  #judgeLate(what: 'call' | 'request', page: Page, { status, answer }: ApiCall): void {
    const index = page.late.findIndex((one) => one.what === what);
    const [late] = page.late.splice(index, 1);
    if (late === undefined) return this.object(`A ${what} took effect that was never sent`);
    late.sent.isAccepted = status === 200;
    if (status === 200 && what === 'call') this.#addCall(page, late.sent, answer);
    const { code = 'accepted' } = (answer as { error?: { code: number } }).error ?? {};
    this.figures.count(`${what}s that took effect late: ${code}`);
  }

  #addCall({ knowledge, person }: Page, sent: Sent, answer: unknown): void {
    const id = answer === null ? null : (answer as Wire).calls[0].id;
    const known = id === null ? undefined : this.#known.get(id);
    const nameless = knowledge.calls.findIndex((call) => call.sent === sent);
    if (nameless >= 0) knowledge.calls.splice(nameless, 1);
    if (known !== undefined) {
      known.sent = sent;
      return;
    }
    knowledge.calls.push(this.#newCall(id, person.waId, true, sent));
  }

  #newCall(id: string | null, waId: string, isOurs: boolean, sent: Sent | null): KnownCall {
    const call = newCall(id, isOurs, sent);
    if (id !== null) {
      this.#known.set(id, call);
      this.calls.set(id, { id, waId, isOurs });
    }
    return call;
  }

  #judgePause({ knowledge }: Page, about: string, at: number): void {
    const { count } = knowledge.streak();
    if (at < knowledge.pausedUntil())
      this.object(`${about} in the pause after ${count} unanswered`);
  }

  #refused(
    what: 'call' | 'request',
    page: Page,
    about: string,
    { at, answer, fault }: ApiCall,
  ): void {
    const { code } = (answer as { error: { code: number } }).error;
    const isKnown = fault === null && !this.#isCrashed;
    const excuse = unforeseen(what, page.knowledge, code, at);
    if (excuse === null) this.object(`${about} was refused with ${code}`);
    this.figures.count(`refused: ${what}, ${code}, ${excuse ?? 'foreseeable'}`);
    if (!isKnown) return;
    if (code === 138006) page.knowledge.refusals.push({ at, until: -Infinity });
    if (code === 138017) page.knowledge.refusals.push({ at, until: Infinity });
    if ([138000, 131055, 138014].includes(code)) this.number.refused(code, at);
  }

  #hear(letter: Letter, at: number): void {
    const { news, value, hasNumber, hasUserId } = letter;
    this.#pending.get(news.waId)?.delete(keyOf(news));
    if (news.waId === null) return this.number.hear(value as Wire, news.at);
    const page = this.page(news.waId);
    const isAboutOurCall = 'id' in news && this.#known.get(news.id)?.sent;
    if ((hasNumber && hasUserId) || (isAboutOurCall && hasUserId)) {
      if (!page.isLinked) page.linkedAt = at;
      page.isLinked = true;
      for (const each of page.waiting.splice(0)) this.#learn(page, each, at);
    }
    if (!hasNumber && !isAboutOurCall && !page.isLinked) page.waiting.push(letter);
    else this.#learn(page, letter, at);
  }

  #learn({ knowledge, person }: Page, { news }: Letter, at: number): void {
    switch (news.type) {
      case 'word': {
        const isNewest = knowledge.words.every((word) => word.at < news.at);
        const isNew = knowledge.words.every((word) => word.id !== news.id);
        this.#tally.judgeWord(news.id, person.waId, isNew && isNewest);
        if (isNew) knowledge.words.push({ ...news, heardAt: at });
        return;
      }
      case 'other':
      case 'number':
        return;
      default:
        return this.#learnOfCall(knowledge, person.waId, news, at);
    }
  }

  #learnOfCall(knowledge: Knowledge, waId: string, news: CallNews, at: number): void {
    let call = this.#known.get(news.id);
    if (call === undefined) {
      call = this.#newCall(news.id, waId, 'isOurs' in news ? news.isOurs : true, null);
      knowledge.calls.push(call);
    }
    const wasEndTold = call.isEndTold;
    learn(call, news);
    if (call.isEndTold && !wasEndTold) this.#tally.expectEnd(news.id, waId, at);
  }
}

const keyOf = (news: News): string => `${news.type} ${'id' in news ? news.id : ''} ${news.at}`;

// Answers and bodies are looked at field by field; a missing one must fail an assertion, not compile.
// oxlint-disable-next-line typescript/no-explicit-any
type Wire = any;
