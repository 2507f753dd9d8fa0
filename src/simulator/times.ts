export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Unix seconds of an epoch-millisecond time, as WhatsApp writes the time of what happened. */
export const unixSeconds = (time: number): number => Math.floor(time / SECOND);

/** The first whole unix second at or after `time`: what is promised for it is true by then. */
export const unixSecondsAfter = (time: number): number => Math.ceil(time / SECOND);

/** `time` cut to the whole second that WhatsApp tells, in epoch milliseconds. */
export const toWholeSecond = (time: number): number => unixSeconds(time) * SECOND;
