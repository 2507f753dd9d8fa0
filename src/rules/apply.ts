import type { Fact } from './facts';
import { compact, join } from './join';
import type { ContactRecord } from './record';
import { earliestMoment, latestMoment } from './time';

/**
 * The record after a fact. Pure; applying the same facts in any order, or one of them twice, gives the same
 * record, since a fact is itself a small record and two records are joined.
 */
export const apply = (record: ContactRecord, fact: Fact): ContactRecord =>
  join(record, recordOf(fact));

/** What one fact alone says. */
function recordOf(fact: Fact): ContactRecord {
  const at = latestMoment(fact);
  switch (fact.type) {
    case 'requested': {
      const { key, kind, memo } = fact;
      return compact({ requests: [compact({ key, at, kind, memo })], memo: memoOf(memo, at) });
    }
    case 'request-accepted':
      return { requests: [{ key: fact.key, id: fact.id, acceptedAt: at }] };
    case 'request-released':
      return { requests: [{ key: fact.key, released: true }] };
    case 'request-delivered':
      return { requests: [{ id: fact.id, deliveredAt: at }] };
    case 'request-failed':
      return { requests: [{ id: fact.id, failedAt: at }] };
    case 'granted': {
      const { id, kind, expiresAt, request } = fact;
      return { permission: [{ at, is: 'granted', id, kind, expiresAt, request }] };
    }
    case 'refused': {
      const { id, request, automatic } = fact;
      return { permission: [{ at, is: 'refused', id, request, automatic }] };
    }
    case 'opted-out':
      return { choice: { at, optedOut: true } };
    case 'restored':
      return { choice: { at, optedOut: false } };
    case 'user-wrote':
      return { wroteAt: earliestMoment(fact), heard: [{ id: fact.id, at }] };
    case 'number-changed':
      return {
        movedAt: at,
        // What was granted or looked up until we heard of it may have been about the former number.
        permission: [{ at: fact.heard ?? fact.at, is: 'moved', id: fact.id }],
        heard: [{ id: fact.id, at }],
      };
    case 'whatsapp-answered': {
      const { status, expiresAt } = fact.answer;
      return {
        answer: { at, ...fact.answer },
        permission: [{ at, is: 'found', status, expiresAt }],
      };
    }
    case 'whatsapp-told':
      return { permission: [{ at, is: 'found', status: fact.status, expiresAt: null }] };
    case 'blocked':
      return { blocks: { [fact.reason]: { at, until: fact.until } } };
    case 'reminder-wanted':
      return { reminder: compact({ at, due: fact.due, memo: fact.memo }) };
    case 'reminded':
      return { reminded: fact.wantedAt };
    case 'expiry-told':
      return { expiryTold: fact.until };
    case 'lapse-told':
      return { requests: [compact({ key: fact.key, id: fact.id, lapseTold: true as const })] };
    default:
      return recordOfCall(fact, at);
  }
}

type CallFact = Extract<
  Fact,
  {
    type:
      | 'placed'
      | 'call-accepted'
      | 'call-released'
      | 'connecting'
      | 'ringing'
      | 'answered'
      | 'rejected'
      | 'ended'
      | 'hung-up'
      | 'call-end-told';
  }
>;

function recordOfCall(fact: CallFact, at: number): ContactRecord {
  switch (fact.type) {
    case 'placed': {
      const { key, memo } = fact;
      return compact({
        calls: [compact({ key, direction: 'business' as const, placedAt: at, memo })],
        memo: memoOf(memo, at),
      });
    }
    case 'call-accepted':
      return { calls: [{ key: fact.key, id: fact.id, acceptedAt: at }] };
    case 'call-released':
      return { calls: [{ key: fact.key, released: true }] };
    case 'hung-up':
      return { calls: [{ id: fact.id, [fact.already ? 'foundOverAt' : 'hungUpAt']: at }] };
    case 'call-end-told':
      return { calls: [compact({ key: fact.key, id: fact.id, endTold: true as const })] };
    case 'ended': {
      const { id, key, direction, startedAt, durationSeconds, failed, error, heard } = fact;
      const pickUp = startedAt === null ? null : compact({ at: startedAt, heard });
      const call = {
        id,
        key,
        direction,
        endedAt: at,
        answeredAt: pickUp ? latestMoment(pickUp) : undefined,
        durationSeconds: durationSeconds ?? undefined,
        failed: failed ? (true as const) : undefined,
        error,
      };
      const isFromUser = direction === 'user' ? fact : null;
      const opening = pickUp ?? isFromUser;
      return compact({
        calls: [compact(call)],
        wroteAt: opening ? earliestMoment(opening) : undefined,
      });
    }
    case 'connecting':
    case 'ringing':
    case 'answered':
    case 'rejected': {
      const { id, key, direction, type } = fact;
      // The user's own call, and our call that the user accepts, open the service window (Meta, pricing, 2026-03-30).
      const opensWindow = direction === 'user' || type === 'answered';
      return compact({
        calls: [compact({ id, key, direction, [`${type}At`]: at })],
        wroteAt: opensWindow ? earliestMoment(fact) : undefined,
      });
    }
  }
}

const memoOf = <T>(value: T | undefined, at: number): { at: number; value: T } | undefined =>
  value === undefined ? undefined : { at, value };
