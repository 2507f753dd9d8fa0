import { endOf, isUnanswered, lastConnected, silentEndOf, streakClearedAt } from './calls';
import { compact } from './join';
import type { CallEntry, ContactRecord, PermissionEvent, RequestEntry } from './record';
import { countedAt, lastHeardOf, sentRequests } from './requests';
import { DAY, WEEK, secondOf } from './time';

/** How long an event is recognised when it comes again: WhatsApp tries for seven days (Meta, webhooks FAQ). */
const REMEMBERED = 8 * DAY;

/** The most user messages of which a second delivery is recognised. */
const MOST_HEARD = 20;

/** The most permission events kept since the latest grant. */
const MOST_PERMISSION_EVENTS = 16;

/** The most calls kept for the streak's sake; far more than any policy lets go unanswered. */
const MOST_OLD_CALLS = 32;

/**
 * Drops what can no longer change any decision at or after `now` (epoch milliseconds), so that records stay
 * small. A record and its tidied self decide the same from `now` on.
 */
export function tidy(record: ContactRecord, now: number): ContactRecord {
  const calls = neededCalls(record, now);
  const dropped = record.calls?.filter((call) => !calls.includes(call));
  const { connectedAt } = record;
  return compact({
    ...record,
    requests: listed(neededRequests(record, now)),
    calls: listed(calls),
    connectedAt: finite(lastConnected(compact({ calls: dropped, connectedAt }))),
    permission: listed(neededEvents(record.permission ?? [])),
    heard: listed(record.heard?.filter(({ at }) => at > now - REMEMBERED).slice(-MOST_HEARD)),
    blocks: withoutPast(record.blocks, now),
    // Without the reminder that it says was sent it says nothing.
    reminded: undefined,
  });
}

/**
 * A request matters while it is the newest, or would be if the newest were released; while it counts; and as
 * long as it explains WhatsApp's answer.
 */
function neededRequests(record: ContactRecord, now: number): RequestEntry[] | undefined {
  const newest = sentRequests(record).slice(-2);
  const answeredAt = record.answer?.at ?? now;
  const explains = (at: number): boolean => at <= answeredAt && at > answeredAt - WEEK;
  return record.requests?.filter(
    (request) =>
      newest.includes(request) ||
      lastHeardOf(request) > now - 2 * WEEK ||
      explains(countedAt(request)),
  );
}

/**
 * A call matters while it may be told again, until its end was told, and while it may be part of a streak that puts
 * the permission in doubt.
 */
function neededCalls(record: ContactRecord, now: number): CallEntry[] {
  const { calls = [] } = record;
  const from = streakClearedAt(record, lastHeld(record)?.at ?? now);
  const movesStreak = (call: CallEntry): boolean =>
    isUnanswered(call) ? endOf(call) >= from : (call.answeredAt ?? -Infinity) > from;
  const isRecent = (call: CallEntry): boolean => endOf(call) > now - REMEMBERED;
  const matters = (call: CallEntry): boolean => movesStreak(call) || silentEndOf(call) !== null;
  const old = calls
    .filter((call) => !isRecent(call) && matters(call))
    .toSorted((a, b) => endOf(a) - endOf(b))
    .slice(-MOST_OLD_CALLS);
  return calls.filter((call) => isRecent(call) || old.includes(call));
}

const lastHeld = ({ permission }: ContactRecord): PermissionEvent | undefined =>
  permission?.findLast((event) => event.is === 'granted' || saysHeld(event));

const saysHeld = (event: PermissionEvent): boolean =>
  event.is === 'found' && (event.status === 'temporary' || event.status === 'permanent');

/** A grant starts the history anew, together with its second; the first and the last event stay in any case. */
function neededEvents(events: PermissionEvent[]): PermissionEvent[] {
  const grant = events.findLast((event) => event.is === 'granted');
  const isOfItsSecond = ({ at }: PermissionEvent): boolean =>
    grant === undefined || secondOf(at) === secondOf(grant.at);
  const needed = withoutRepeats(events.slice(Math.max(0, events.findIndex(isOfItsSecond))));
  return needed.length <= MOST_PERMISSION_EVENTS
    ? needed
    : [needed[0]!, ...needed.slice(1 - MOST_PERMISSION_EVENTS)];
}

/** Of answers that say the same in a row, the first (it changed something) and the last (it is fresh) matter. */
const withoutRepeats = (events: PermissionEvent[]): PermissionEvent[] =>
  events.filter(
    (event, index) =>
      !saysTheSame(events[index - 1], event) || !saysTheSame(event, events[index + 1]),
  );

function saysTheSame(a: PermissionEvent | undefined, b: PermissionEvent | undefined): boolean {
  if (a?.is !== 'found' || b?.is !== 'found') return false;
  return saysHeld(a) || saysHeld(b) ? a.status === b.status && knowsEnd(a) && knowsEnd(b) : true;
}

/** Without an end of its own an answer leans on the one before it. */
const knowsEnd = ({ status, expiresAt }: { status: string; expiresAt: number | null }): boolean =>
  status === 'permanent' || expiresAt !== null;

function withoutPast(blocks: ContactRecord['blocks'], now: number): ContactRecord['blocks'] {
  const current = Object.entries(blocks ?? {}).filter(([, block]) => block.until > now);
  return current.length === 0 ? undefined : Object.fromEntries(current);
}

const listed = <T>(list: T[] | undefined): T[] | undefined => (list?.length ? list : undefined);

const finite = (time: number): number | undefined => (Number.isFinite(time) ? time : undefined);
