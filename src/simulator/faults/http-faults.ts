import type { Clock } from '../../clock';
import type { Answer } from '../answer';
import { MINUTE, SECOND } from '../times';
import { reshapedAnswer } from './answer-shapes';
import type { Faults } from './faults';

/** What may come between a request and its answer, one at a time. */
const HTTP_FAULTS = [
  'connection-cut',
  'server-error',
  'slow-action',
  'connection-cut-after',
  'server-error-after',
  'slow-answer',
] as const;

export type HttpFault = (typeof HTTP_FAULTS)[number];

/** Milliseconds. Longer than clients wait. */
const SLOW = [15 * SECOND, MINUTE] as const;

const CUT: Answer = { status: 0, body: null, cut: 'before' };

/** How a server says that something is wrong with it: as Graph does, or as what stands in front of it. */
const SERVER_ERRORS: readonly Answer[] = [
  { status: 500, body: { error: { message: 'An unknown error occurred', code: 1 } } },
  { status: 503, body: { error: { message: 'Service temporarily unavailable', code: 2 } } },
  { status: 502, body: '<html><body><h1>502 Bad Gateway</h1></body></html>' },
  { status: 504, body: '' },
];

/** What happens to the next request; null: nothing. */
export const nextHttpFault = (faults: Faults): HttpFault | null =>
  HTTP_FAULTS.find((name) => faults.strikes(name)) ?? null;

/** Has WhatsApp act on a request, or not, and gives what reaches the business under a fault. */
export async function underFault(
  fault: HttpFault | null,
  { faults, clock }: { faults: Faults; clock: Clock },
  act: () => Promise<Answer>,
): Promise<Answer> {
  switch (fault) {
    case null:
      return reshaped(await act(), faults);
    case 'connection-cut':
      return CUT;
    case 'server-error':
      return faults.pick(fault, SERVER_ERRORS);
    case 'slow-action':
      await slowly(fault, faults, clock);
      return reshaped(await act(), faults);
    case 'connection-cut-after':
      return { ...(await act()), cut: faults.pick(fault, ['before', 'amid']) };
    case 'server-error-after':
      await act();
      return faults.pick(fault, SERVER_ERRORS);
    case 'slow-answer': {
      const answer = await act();
      await slowly(fault, faults, clock);
      return reshaped(answer, faults);
    }
  }
}

const reshaped = (answer: Answer, faults: Faults): Answer =>
  answer.status === 200 ? { ...answer, body: reshapedAnswer(answer.body, faults) } : answer;

const slowly = (fault: HttpFault, faults: Faults, clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(clock.now() + Math.round(faults.magnitude(fault, ...SLOW)), resolve);
  });
