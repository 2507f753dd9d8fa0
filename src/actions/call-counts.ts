import {
  NO_SHIFT,
  apply,
  emptyRecord,
  fullness,
  isNoShift,
  remaining,
  shiftBetween,
  shifted,
  withInitiation,
  withoutInitiation,
  type AccountState,
  type CallCounts,
  type CallShift,
  type ContactRecord,
  type Fact,
  type Policy,
} from '../rules';
import type { Account } from './account';

/** A contact's record before and after a change. */
export interface Change {
  before: ContactRecord;
  after: ContactRecord;
}

/** Whether there was room for one more call at `at` (epoch milliseconds), and the account's state from then on. */
export interface Room {
  isThere: boolean;
  account: AccountState;
  at: number;
}

/**
 * Counts a call that is about to be placed at `at` (epoch milliseconds) if neither limit of the number is used up.
 * To decide and to count is one update, so that of many at once no more find room than there is.
 *
 * @throws {RecordsError} where the count cannot be kept
 */
export async function countCall(
  { records, policy, clock }: Account,
  change: Change,
  at: number,
): Promise<Room> {
  const { after, result } = await records.updateCounts((counts, state) => {
    const now = clock.now();
    if (fullness(counts, policy, now)) {
      return {
        counts,
        state: stateWith(state, counts, policy, now),
        result: { isThere: false, at: now },
      };
    }
    const shift = shiftBetween(change.before, change.after);
    const counted = shifted(withInitiation(counts, at), shift, now);
    return {
      counts: counted,
      state: stateWith(state, counted, policy, now),
      result: { isThere: true, at: now },
    };
  });
  return { ...result, account: after };
}

/** Takes a call back that was begun at `at` and that WhatsApp definitely refused. Never rejects: see {@link follow}. */
export const uncountCall = (account: Account, change: Change, at: number): Promise<void> =>
  carryOut(account, shiftBetween(change.before, change.after), (counts, now) =>
    withoutInitiation(counts, at, now),
  );

/**
 * Counts the calls that go on as a contact's record tells them, save for what was `held` already. Never rejects: what
 * could not be taken down counts until the call would have ended by itself, and what has happened must be told.
 */
export const follow = (
  account: Account,
  { before, after }: Change,
  held: CallShift = NO_SHIFT,
): Promise<void> => carryOut(account, remaining(shiftBetween(before, after), held));

/**
 * Counts what a webhook is about to make last for hours, before it is stored: so a crash between the two leaves one
 * call too many and not one too few. Pass it to {@link follow}, or to {@link letGo} where nothing was stored.
 *
 * @throws {RecordsError} where that cannot be kept: nothing was stored yet
 */
export async function hold(account: Account, fact: Fact): Promise<CallShift> {
  const lasts =
    fact.type === 'answered' || (fact.type === 'connecting' && fact.direction === 'user');
  if (!lasts) return NO_SHIFT;
  const shift = shiftBetween(emptyRecord(), apply(emptyRecord(), fact));
  await update(account, shift);
  return shift;
}

/** Gives back what was held in vain. Never rejects, as {@link follow}. */
export const letGo = (account: Account, held: CallShift): Promise<void> =>
  carryOut(account, remaining(NO_SHIFT, held));

/**
 * Brings up to date what the limits of the number leave, which may have been changed.
 *
 * @throws {RecordsError} where the count cannot be read or kept
 */
export const recount = (account: Account): Promise<void> => update(account, NO_SHIFT);

async function carryOut(
  account: Account,
  shift: CallShift,
  further: Further = same,
): Promise<void> {
  if (isNoShift(shift) && further === same) return;
  try {
    await update(account, shift, further);
  } catch {
    // It stays counted, which is the safe side, and frees itself.
  }
}

type Further = (counts: CallCounts, now: number) => CallCounts;

const same: Further = (counts) => counts;

async function update(
  { records, policy, clock }: Account,
  shift: CallShift,
  further: Further = same,
): Promise<void> {
  await records.updateCounts((before, state) => {
    const now = clock.now();
    const counts = further(shifted(before, shift, now), now);
    return { counts, state: stateWith(state, counts, policy, now), result: undefined };
  });
}

function stateWith(
  { blocks }: AccountState,
  counts: CallCounts,
  policy: Policy,
  now: number,
): AccountState {
  const full = fullness(counts, policy, now);
  return { ...(blocks && { blocks }), ...(full && { full }) };
}
