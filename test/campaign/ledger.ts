import type { News, WordNews } from './wire';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** More words than anybody says within the seconds in which one is judged. */
const MOST_WORDS = 20;

const secondOf = (time: number): number => Math.floor(time / 1000);

/** A call as the wire tells it. Times are epoch milliseconds. */
export interface WireCall {
  id: string;
  waId: string;
  isOurs: boolean;
  hasRung: boolean;
  /** When it was over for us: its end was told, or we hung up; null while it goes on. */
  overAt: number | null;
  isEndTold: boolean;
  isHungUp: boolean;
  isPickedUp: boolean;
}

interface Page {
  requests: number[];
  connections: { at: number; isOurs: boolean }[];
  words: WordNews[];
  unanswered: number;
  unansweredAt: number[];
}

/**
 * What happened between the number and its contacts, written down from the wire alone: requests that WhatsApp
 * accepted, and what webhooks told. It shares no code with the rules, which it is there to judge.
 */
export class Ledger {
  readonly calls = new Map<string, WireCall>();
  /** When the calls that WhatsApp accepted were placed. */
  #initiations: number[] = [];
  readonly #pages = new Map<string, Page>();

  request(waId: string, at: number): void {
    this.#page(waId).requests.push(at);
  }

  initiation(at: number): void {
    this.#initiations.push(at);
  }

  call(waId: string, id: string, isOurs: boolean): void {
    if (this.calls.has(id)) return;
    this.calls.set(id, {
      id,
      waId,
      isOurs,
      hasRung: false,
      overAt: null,
      isEndTold: false,
      isHungUp: false,
      isPickedUp: false,
    });
  }

  hangUp(id: string, at: number): void {
    const call = this.calls.get(id);
    if (call === undefined || call.overAt !== null) return;
    call.overAt = at;
    call.isHungUp = true;
  }

  hear(news: News): void {
    switch (news.type) {
      case 'word':
        return this.#hearWord(news);
      case 'call begun':
        return this.call(news.waId, news.id, news.isOurs);
      case 'ringing':
        this.#call(news.id).hasRung = true;
        return;
      case 'picked up':
        return this.#connect(news.id, news.at);
      case 'rejected':
        return this.#reject(news.id, news.at);
      case 'call ended':
        // The end of a user's call may come before its beginning.
        this.call(news.waId, news.id, news.isOurs);
        return this.#end(news.id, news.at, news.pickedUpAt);
      default:
    }
  }

  /** Calls with this contact that go on, as far as we can know. */
  callsWith(waId: string): WireCall[] {
    return [...this.calls.values()].filter((call) => call.waId === waId && call.overAt === null);
  }

  /** Calls of the whole number that go on, as far as we can know. */
  callsOn(): WireCall[] {
    return [...this.calls.values()].filter(({ overAt }) => overAt === null);
  }

  /** Calls that the whole number placed in the 24 hours up to `time`. */
  initiationsWithinDay(time: number): number {
    return this.#initiations.filter((at) => at > time - DAY && at <= time).length;
  }

  /** Whether it is told of every call with this contact how it ended, and so whether it was connected. */
  isEveryEndTold(waId: string): boolean {
    return ![...this.calls.values()].some((call) => call.waId === waId && !call.isEndTold);
  }

  /**
   * How many requests sent up to `time` counted then. A connected call takes away those before it; its time is told
   * in whole seconds, and what lies in that second is taken to be before it.
   */
  requestsWithin(waId: string, length: number, time: number): number {
    const { requests, connections } = this.#page(waId);
    const resets = connections.filter(({ at }) => at <= time).map(({ at }) => secondOf(at));
    const reset = Math.max(-Infinity, ...resets);
    return requests.filter((at) => at <= time && at > time - length && secondOf(at) > reset).length;
  }

