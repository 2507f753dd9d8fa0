import { CloudApiError } from '../cloud-api';
import type { Slot } from '../records';
import {
  MINUTE,
  SILENT_CALL_ENDS,
  apply,
  decide,
  duesOf,
  tidy,
  type ContactNames,
  type ContactRecord,
  type Due,
  type Fact,
  type Policy,
} from '../rules';
import type { Account } from './account';
import type { CallingEvent } from './events';
import { askWhatsApp } from './look-up';
import { memoOfCall, reportCall, reportRequest } from './reports';

/** What became of waking a contact. */
export interface Woken {
  /** What the flow should hear of, as it became due. All of it is stored as told. */
  events: CallingEvent[];
  /** Why WhatsApp could not be asked; null where it was, or had not to be. */
  failure: unknown;
}

/**
 * Finds out what has become due for a contact and marks it as told. Before a permission counts as expired WhatsApp
 * is asked once more; where it cannot be, that is put off by `patience` milliseconds and nothing is told of it.
 *
 * @throws {RecordsError} where the records cannot be read or written: then nothing is told
 */
export async function wake(account: Account, slot: Slot, patience: number): Promise<Woken> {
  const { events, asks } = await tell(account, slot, { is: 'not asked' });
  if (asks === null) return { events, failure: null };
  const reply = await askOnceMore(account, asks, patience);
  if (reply.is === 'closed') return { events: [], failure: null };
  const told = await tell(account, slot, reply);
  return { events: told.events, failure: reply.is === 'failed' ? reply.failure : null };
}

/**
 * Puts off whatever is due for a contact until `until` (epoch milliseconds).
 *
 * @throws {RecordsError} where that cannot be kept
 */
export async function postpone({ records }: Account, slot: Slot, until: number): Promise<void> {
  await records.wake(slot, (record) => ({ record, result: undefined, dueAt: until }));
}

/** What WhatsApp said when it was asked once more. */
type Reply =
  | { is: 'not asked' }
  | { is: 'answered'; facts: Fact[] }
  | { is: 'failed'; failure: unknown; patience: number }
  /** The account is being closed: the contact stays due. */
  | { is: 'closed' };

async function askOnceMore(
  account: Account,
  contact: ContactNames,
  patience: number,
): Promise<Reply> {
  try {
    const { facts, refusal } = await askWhatsApp(account, contact);
    // A refusal may say nothing about the contact, but about the whole number.
    if (facts.length > 0) return { is: 'answered', facts };
    return { is: 'failed', failure: refusal, patience };
  } catch (failure) {
    const isClosed = failure instanceof CloudApiError && failure.code === 'closed';
    return isClosed ? { is: 'closed' } : { is: 'failed', failure, patience };
  }
}

const needsAnswer = ({ type }: Due): boolean => type === 'permission-expired';

interface Told {
  events: CallingEvent[];
  /** Whom WhatsApp must be asked about before anything is told; null where it need not be. */
  asks: ContactNames | null;
}

async function tell(account: Account, slot: Slot, reply: Reply): Promise<Told> {
  const { records, policy, clock } = account;
  // Before anything is marked as told, lest it be told to nobody.
  const state = await records.readAccount();
  const now = clock.now();
  const letter = account.newKey();
  const woken = await records.wake(slot, (before, contact) => {
    const { record, told, dueAt } = telling(before, reply, { slot, policy, now });
    if (told === null) return { record, result: null, dueAt };
    const events = told
      .filter((due) => isWanted(due, record))
      .map((due, index) => ({ ...newsOf(due, record, policy), contact, letter: letter + index }));
    const letters = events.map((event) => ({ id: event.letter, at: now, event }));
    return { record, result: events, dueAt, tell: letters };
  });
  if (woken === null) return { events: [], asks: null };
  const { after, names, result: told } = woken;
  if (told === null) return { events: [], asks: names };
  const verdict = decide(after, state, policy, now);
  return { events: told.map((event) => ({ ...event, verdict })), asks: null };
}

/** A contact's record once what is due is told. */
interface Telling {
  record: ContactRecord;
  /** Null where WhatsApp must be asked first. */
  told: Due[] | null;
  dueAt?: number | undefined;
}

interface Moment {
  slot: Slot;
  policy: Policy;
  now: number;
}

function telling(before: ContactRecord, reply: Reply, moment: Moment): Telling {
  const { policy, now } = moment;
  const record = reply.is === 'answered' ? reply.facts.reduce(apply, before) : before;
  const due = duesOf(record, policy).filter(({ at }) => at <= now);
  if (reply.is === 'not asked' && due.some(needsAnswer)) return { record: before, told: null };
  const told = due.filter((each) => putOffUntil(each, reply, moment) === null);
  const after = tidy(told.map((each) => markOf(each, now)).reduce(apply, record), now);
  const later = duesOf(after, policy).map((each) => putOffUntil(each, reply, moment) ?? each.at);
  return { record: after, told, dueAt: later.length > 0 ? Math.min(...later) : undefined };
}

/**
 * Until when something that is due is not told yet; null where nothing speaks against telling it. A call that is
 * found silent late, after a downtime or by a late webhook, gets its five minutes from then: we may have been deaf.
 */
function putOffUntil(due: Due, reply: Reply, { slot, now }: Moment): number | null {
  if (due.at > now) return null;
  if (needsAnswer(due)) return reply.is === 'failed' ? now + reply.patience : null;
  const isFoundLate = due.type === 'call-ended' && now - due.at > MINUTE && slot.at <= due.at;
  return isFoundLate ? now + SILENT_CALL_ENDS : null;
}

/** Who opted out meanwhile is not worth trying. */
const isWanted = ({ type }: Due, { choice }: ContactRecord): boolean =>
  type !== 'try-again' || choice?.optedOut !== true;

/** The fact that the flow was told. */
function markOf(due: Due, at: number): Fact {
  switch (due.type) {
    case 'permission-expired':
      return { type: 'expiry-told', at, until: due.at };
    case 'request-lapsed':
      return { type: 'lapse-told', at, ...nameOf(due.request) };
    case 'call-ended':
      return { type: 'call-end-told', at, ...nameOf(due.call) };
    case 'try-again':
      return { type: 'reminded', at, wantedAt: due.reminder.at };
  }
}

const nameOf = ({ key, id }: { key?: string; id?: string }): { key?: string; id?: string } => ({
  ...(key !== undefined && { key }),
  ...(id !== undefined && { id }),
});

function newsOf(
  due: Due,
  record: ContactRecord,
  policy: Policy,
): Omit<CallingEvent, 'contact' | 'verdict' | 'letter'> {
  return { type: due.type, at: due.at, raw: null, ...about(due, record, policy) };
}

function about(
  due: Due,
  record: ContactRecord,
  policy: Policy,
): Pick<CallingEvent, 'id' | 'memo' | 'request' | 'call'> {
  switch (due.type) {
    case 'permission-expired':
      return { id: null, memo: record.memo?.value };
    case 'request-lapsed': {
      const { request } = due;
      return {
        id: request.id ?? null,
        memo: request.memo,
        request: reportRequest(request, policy),
      };
    }
    case 'call-ended': {
      const { call } = due;
      const report = reportCall(call, { state: 'ended', isOver: true });
      return { id: report.id, memo: memoOfCall(call, record), call: report };
    }
    case 'try-again':
      return { id: null, memo: due.reminder.memo };
  }
}
