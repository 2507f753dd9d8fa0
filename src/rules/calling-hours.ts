import { DAY, MINUTE } from './time';

/** When calls may be placed, in the local time of one place. Outside, and on holidays, none are. */
export interface CallingHours {
  /** IANA name, such as `America/Bogota`. */
  timeZone: string;
  /** A moment is inside where any range holds. */
  ranges: readonly CallingRange[];
  /** Local dates without calls, `YYYY-MM-DD`. */
  holidays: readonly string[];
}

export interface CallingRange {
  /** 0 is Sunday. */
  days: readonly number[];
  /** Minutes after local midnight; `from` belongs to the range, `to` does not. */
  from: number;
  to: number;
}

/** The longest that calling hours are searched for an opening; longer pauses count as for ever. */
const SEARCHED_DAYS = 400;

/** Whether calls may be placed at `time` (epoch milliseconds). */
export function isInside(hours: CallingHours, time: number): boolean {
  const { date, weekday, minute } = localTime(hours.timeZone, time);
  if (hours.holidays.includes(date)) return false;
  return hours.ranges.some(
    ({ days, from, to }) => days.includes(weekday) && minute >= from && minute < to,
  );
}

/**
 * The first moment after `time` at which calls may be placed (epoch milliseconds), exact across changes of the
 * clocks; Infinity where there is none within 400 days.
 */
export function nextOpening(hours: CallingHours, time: number): number {
  for (let day = 0; day <= SEARCHED_DAYS; day += 1) {
    const openings = [day - 1, day, day + 1]
      .flatMap((near) => openingsAround(hours, time + near * DAY))
      .filter((at) => at > time && isInside(hours, at));
    if (openings.length > 0) return Math.min(...openings);
  }
  return Infinity;
}

/**
 * The moments around `time` at which a range may begin: where the local clock shows its beginning (twice, or never,
 * on a day on which the clocks change), and where the clocks change.
 */
function openingsAround({ timeZone, ranges }: CallingHours, time: number): number[] {
  const before = offsetAt(timeZone, time - DAY);
  const after = offsetAt(timeZone, time + DAY);
  const offsets = before === after ? [before] : [before, after];
  const changes = before === after ? [] : [changeBetween(timeZone, time - DAY, time + DAY)];
  // Near midnight either offset may be the one that tells which day it is.
  const midnights = new Set(offsets.map((offset) => Math.floor((time + offset) / DAY) * DAY));
  const starts = [...midnights].flatMap((midnight) =>
    ranges.map(({ from }) => midnight + from * MINUTE),
  );
  return [...changes, ...offsets.flatMap((offset) => starts.map((start) => start - offset))];
}

/** The first moment with the later offset; clocks change on whole minutes. */
function changeBetween(timeZone: string, from: number, to: number): number {
  const later = offsetAt(timeZone, to);
  let low = Math.floor(from / MINUTE);
  let high = Math.ceil(to / MINUTE);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(timeZone, middle * MINUTE) === later) high = middle;
    else low = middle;
  }
  return high * MINUTE;
}

/** What to add to UTC for the local time, in milliseconds. */
function offsetAt(timeZone: string, time: number): number {
  const { date, minute } = localTime(timeZone, time);
  return Date.parse(`${date}T00:00:00Z`) + minute * MINUTE - Math.floor(time / MINUTE) * MINUTE;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs a hundred times as much as using it. Throws a RangeError for an unknown time zone. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formats.set(timeZone, format);
  return format;
}

function localTime(
  timeZone: string,
  time: number,
): { date: string; weekday: number; minute: number } {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(time)
      .map(({ type, value }) => [type, value]),
  );
  const date = `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
  return {
    date,
    weekday: new Date(`${date}T00:00:00Z`).getUTCDay(),
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
}

const DAY_NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const CLOCK = /^([01]\d|2[0-4]):([0-5]\d)$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Reads calling hours as a designer writes them:
 * `{"timeZone": "America/Bogota", "ranges": [{"days": ["mon", "tue"], "from": "08:00", "to": "19:00"}], "holidays": ["2026-12-25"]}`.
 *
 * @returns what is wrong with them, as a text for people, where they cannot be used
 */
export function readCallingHours(value: unknown): CallingHours | string {
  if (!isObject(value)) return 'Calling hours must be an object with timeZone and ranges.';
  const unknown = Object.keys(value).find(
    (key) => !['timeZone', 'ranges', 'holidays'].includes(key),
  );
  if (unknown !== undefined) return `Calling hours have no "${unknown}".`;
  const { timeZone, ranges, holidays = [] } = value;
  if (typeof timeZone !== 'string' || !isTimeZone(timeZone)) {
    return 'Calling hours need a time zone such as "America/Bogota".';
  }
  if (!Array.isArray(ranges) || ranges.length === 0)
    return 'Calling hours need at least one range.';
  const read = ranges.map(readRange);
  const fault = read.find((range) => typeof range === 'string');
  if (typeof fault === 'string') return fault;
  if (
    !Array.isArray(holidays) ||
    !holidays.every((date) => typeof date === 'string' && isDate(date))
  ) {
    return 'Holidays must be a list of dates such as "2026-12-25".';
  }
  return { timeZone, ranges: read as CallingRange[], holidays: holidays as string[] };
}

function readRange(value: unknown): CallingRange | string {
  if (!isObject(value)) return 'A range needs days, from and to.';
  const days = Array.isArray(value.days)
    ? value.days.map((day) => DAY_NAMES.indexOf(String(day)))
    : [];
  if (days.length === 0 || days.includes(-1))
    return `Days must be a list of ${DAY_NAMES.join(', ')}.`;
  const from = minuteOf(value.from);
  const to = minuteOf(value.to);
  if (from === null || to === null || from >= to) {
    return 'A range must go from one time to a later one, such as "08:00" to "19:00"; over midnight it takes two.';
  }
  return { days, from, to };
}

function minuteOf(text: unknown): number | null {
  const [, hour, minute] = (typeof text === 'string' && CLOCK.exec(text)) || [];
  if (hour === undefined) return null;
  const total = Number(hour) * 60 + Number(minute);
  return total <= 24 * 60 ? total : null;
}

const isDate = (text: string): boolean =>
  DATE.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));

function isTimeZone(timeZone: string): boolean {
  try {
    formatOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
