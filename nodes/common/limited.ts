import { remind } from '../../src/actions';
import type { ContactNames, Json, Verdict } from '../../src/rules';
import type { Occasion } from './action-node';
import { delayOf } from './message';

/** What "limited" adds to a message: the wait. With a reminder the memo is kept until it is over. */
export async function limited(
  { account, config }: Occasion<{ remind: boolean }>,
  { verdict, names }: { verdict: Verdict; names: ContactNames },
  memo: Json | undefined,
): Promise<{ delay: number }> {
  if (config.remind) await remind(account, names, verdict, memo);
  return { delay: delayOf(verdict, account.clock.now()) };
}
