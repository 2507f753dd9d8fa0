import { HOUR, apply, tidy, type ContactNames, type Json, type Verdict } from '../rules';
import type { Account } from './account';

/**
 * Notes that the flow wants to hear of a contact again when it is worth trying: at the verdict's `retryAt`, or in
 * an hour where that is unknown. A newer wish replaces an older one.
 *
 * @throws {RecordsError} where it cannot be kept
 */
export async function remind(
  { records, clock }: Account,
  contact: ContactNames,
  { retryAt }: Verdict,
  memo: Json | undefined,
): Promise<void> {
  await records.update(contact, (record) => {
    const at = clock.now();
    const due = retryAt ?? at + HOUR;
    const wish = { type: 'reminder-wanted', at, due, ...(memo !== undefined && { memo }) } as const;
    return { record: tidy(apply(record, wish), at), result: undefined };
  });
}
