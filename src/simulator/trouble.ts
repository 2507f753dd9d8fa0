import type { Answer } from './answer';
import { SimulatorError } from './errors';
import { GraphError } from './graph-errors';

/**
 * What can be broken between a business and WhatsApp until it is mended:
 * - `token`: the access token has run out;
 * - `network`: no request gets through;
 * - `answers`: requests get through, and their answers are lost.
 */
export type Trouble = 'token' | 'network' | 'answers';

const TROUBLES: readonly unknown[] = ['token', 'network', 'answers'] satisfies Trouble[];

/** @throws SimulatorError `bad-input` */
export function toTrouble(what: unknown): Trouble {
  if (TROUBLES.includes(what)) return what as Trouble;
  throw new SimulatorError('bad-input', '"what" must be token, network or answers.');
}

const CUT: Answer = { status: 0, body: null, cut: 'before' };

/** What the business gets to see of what WhatsApp did. `act` may throw what WhatsApp refuses. */
export function underTrouble(trouble: Trouble | null, act: () => Answer): Answer {
  if (trouble === 'token') throw new GraphError(190);
  if (trouble === 'network') return CUT;
  const answer = act();
  return trouble === 'answers' ? CUT : answer;
}
