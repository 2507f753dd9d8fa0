import { apply, tidy, type ContactNames, type Fact } from '../rules';
import type { Account } from './account';
import { follow } from './call-counts';
import { ActionError } from './errors';

/**
 * Hangs up. A call that is over already is a success. Returns whose call it was; null where the id is unknown.
 *
 * @throws {ActionError} `call-id-missing`
 * @throws {CloudApiError} where WhatsApp did not end it
 */
export async function endCall(account: Account, callId: unknown): Promise<ContactNames | null> {
  if (typeof callId !== 'string' || callId === '') {
    throw new ActionError('call-id-missing', 'There is no call to end: msg.call.id is empty.');
  }
  const contact = await account.records.contactOf(callId);
  const isOurDoing = await account.cloudApi.endCall(callId);
  if (contact === null) return null;
  const at = account.clock.now();
  const fact: Fact = { type: 'hung-up', at, id: callId, ...(isOurDoing ? {} : { already: true }) };
  const updated = await account.records.update(contact, (record) => {
    const isKnown = record.calls?.some(({ id }) => id === callId) ?? false;
    // A call that was over long ago is forgotten: to note it anew would have it end, and count, once more.
    const isNews = isOurDoing || isKnown;
    return { record: isNews ? tidy(apply(record, fact), at) : record, result: undefined };
  });
  await follow(account, updated);
  return updated.names;
}