  /** Connected calls of ours in the 24 hours up to `time`. */
  connectedWithinDay(waId: string, time: number): number {
    return this.#page(waId).connections.filter(
      ({ at, isOurs }) => isOurs && at > time - DAY && at <= time,
    ).length;
  }

  /** Unanswered calls in a row, and the whole second in which the last of them ended. */
  streak(waId: string): { count: number; lastAt: number } {
    const { unanswered, unansweredAt } = this.#page(waId);
    return { count: unanswered, lastAt: unansweredAt.at(-1) ?? -Infinity };
  }

  words(waId: string): readonly WordNews[] {
    return this.#page(waId).words;
  }

  /** What lately happened in one second, so that WhatsApp alone can tell what came last; null where nothing did. */
  coincidence(waId: string): string | null {
    const { words, requests, connections } = this.#page(waId);
    const last = Math.max(...words.map(({ at }) => at));
    const lastWords = words.filter(({ at }) => at === last).map(({ until }) => until);
    if (new Set(lastWords).size > 1) return 'two words in one second';
    const seconds = new Set(connections.map(({ at }) => secondOf(at)));
    if (requests.some((at) => seconds.has(secondOf(at)))) {
      return 'a request and a connected call in one second';
    }
    return this.endedAtGrant(waId) ? 'a call unanswered and a grant in one second' : null;
  }

  /** Whether a call ended unanswered in the second of a grant. */
  endedAtGrant(waId: string): boolean {
    const { words, unansweredAt } = this.#page(waId);
    return words.some(({ at, isGrant }) => isGrant && unansweredAt.includes(at));
  }

  /**
   * Whether calls were permitted at `time`, by the last word before it. WhatsApp dates its words in whole seconds:
   * of several that lie in one, or in the second of `time` itself, any that permits is enough.
   */
  isPermitted(waId: string, time: number): boolean {
    const { words } = this.#page(waId);
    const earlier = words.filter(({ at }) => secondOf(at) < secondOf(time));
    const last = Math.max(-Infinity, ...earlier.map(({ at }) => at));
    return words
      .filter(({ at }) => at === last || secondOf(at) === secondOf(time))
      .some(({ isGrant, until }) => isGrant && time < until);
  }

  /** Calls whose end was told before `time`. They are forgotten with this. */
  takeEndedBefore(time: number): WireCall[] {
    const ended = [...this.calls.values()].filter(
      ({ isEndTold, overAt }) => isEndTold && overAt !== null && overAt < time,
    );
    for (const { id } of ended) this.calls.delete(id);
    return ended;
  }

  /** Forgets what can no longer matter, so that long campaigns stay quick. */
  forgetBefore(time: number): void {
    this.#initiations = this.#initiations.filter((at) => at > time);
    for (const page of this.#pages.values()) {
      page.requests = page.requests.filter((at) => at > time);
      page.connections = page.connections.filter(
        ({ at }, index, all) => at > time || index === all.length - 1,
      );
      page.words = page.words.slice(-MOST_WORDS);
      page.unansweredAt = page.unansweredAt.slice(-MOST_WORDS);
    }
  }

  #hearWord(word: WordNews): void {
    const page = this.#page(word.waId);
    page.words.push(word);
    if (word.isGrant) page.unanswered = 0;
  }

  /** The end follows; nothing rings any more. */
  #reject(id: string, at: number): void {
    const call = this.#call(id);
    call.hasRung = true;
    call.overAt ??= at;
  }

  #connect(id: string, at: number): void {
    const call = this.#call(id);
    if (call.isPickedUp) return;
    call.isPickedUp = true;
    const page = this.#page(call.waId);
    page.connections.push({ at, isOurs: call.isOurs });
    page.unanswered = 0;
  }

  #end(id: string, at: number, pickedUpAt: number | null): void {
    const call = this.#call(id);
    if (pickedUpAt !== null) this.#connect(id, pickedUpAt);
    if (call.isEndTold) return;
    call.isEndTold = true;
    call.overAt ??= at;
    if (!call.isOurs || call.isPickedUp || (call.isHungUp && !call.hasRung)) return;
    const page = this.#page(call.waId);
    page.unanswered += 1;
    page.unansweredAt.push(at);
  }

  #call(id: string): WireCall {
    const call = this.calls.get(id);
    if (call === undefined)
      throw new Error(`A webhook tells of the call ${id}, which nobody began.`);
    return call;
  }

  #page(waId: string): Page {
    let page = this.#pages.get(waId);
    if (page === undefined) {
      page = {
        requests: [],
        connections: [],
        words: [],
        unanswered: 0,
        unansweredAt: [],
      };
      this.#pages.set(waId, page);
    }
    return page;
  }
}
