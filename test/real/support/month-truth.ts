import type { Simulator, WebhookAttempt } from '../../../src/simulator';
import { DAY, HOUR, MINUTE, WEEK } from '../../../src/rules';
import type { Downtime, Visit } from './month-people';

/** An event that a flow must hear of. Epoch milliseconds. */
export interface Expected {
  phone: string;
  type: string;
  at: number;
  /** When it could be told at the earliest: it happened, or was delivered. */
  from: number;
  memo?: string | undefined;
  call?: string;
  /**
   * A call that ended while nobody heard: its end is told by WhatsApp, or before that by ourselves when it has been
   * silent for so long. Whatever else is told of it then depends on which comes first. Null for all others.
   */
  silentAt?: number | null;
}

// What comes over the wire is looked at field by field; a missing one must fail, not compile.
// oxlint-disable-next-line typescript/no-explicit-any
type Wire = any;

/** A webhook that was answered 200. */
interface Delivery {
  at: number;
  /** Messages, statuses or calls, with what they are. */
  item: Wire;
  kind: 'messages' | 'statuses' | 'calls';
}

/** Takes down what the simulator's log would forget. */
export class Trail {
  readonly deliveries: Delivery[] = [];
  attempts = 0;
  refusals = 0;
  #lastWebhook: unknown = null;
  #lastApiCall: unknown = null;

  constructor(private readonly simulator: Simulator) {}

