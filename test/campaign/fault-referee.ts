import type { CallingEvent } from '../../src/actions';
import { HOUR, MINUTE, type ContactNames, type Policy } from '../../src/rules';
import type { ApiCall, WebhookAttempt } from '../../src/simulator';
import type { Figures } from './figures';
import { Knowledge, type KnownCall, type Sent } from './knowledge';
import { lettersIn, type Letter } from './letters';
import { NumberKnowledge } from './number-knowledge';
import { numbersOf, type Person } from './population';
import { newsIn, type News } from './wire';
import type { Witness } from './world';

const SECOND = 1000;
const WEEK = 7 * 24 * HOUR;

/** What is known of a person; what came under the user id alone waits until it is known whose that is. */
interface Page {
  person: Person;
  knowledge: Knowledge;
  isLinked: boolean;
  /** Whether an answer may have told it; some answers leave the contacts out. */
  mayBeLinked: boolean;
  waiting: Letter[];
  /** What was sent and has not taken effect yet. */
  late: { what: 'call' | 'request'; sent: Sent }[];
}

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
  readonly optedOut = new Set<string>();
  readonly objections: string[] = [];
  number = new NumberKnowledge();
  readonly calls = new Map<string, TrueCall>();
  readonly #pages: ReadonlyMap<string, Page>;
  readonly #byName: ReadonlyMap<string, Page>;
  readonly #known = new Map<string, KnownCall>();
  /** When somebody opted out, or was restored, for the last time. */
  readonly #choices = new Map<string, number>();
  #optedOutBefore: ReadonlySet<string> = new Set();
  /** Of whom it is unknown whether an opt-out, or its end, was stored before a crash. */
  readonly #unsure = new Set<string>();
  /** News that came as we crashed: it may be stored, and come again as known. */
  readonly #interrupted = new Set<string>();
  /** News, by id, that the store may have lost: it may be told again, or never. */
  readonly #lost = new Set<string>();
  /** The interrupted by whose they are (null: the number's), until they come again. */
  readonly #pending = new Map<string | null, Set<string>>();
  #isCrashed = false;
  readonly #told = new Map<string, number>();
  readonly #ends = new Map<string, { endedAt: number; waId: string }>();

  constructor(
    people: readonly Person[],
    private readonly policy: Policy,
    private readonly figures: Figures,
  ) {
    const pages = people.map((person): Page => {
      return {
        person,
        knowledge: new Knowledge(policy),
        isLinked: false,
        mayBeLinked: false,
        waiting: [],
        late: [],
      };
    });
    this.#pages = new Map(pages.map((page) => [page.person.waId, page]));
    this.#byName = new Map(
      pages.flatMap((page) => {
        const { userId } = page.person;
        const names = [...numbersOf(page.person), ...(userId === null ? [] : [userId])];
        return names.map((name) => [name, page] as const);
      }),
    );
  }

  object(problem: string): void {
    this.objections.push(problem);
  }

  postponed(): void {
    this.figures.count('due, and put off since WhatsApp could not be asked');
  }

  /** The machine is gone: what was under way with this person may be stored or not. */
  crashed({ waId }: Person): void {
    this.#isCrashed = true;
    this.#unsure.add(waId);
    this.optedOut.delete(waId);
    for (const [id, call] of this.#known) if (!call.isEndTold) this.#interrupted.add(id);
    for (const id of this.#ends.keys()) this.#interrupted.add(id);
  }

  /** The store lost what it was given after `time`: we cannot be blamed for not knowing it, if we ask. */
  lost(time: number, now: number): void {
    for (const { knowledge } of this.#pages.values()) knowledge.lose(time, now);
    this.number = new NumberKnowledge();
    for (const key of this.#told.keys()) this.#lost.add(key.split(' ')[1]!);
    for (const id of this.#known.keys()) this.#lost.add(id);
    for (const [waId, at] of this.#choices) {
      if (at <= time) continue;
      if (this.optedOut.delete(waId)) this.figures.count('opt-outs that the store may have lost');
      this.#unsure.add(waId);
    }
  }

  restarted(): void {
    this.#isCrashed = false;
  }

  /** Null where a crash came in between. */
  hasOptedOut(waId: string): boolean | null {
    if (this.optedOut.has(waId)) this.#unsure.delete(waId);
    return this.#unsure.has(waId) ? null : this.optedOut.has(waId);
  }

  page(waId: string): Page {
    return this.#byName.get(waId.replace('+', ''))!;
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

  told(_body: unknown, events: CallingEvent[], at: number): void {
    this.#hearEvents(events, at);
  }

  due(events: CallingEvent[]): void {
    this.#hearEvents(events, -Infinity);
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

  /** Judges what can only be judged after a while, and forgets what matters no more. */
  audit(now: number): void {
    for (const waId of new Set([...this.optedOut, ...this.#optedOutBefore])) {
      if (this.optedOut.has(waId) !== this.#optedOutBefore.has(waId)) this.#choices.set(waId, now);
    }
    this.#optedOutBefore = new Set(this.optedOut);
    for (const [id, { endedAt, waId }] of this.#ends) {
      if (now < endedAt + 10 * MINUTE) continue;
      this.#ends.delete(id);
      const times = this.#told.get(`call-ended ${id}`) ?? 0;
      if (times !== 1 && this.#lost.has(id)) {
        this.figures.count('an end was lost with the store, and told again or never');
      } else if (times === 0 && this.#interrupted.has(id)) {
        this.figures.count('an end was stored and not told before a crash');
      } else if (times !== 1)
        this.object(`The end of call ${id} of ${waId} was told ${times} times`);
    }
  }

  forgetBefore(time: number): void {
    for (const { knowledge } of this.#pages.values()) knowledge.forgetBefore(time);
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
      if ('id' in one) this.#interrupted.add(one.id);
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
    const call: KnownCall = {
      id,
      isOurs,
      sent,
      begunAt: Infinity,
      ringingAt: -Infinity,
      pickedUpAt: null,
      overAt: Infinity,
      lastAt: -Infinity,
      isEndTold: false,
      isHungUp: false,
    };
    if (id !== null) {
      this.#known.set(id, call);
      this.calls.set(id, { id, waId, isOurs });
    }
    return call;
  }

  #judgePause({ knowledge }: Page, about: string, at: number): void {
    const { count, lastAt } = knowledge.streak();
    const { reconsiderAfter, revokeAfter, pauseAfterReconsider, pauseBeforeRevocation } =
      this.policy;
    const pause =
      count >= revokeAfter - 1
        ? pauseBeforeRevocation
        : count >= reconsiderAfter
          ? pauseAfterReconsider
          : 0;
    if (at < lastAt + pause * HOUR) this.object(`${about} in the pause after ${count} unanswered`);
  }

  #refused(
    what: 'call' | 'request',
    page: Page,
    about: string,
    { at, answer, fault }: ApiCall,
  ): void {
    const { code } = (answer as { error: { code: number } }).error;
    const isKnown = fault === null && !this.#isCrashed;
    const excuse = this.#excuse(what, page, code, at);
    if (excuse === null) this.object(`${about} was refused with ${code}`);
    this.figures.count(`refused: ${what}, ${code}, ${excuse ?? 'foreseeable'}`);
    if (!isKnown) return;
    if (code === 138006) page.knowledge.refusals.push({ at, until: -Infinity });
    if (code === 138017) page.knowledge.refusals.push({ at, until: Infinity });
    if ([138000, 131055, 138014].includes(code)) this.number.refused(code, at);
  }

  /** Why a refusal could not be foreseen, where nothing that we knew stood in the way. */
  #excuse(what: 'call' | 'request', { knowledge }: Page, code: number, at: number): string | null {
    const isBack = (request: Sent): boolean =>
      request.isAccepted === true && !request.isAnswered && request.at <= at;
    switch (code) {
      case 138006:
        return what === 'call' ? 'the permission was gone and it was not told yet' : null;
      case 138017:
        return 'the permission had come and it was not told yet';
      case 138003:
        return what === 'call' ? 'a call was on of which we could not know' : null;
      case 138012:
        return 'calls were connected and it was not told yet';
      case 138009:
        return knowledge.requests.some(isBack) ? 'a request took effect later than we knew' : null;
      case 138000:
      case 131055:
      case 138014:
        return 'the number was stopped and it was not told yet';
      default:
        return null;
    }
  }

  #hear(letter: Letter, at: number): void {
    const { news, value, hasNumber, hasUserId } = letter;
    this.#pending.get(news.waId)?.delete(keyOf(news));
    if (news.waId === null) return this.number.hear(value as Wire, news.at);
    const page = this.page(news.waId);
    const isAboutOurCall = 'id' in news && this.#known.get(news.id)?.sent;
    if ((hasNumber && hasUserId) || (isAboutOurCall && hasUserId)) {
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
        const times = this.#told.get(`word ${news.id}`) ?? 0;
        if (times > 1 && !this.#lost.has(news.id))
          this.object(`The word ${news.id} of ${person.waId} was told ${times} times`);
        if (
          isNew &&
          isNewest &&
          times === 0 &&
          (this.#interrupted.has(news.id) || this.#lost.has(news.id))
        ) {
          this.figures.count('a word was stored and not told before a crash');
        } else if (isNew && isNewest && times === 0) {
          this.object(`The word ${news.id} of ${person.waId} was never told`);
        }
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

  #learnOfCall(
    knowledge: Knowledge,
    waId: string,
    news: Exclude<Letter['news'], { type: 'word' | 'other' | 'number' }>,
    at: number,
  ): void {
    const isOurs = 'isOurs' in news ? news.isOurs : true;
    let call = this.#known.get(news.id);
    if (call === undefined) {
      call = this.#newCall(news.id, waId, isOurs, null);
      knowledge.calls.push(call);
    }
    call.begunAt = Math.min(call.begunAt, news.at);
    if (news.type !== 'call ended') call.lastAt = Math.max(call.lastAt, news.at);
    if (news.type === 'ringing') call.ringingAt = news.at;
    if (news.type === 'picked up') call.pickedUpAt ??= news.at;
    if (news.type === 'rejected') {
      call.ringingAt = Math.max(call.ringingAt, news.at);
      call.overAt = Math.min(call.overAt, news.at);
    }
    if (news.type !== 'call ended') return;
    call.pickedUpAt = news.pickedUpAt ?? call.pickedUpAt;
    call.overAt = Math.min(call.overAt, news.at);
    if (!call.isEndTold) this.#ends.set(news.id, { endedAt: at, waId });
    call.isEndTold = true;
  }

  #hearEvents(events: CallingEvent[], at: number): void {
    for (const { type, id, call } of events) {
      this.figures.count(`event ${type}`);
      if (type === 'call-ended' && call?.id) {
        const times = this.#count(`call-ended ${call.id}`);
        if (times > 1 && !this.#lost.has(call.id)) {
          this.object(`The end of call ${call.id} was told twice`);
        }
      } else if (type.startsWith('permission-') && id !== null) this.#count(`word ${id}`);
    }
    void at;
  }

  #count(key: string): number {
    const times = (this.#told.get(key) ?? 0) + 1;
    this.#told.set(key, times);
    return times;
  }
}

const keyOf = (news: News): string => `${news.type} ${'id' in news ? news.id : ''} ${news.at}`;

// Answers and bodies are looked at field by field; a missing one must fail an assertion, not compile.
// oxlint-disable-next-line typescript/no-explicit-any
type Wire = any;
