import { lastConnected } from './calls';
import { permissionAt } from './permission';
import type { Policy } from './policy';
import type { ContactRecord, PermissionEvent, RequestEntry } from './record';
import { HOUR, MINUTE, secondOf } from './time';
import type { Counted } from './usage';

/** When a request counts from: the later of our sending it and WhatsApp accepting it. Epoch milliseconds. */
export const countedAt = (request: RequestEntry): number =>
  Math.max(request.at ?? 0, request.acceptedAt ?? 0);

/**
 * For how long a request whose outcome is unknown may yet take effect: the network, or WhatsApp, may be slow. A guess,
 * like the silence after which a call counts as over.
 */
const OUTCOME_SETTLES = 5 * MINUTE;

/** Whether it was unknown at `time` what became of a request, and WhatsApp need not have known of it yet. */
export const mayYetTakeEffect = (request: RequestEntry, time: number): boolean =>
  request.id === undefined &&
  request.acceptedAt === undefined &&
  time < countedAt(request) + OUTCOME_SETTLES;

/** When a request counts from where WhatsApp told its own count as of `askedAt`. */
const countsFrom = (request: RequestEntry, askedAt: number): number =>
  mayYetTakeEffect(request, askedAt) ? Math.max(askedAt, countedAt(request)) : countedAt(request);

/** The last that was heard of a request: a webhook may come before WhatsApp's answer to our sending it. */
export const lastHeardOf = (request: RequestEntry): number =>
  Math.max(countedAt(request), request.deliveredAt ?? 0, request.failedAt ?? 0);

const exists = (request: RequestEntry): boolean => !request.released && countedAt(request) > 0;

/** The requests that were sent, whatever became of them; the newest last. */
export const sentRequests = ({ requests = [] }: ContactRecord): RequestEntry[] =>
  requests.filter(exists).toSorted((a, b) => countedAt(a) - countedAt(b));

/** The newest request that was sent, whatever became of it. */
export const newestRequest = (record: ContactRecord): RequestEntry | undefined =>
  sentRequests(record).at(-1);

/** When a request lapses if nobody answers it: its time runs from delivery (Meta, user call permissions, 2026-06-26). */
export const lapseOf = (request: RequestEntry, policy: Policy): number =>
  (request.deliveredAt ?? countedAt(request)) + policy.requestLapsesAfter * HOUR;

/** The request that still waits for its answer at `time`. A newer request replaces an older one. */
export function outstandingRequest(
  record: ContactRecord,
  policy: Policy,
  time: number,
): RequestEntry | undefined {
  const request = unansweredRequest(record, time);
  return request && time < lapseOf(request, policy) ? request : undefined;
}

/** The newest request where it reached WhatsApp's care and no answer came by `time`, lapsed or not. */
export function unansweredRequest(record: ContactRecord, time: number): RequestEntry | undefined {
  const request = newestRequest(record);
  if (!request || request.failedAt !== undefined) return undefined;
  const isSettled = record.permission?.some(
    (event) => event.at <= time && isWord(event) && settles(event, request),
  );
  return isSettled ? undefined : request;
}

type Word = Extract<PermissionEvent, { is: 'granted' | 'refused' }>;

const isWord = (event: PermissionEvent): event is Word =>
  event.is === 'granted' || event.is === 'refused';

/** Any word of the user after the request answers it, whether it names the request or not. */
const settles = (event: Word, { id, at = 0 }: RequestEntry): boolean =>
  (event.request !== null && event.request === id) || event.at > at;

/**
 * The requests that count towards the limits. A connected call in either direction takes all earlier ones
 * away, and what WhatsApp had counted by then.
 */
export function countedRequests(
  record: ContactRecord,
  which: 'requestsPer24h' | 'requestsPer7d',
  time: number,
): Counted {
  const reset = lastConnected(record, time);
  const { answer } = record;
  const usage = answer?.[which];
  return {
    times: (record.requests ?? [])
      .filter(exists)
      .map((request) => countsFrom(request, answer?.at ?? -Infinity))
      .filter((at) => at >= reset),
    told: answer && usage && answer.at >= reset ? { ...usage, at: answer.at } : null,
  };
}

/**
 * Whether a request counts as taken away by a connected call only because both lie in one second: which came first,
 * WhatsApp alone knows, and has not been asked since.
 */
export function isResetDoubtful(record: ContactRecord, time: number): boolean {
  const reset = lastConnected(record, time);
  if (secondOf(record.answer?.at ?? -Infinity) > secondOf(reset)) return false;
  return sentRequests(record).some((request) => {
    const at = countedAt(request);
    return at < reset && secondOf(at) === secondOf(reset);
  });
}

/** Our own courtesy: until when we do not ask again, seen from `time`; null where nothing holds us back. */
export function courtesyUntil(
  record: ContactRecord,
  policy: Policy,
  time: number,
): { reason: 'awaiting-reply' | 'declined'; until: number } | null {
  const reset = lastConnected(record, time);
  const request = unansweredRequest(record, time);
  if (request && countedAt(request) >= reset) {
    const until = countedAt(request) + policy.askAgainAfterNoAnswer * HOUR;
    if (until > time) return { reason: 'awaiting-reply', until };
  }
  const { lost } = permissionAt(record, policy, time);
  if (lost?.why !== 'declined' || lost.at < reset) return null;
  const until = lost.at + policy.askAgainAfterDecline * HOUR;
  return until > time ? { reason: 'declined', until } : null;
}
