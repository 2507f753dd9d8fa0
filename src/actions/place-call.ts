import type { ContactNames, ContactRecord, Json } from '../rules';
import type { Account } from './account';
import { countCall, uncountCall } from './call-counts';
import { attempt, type Attempt } from './reservation';

/**
 * Calls a contact, where there is a permission and no limit stands in the way. Decides and reserves in one
 * update before it dials, and counts it towards the limits of the number in another. Errors as {@link attempt}.
 */
export function placeCall(
  account: Account,
  contact: ContactNames,
  { sdp, memo }: { sdp: string; memo?: Json | undefined },
): Promise<Attempt> {
  return attempt(account, contact, {
    isUnderWay: isGoingOn,
    isAllowed: ({ canCall }) => canCall,
    reserved: (key, at) => ({ type: 'placed', at, key, ...(memo === undefined ? {} : { memo }) }),
    send: (names, key) => account.cloudApi.placeCall(names, { sdp }, key),
    accepted: (key, id, at) => ({ type: 'call-accepted', at, key, id }),
    released: (key, at) => ({ type: 'call-released', at, key }),
    room: {
      take: (change, at) => countCall(account, change, at),
      giveBack: (change, at) => uncountCall(account, change, at),
    },
  });
}

/** Webhooks may tell the whole of a call before WhatsApp's answer to placing it. */
const isGoingOn = ({ calls = [] }: ContactRecord, ourKey: string): boolean =>
  calls.some(({ key, endedAt }) => key === ourKey && endedAt === undefined);
