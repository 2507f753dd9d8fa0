/** When each number's records were first opened in this process, epoch milliseconds. */
const opened = new Map<string, number>();

/**
 * Since when what a context store holds is complete: since this process opened it. localfilesystem writes every
 * 30 seconds, so what was acknowledged in the last of them may have gone with a process that crashed.
 * @param number the account's connection and phone number id
 * @param now epoch milliseconds, by the account's clock
 */
export function trustedSince(number: string, now: number): number {
  const since = opened.get(number) ?? now;
  opened.set(number, since);
  return since;
}