  /** @throws where something was forgotten already */
  follow(): void {
    const { webhooks, apiCalls } = this.simulator.log;
    for (const attempt of newOf(webhooks, this.#lastWebhook)) this.#note(attempt);
    for (const { status } of newOf(apiCalls, this.#lastApiCall))
      if (status >= 400) this.refusals += 1;
    this.#lastWebhook = webhooks.at(-1) ?? null;
    this.#lastApiCall = apiCalls.at(-1) ?? null;
  }

  #note({ at, body, status }: WebhookAttempt): void {
    this.attempts += 1;
    if (status !== 200) return;
    const { value } = (body as Wire).entry[0].changes[0];
    for (const kind of ['messages', 'statuses', 'calls'] as const) {
      for (const item of value[kind] ?? []) this.deliveries.push({ at, kind, item });
    }
  }
}

function newOf<T>(entries: readonly T[], last: unknown): readonly T[] {
  if (last === null) return entries;
  const index = entries.lastIndexOf(last as T);
  if (index < 0) throw new Error('The log of the simulator has forgotten something.');
  return entries.slice(index + 1);
}

const seconds = (text: string): number => Number(text) * 1000;

/** All that the flow must hear of, by what WhatsApp did and what time brings, up to `end`. */
export function expectedOf(trail: Trail, visits: Visit[], end: number): Expected[] {
  const { deliveries } = trail;
  const words = deliveries.filter(({ item }) => item.interactive !== undefined).map(wordOf);
  return [
    ...wordsTold(words, visits),
    ...expiries(words),
    ...lapses(visits, words, deliveries),
    ...reminders(visits, deliveries),
    ...texts(deliveries),
    ...callsTold(deliveries, visits),
  ].filter(({ at }) => at < end);
}

/** What a user, or WhatsApp for it, said on the permission. */
interface Word {
  phone: string;
  at: number;
  deliveredAt: number;
  isYes: boolean;
  expiresAt: number | null;
  isAutomatic: boolean;
  about: string | null;
}

function wordOf({ at, item }: Delivery): Word {
  const reply = item.interactive.call_permission_reply;
  const { expiration_timestamp: expiry } = reply;
  return {
    phone: item.from,
    at: seconds(item.timestamp),
    deliveredAt: at,
    isYes: reply.response === 'accept',
    expiresAt: expiry === undefined ? null : seconds(expiry),
    isAutomatic: reply.response_source === 'automatic',
    about: item.context?.id ?? null,
  };
}

/** Each in the order of delivery, unless a newer one was told already. */
function wordsTold(words: Word[], visits: Visit[]): Expected[] {
  const newest = new Map<string, number>();
  return words.flatMap((word) => {
    const { phone, at, isYes, isAutomatic, about } = word;
    if (at < (newest.get(phone) ?? -Infinity)) return [];
    newest.set(phone, at);
    const no = isAutomatic || about === null ? 'permission-revoked' : 'permission-declined';
    const type = isYes ? 'permission-granted' : no;
    const memo = visits.find(({ request }) => request === about && about !== null)?.memo;
    return [{ phone, type, at, from: word.deliveredAt, memo }];
  });
}

/** A temporary permission runs out unless something was said on it before. */
const expiries = (words: Word[]): Expected[] =>
  words.flatMap(({ phone, at: since, isYes, expiresAt: at }) => {
    if (!isYes || at === null) return [];
    const isReplaced = words.some(
      (later) => later.phone === phone && later.at > since && later.at < at,
    );
    return isReplaced ? [] : [{ phone, type: 'permission-expired', at, from: at }];
  });

/** A request lapses a week after it was delivered, unless something was said or asked since. */
function lapses(visits: Visit[], words: Word[], deliveries: Delivery[]): Expected[] {
  return visits.flatMap(({ phone, at: sentAt, request, memo }) => {
    if (request === undefined) return [];
    const delivered = deliveries.find(
      ({ item }) => item.id === request && item.status === 'delivered',
    );
    const at = seconds(delivered!.item.timestamp) + WEEK;
    const isSettled =
      words.some((word) => word.phone === phone && word.at >= sentAt && word.at < at) ||
      visits.some(
        (other) =>
          other.phone === phone &&
          other.request !== undefined &&
          other.at > sentAt &&
          other.at < at,
      );
    return isSettled ? [] : [{ phone, type: 'request-lapsed', at, from: at, memo }];
  });
}

/** A reminder comes when it was wanted, unless a newer one replaced it or the user said STOP. */
function reminders(visits: Visit[], deliveries: Delivery[]): Expected[] {
  const limited = visits.filter(({ isLimited }) => isLimited);
  return limited.flatMap(({ phone, at: wantedAt, retryAt, memo }) => {
    const at = retryAt === null ? wantedAt + HOUR : Date.parse(retryAt);
    const isReplaced = limited.some(
      (other) => other.phone === phone && other.at > wantedAt && other.at < at,
    );
    const isStopped = deliveries.some(
      (each) => each.item.from === phone && each.item.text?.body === 'STOP' && each.at <= at,
    );
    return isReplaced || isStopped ? [] : [{ phone, type: 'try-again', at, from: at, memo }];
  });
}

const texts = (deliveries: Delivery[]): Expected[] =>
  deliveries
    .filter(({ item }) => item.text !== undefined)
    .map(({ at, item }) => ({
      phone: item.from,
      type: 'user-wrote',
      at: seconds(item.timestamp),
      from: at,
    }));

/** How far a call has come; its states only go forward. */
interface Progress {
  isConnecting?: boolean;
  isRinging?: boolean;
  isAnswered?: boolean;
  isOver?: boolean;
}

function callsTold(deliveries: Delivery[], visits: Visit[]): Expected[] {
  const memos = new Map(visits.map(({ call, memo }) => [call, memo]));
  const ofCalls = deliveries.filter(({ kind, item }) => kind === 'calls' || item.type === 'call');
  const silent = new Map(
    ofCalls.filter(isLateEnd).map(({ item }) => [item.id, silenceOf(item, ofCalls)]),
  );
  const calls = new Map<string, Progress>();
  return ofCalls.flatMap(({ at, item }) => {
    const call = calls.get(item.id) ?? {};
    calls.set(item.id, call);
    const type = call.isOver ? null : next(call, item);
    if (type === null) return [];
    const phone = item.recipient_id ?? (item.direction === 'USER_INITIATED' ? item.from : item.to);
    const about = {
      call: item.id,
      memo: memos.get(item.id),
      silentAt: silent.get(item.id) ?? null,
    };
    return [{ phone, type, at: seconds(item.timestamp), from: at, ...about }];
  });
}

const isLateEnd = ({ at, item }: Delivery): boolean =>
  (item.event === 'terminate' || item.status === 'REJECTED') &&
  at - seconds(item.timestamp) > MINUTE;

/** Five minutes after the last that was heard in time, and four hours after an answer (DESIGN: "Reservations"). */
function silenceOf(end: Wire, deliveries: Delivery[]): number {
  const heard = deliveries.filter(
    ({ at, item }) => item.id === end.id && at < seconds(end.timestamp),
  );
  const answered = heard.find(({ item }) => item.status === 'ACCEPTED');
  if (answered) return seconds(answered.item.timestamp) + 4 * HOUR;
  return Math.max(0, ...heard.map(({ item }) => seconds(item.timestamp))) + 5 * MINUTE;
}

function next(call: Progress, { event, status, direction }: Wire): string | null {
  switch (event ?? status) {
    case 'connect':
      call.isConnecting = true;
      return direction === 'USER_INITIATED' ? 'user-called' : 'call-connecting';
    case 'RINGING':
      if (call.isAnswered) return null;
      call.isRinging = true;
      return 'call-ringing';
    case 'ACCEPTED':
      call.isAnswered = true;
      return 'call-answered';
    default:
      call.isOver = true;
      return 'call-ended';
  }
}

/** From when Node-RED was running at `time` or next, and known of: epoch milliseconds. */
export const runningFrom = (downtimes: Downtime[], time: number): number =>
  downtimes.find(({ from, until }) => time >= from && time < until)?.until ?? time;

export const MONTH = 30 * DAY;
