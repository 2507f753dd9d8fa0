import { streakReached } from './calls';
import type { Policy } from './policy';
import type { ContactRecord, PermissionEvent } from './record';
import { HOUR, secondOf } from './time';

/** Why there is no permission (any more). */
export type Loss = 'expired' | 'declined' | 'revoked-by-user' | 'revoked-after-unanswered';

/** How the permission stands. */
export interface Standing {
  held: {
    kind: 'temporary' | 'permanent';
    /** When the user gave it or WhatsApp last confirmed it, epoch milliseconds. */
    since: number;
    /** Epoch milliseconds; Infinity for a permanent one. */
    until: number;
  } | null;
  /** Why it is not held; null where it is, and where nothing was ever heard of it. */
  lost: { why: Loss; at: number } | null;
}

type Granted = Extract<PermissionEvent, { is: 'granted' }>;
type Refused = Extract<PermissionEvent, { is: 'refused' }>;

interface Known extends Standing {
  /** False where it may be held or not: nothing was heard of it, or what was heard leaves it open. */
  known: boolean;
}

const NOTHING_HEARD: Known = { held: null, lost: null, known: false };

/** How the permission stands at the moment `time`, from its history and the streak of unanswered calls. */
export function permissionAt(record: ContactRecord, policy: Policy, time: number): Standing {
  const { held, lost } = standingAt(record, policy, time);
  return { held, lost };
}

/**
 * Whether something was heard of the permission and it is unknown all the same: the streak reached the number at
 * which WhatsApp revokes and WhatsApp has said nothing since, it used a word that we do not know, or the user said
 * two different things in one second.
 */
export function isDoubtful(record: ContactRecord, policy: Policy, time: number): boolean {
  const { held, lost, known } = standingAt(record, policy, time);
  return (held ?? lost) !== null && !known;
}

function standingAt(record: ContactRecord, policy: Policy, time: number): Known {
  const standing = (record.permission ?? [])
    .filter((event) => event.at <= time)
    .reduce(
      (before, event) => afterEvent(afterTime(before, record, policy, event.at), event, policy),
      NOTHING_HEARD,
    );
  return afterTime(standing, record, policy, time);
}

/** What time alone takes away: WhatsApp revokes after unanswered calls, and a temporary permission runs out. */
function afterTime(standing: Known, record: ContactRecord, policy: Policy, time: number): Known {
  const { held } = standing;
  if (!held) return standing;
  const last = Math.min(time, held.until);
  const revokedAt = streakReached(record, policy.revokeAfter, held.since, last);
  if (revokedAt !== null) return { ...lose('revoked-after-unanswered', revokedAt), known: false };
  return time < held.until ? standing : lose('expired', held.until);
}

function afterEvent(before: Known, event: PermissionEvent, policy: Policy): Known {
  const { at } = event;
  switch (event.is) {
    case 'granted':
      return { ...grantBy(event, policy), known: !isOneSecondAfterAnother(before, event) };
    case 'refused':
      return { ...lose(lossBy(event, before), at), known: !isOneSecondAfterYes(before, at) };
    case 'moved':
      return { held: null, lost: before.lost, known: false };
    case 'found':
      return afterAnswer(before, event, policy);
  }
}

const grantBy = ({ at, kind, expiresAt }: Granted, policy: Policy): Known =>
  kind === 'permanent'
    ? hold(kind, at, Infinity)
    : hold(kind, at, expiresAt ?? at + policy.permissionLasts * HOUR);

function lossBy({ automatic, request }: Refused, { held, known }: Known): Loss {
  if (automatic) return 'revoked-after-unanswered';
  if (request !== null) return 'declined';
  return held || !known ? 'revoked-by-user' : 'declined';
}

/** Of a yes and a no in one second the no stands, but WhatsApp alone knows which came last. */
function isOneSecondAfterYes({ held, lost, known }: Known, at: number): boolean {
  const since = held?.since ?? (known ? undefined : lost?.at);
  return since !== undefined && secondOf(since) === secondOf(at);
}

/** Likewise of a permission for a while and one for good. */
const isOneSecondAfterAnother = ({ held }: Known, { at, kind }: Granted): boolean =>
  held !== null && held.kind !== kind && secondOf(held.since) === secondOf(at);

function afterAnswer(
  before: Known,
  { at, status, expiresAt }: Extract<PermissionEvent, { is: 'found' }>,
  policy: Policy,
): Known {
  switch (status) {
    case 'permanent':
      return hold(status, at, Infinity);
    case 'temporary': {
      // An answer is no new approval: without an expiry of its own it does not prolong what is held.
      const running = before.held?.kind === 'temporary' ? before.held.until : null;
      return hold(status, at, expiresAt ?? running ?? at + policy.permissionLasts * HOUR);
    }
    case 'unknown':
      return { held: null, lost: before.lost, known: false };
    case 'none':
      // Held a moment ago and gone: it was revoked and we were not told.
      return before.held ? lose('revoked-by-user', at) : { ...before, known: true };
  }
}

const hold = (kind: 'temporary' | 'permanent', since: number, until: number): Known => ({
  held: { kind, since, until },
  lost: null,
  known: true,
});

const lose = (why: Loss, at: number): Known => ({ held: null, lost: { why, at }, known: true });
