import type { Knowledge } from './knowledge';
import type { Sent } from './known-call';

/**
 * Why a refusal could not be foreseen, where nothing that had to be known stood in the way; null where it could.
 *
 * @param at when it was sent, epoch milliseconds
 */
export function unforeseen(
  what: 'call' | 'request',
  knowledge: Knowledge,
  code: number,
  at: number,
): string | null {
  const isLate = ({ isAccepted, isAnswered, at: sentAt }: Sent): boolean =>
    isAccepted === true && !isAnswered && sentAt <= at;
  switch (code) {
    case 138006:
      return what === 'call' ? 'the permission was gone and it was not told yet' : null;
    case 138017:
      return 'the permission had come and it was not told yet';
    case 138003:
      return what === 'call' ? 'a call was on of which we could not know' : null;
    case 138012:
      return 'calls were connected and it was not told yet';
    case 138009:
      return knowledge.requests.some(isLate) ? 'a request took effect later than we knew' : null;
    case 138000:
    case 131055:
    case 138014:
      return 'the number was stopped and it was not told yet';
    default:
      return null;
  }
}
