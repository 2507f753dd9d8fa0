import type { ContactRecord } from './record';
import { DAY } from './time';

const YEAR = 365 * DAY;

/**
 * Until when anything in a contact's record matters, epoch milliseconds; null: for ever. An opt-out, its withdrawal and
 * a permanent permission have no end. All else is of the past a year after the latest time in it: no limit of WhatsApp's
 * and no pause of ours looks back further, and what is unknown then is asked of WhatsApp.
 */
export function keptUntil(record: ContactRecord): number | null {
  const { choice, permission = [], answer } = record;
  const isPermanent =
    answer?.status === 'permanent' ||
    permission.some((event) =>
      event.is === 'granted'
        ? event.kind === 'permanent'
        : event.is === 'found' && event.status === 'permanent',
    );
  return choice || isPermanent ? null : latestIn(record) + YEAR;
}

/** The latest time anywhere in the record; memos are not ours, and what they hold is no time. */
function latestIn(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'object' || value === null) return 0;
  const parts = Object.entries(value).flatMap(([key, part]) =>
    key === 'memo' ? [] : latestIn(part),
  );
  return Math.max(0, ...parts);
}
