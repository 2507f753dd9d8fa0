import type { Usage } from './facts';

/** A rolling window: at most `allowed` events in any `length` milliseconds. */
export interface Window {
  allowed: number;
  length: number;
}

/** What counts in a window: the times that we know, and WhatsApp's own count where it told one. */
export interface Counted {
  /** Our own times, epoch milliseconds, in any order. */
  times: number[];
  /** WhatsApp's count and the moment it is as old as; null where it told none, or where it no longer holds. */
  told: (Usage & { at: number }) | null;
}

/**
 * The times that count at `time`. WhatsApp's count replaces ours up to the moment it is as old as; what we
 * counted since is added. What WhatsApp counted and we do not know is taken to be as young as it can be. What we
 * counted in the very millisecond of the look-up counts, and may be what WhatsApp had counted.
 */
function timesInWindow({ times, told }: Counted, window: Window, time: number): number[] {
  if (!told || told.at > time) return within(window, time, times);
  const known = within(window, told.at, times)
    .filter((at) => at < told.at)
    .toSorted((a, b) => b - a)
    .slice(0, told.used);
  const since = times.filter((at) => at >= told.at);
  const atOnce = since.filter((at) => at === told.at);
  const unknown = Array.from(
    { length: unknownCount(told, known.length + atOnce.length, window) },
    () => told.at,
  );
  // Where we know none of them, the time that WhatsApp gave tells when the oldest happened.
  if (unknown.length > 0 && known.length + atOnce.length === 0 && told.resetsAt !== null)
    unknown[0] = told.resetsAt - window.length;
  return within(window, time, [...known, ...unknown, ...since]);
}

/** Of what the policy and WhatsApp allow, the stricter. */
const allowedAt = ({ told }: Counted, { allowed }: Window, time: number): number =>
  told && told.at <= time ? Math.min(allowed, told.allowed) : allowed;

/** One more than is allowed fills a window as well as any number that WhatsApp may tell. */
const unknownCount = ({ used }: Usage, known: number, { allowed }: Window): number =>
  Math.min(Math.max(0, used - known), allowed + 1);

const within = ({ length }: Window, time: number, times: number[]): number[] =>
  times.filter((at) => at <= time && at > time - length);

/** How many more are allowed at `time`; never below zero, and zero where {@link fullUntil} tells a time. */
export function leftInWindow(counted: Counted, window: Window, time: number): number {
  if (fullUntil(counted, window, time) !== null) return 0;
  return allowedAt(counted, window, time) - timesInWindow(counted, window, time).length;
}

/**
 * Until when the window is full, seen from `time` (epoch milliseconds); null where there is room. Of our
 * count and the time that WhatsApp told, the later.
 */
export function fullUntil(counted: Counted, window: Window, time: number): number | null {
  const allowed = allowedAt(counted, window, time);
  if (allowed === 0) return Infinity;
  const { told } = counted;
  const times = timesInWindow(counted, window, time).toSorted((a, b) => a - b);
  const oldest = times[times.length - allowed];
  const untils = [
    oldest === undefined ? -Infinity : oldest + window.length,
    told && told.at <= time ? (told.resetsAt ?? -Infinity) : -Infinity,
  ];
  const until = Math.max(...untils);
  return until > time ? until : null;
}
