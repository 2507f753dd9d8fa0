/** Lengths of time in milliseconds; all times in the rules are epoch milliseconds. */
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;

/** The whole second a moment lies in: WhatsApp tells its times no finer. */
export const secondOf = (time: number): number => Math.floor(time / SECOND);

/** A fact's time: WhatsApp's whole second and when we heard of it, or only our own millisecond. */
interface Moment {
  at: number;
  heard?: number;
}

/** The earliest millisecond at which it can have happened. A fact dated in the future counts as now. */
export const earliestMoment = ({ at, heard }: Moment): number => Math.min(at, heard ?? at);

/**
 * The latest millisecond at which something can have happened that WhatsApp dated `at` (a whole second)
 * and told us at `heard`. Never later than the moment we heard of it.
 */
export function latestMoment({ at, heard }: Moment): number {
  return heard === undefined ? at : Math.min(at + SECOND - 1, heard);
}
