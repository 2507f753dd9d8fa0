import fc from 'fast-check';
import { DAY, HOUR, MINUTE, SECOND, WEEK } from '../../../src/rules';
import { START } from './facts';

/** Moments on a coarse grid, so that many things happen in one second or just at the end of a window. */
export const moment = fc
  .tuple(
    fc.constantFrom(0, 0, 0, 1, 2, 3, 6, 7, 8, 16),
    fc.constantFrom(0, 0, 0, 1, 23),
    fc.constantFrom(0, 0, 0, 1, 5),
    fc.constantFrom(0, 0, 0, 1, 59),
    fc.constantFrom(0, 0, 1, 300, 999),
  )
  .map(
    ([days, hours, minutes, seconds, ms]) =>
      START + days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND + ms,
  );

export const delay = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 1, 299, 700, 999, SECOND, 45 * SECOND, 5 * MINUTE) },
  { weight: 2, arbitrary: fc.constantFrom(HOUR, DAY, 3 * DAY, WEEK, WEEK + DAY, 4 * HOUR) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 9 * DAY }) },
);

export const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.option(arbitrary, { freq: 2 });

/** How WhatsApp tells a moment: the whole second, heard later; its clock may be two seconds ahead of ours. */
const tellingAfter = (after: fc.Arbitrary<number>) =>
  fc.record({
    after,
    lag: fc.constantFrom(0, 0, 1, 300, 2500, HOUR),
    skew: fc.constantFrom(0, 0, 0, 2 * SECOND),
  });
export const telling = tellingAfter(delay);
/** Calls are soon over. */
export const tellingOfCall = tellingAfter(
  fc.constantFrom(0, 1, 299, 700, 999, SECOND, 45 * SECOND, 5 * MINUTE, HOUR, 4 * HOUR, DAY),
);
type Telling = typeof telling extends fc.Arbitrary<infer T> ? T : never;

export function told(from: number, { after, lag, skew }: Telling): { at: number; heard: number } {
  const at = from + after;
  return { at: Math.floor(at / SECOND) * SECOND + skew, heard: at + lag };
}
