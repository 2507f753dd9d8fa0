import type { Json } from '../rules';
import { ActionError } from './errors';

/** The most that a memo may be, as JSON in UTF-8. */
const LONGEST_MEMO = 1024;

/**
 * What the flow wants kept with a request or a call, as plain JSON; undefined where there is none.
 *
 * @throws {ActionError} `memo-not-json`, `memo-too-large`
 */
export function readMemo(memo: unknown): Json | undefined {
  if (memo === undefined || memo === null) return undefined;
  const text = asJson(memo);
  if (Buffer.byteLength(text) > LONGEST_MEMO) {
    throw new ActionError(
      'memo-too-large',
      `The memo is longer than ${LONGEST_MEMO} bytes of JSON.`,
    );
  }
  return JSON.parse(text) as Json;
}

function asJson(memo: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(memo) as string | undefined;
  } catch {
    // Circular, or a value that JSON has no word for: said below.
  }
  if (text === undefined)
    throw new ActionError('memo-not-json', 'The memo cannot be written as JSON.');
  return text;
}
