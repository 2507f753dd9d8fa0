import type { PermissionRequest } from '../cloud-api';
import { DAY, HOUR, type ContactNames, type Json } from '../rules';
import type { Account } from './account';
import { ActionError } from './errors';
import { attempt, type Attempt } from './reservation';

/** A request as the flow wants it. `auto` is free-form inside the service window and the template outside it. */
export interface WantedRequest {
  kind: 'free-form' | 'template' | 'auto';
  body?: string;
  template?: { name: string; language: string; parameters?: string[] | Record<string, string> };
  memo?: Json | undefined;
}

/** How long the user's last message or call lets us write freely (Meta, customer service window). */
const SERVICE_WINDOW = DAY;

export interface RequestAttempt extends Attempt {
  request: { id: string; kind: 'free-form' | 'template'; sentAt: number; expiresAt: number } | null;
}

/**
 * Asks a contact to allow calls, where that is needed and the limits allow it. After the user revoked it asks
 * again; after an opt-out never. Errors as {@link attempt}, and `template-missing` where one is needed.
 */
export async function requestPermission(
  account: Account,
  contact: ContactNames,
  wanted: WantedRequest,
): Promise<RequestAttempt> {
  const kind = wanted.kind === 'auto' ? await kindFor(account, contact) : wanted.kind;
  const { memo } = wanted;
  const result = await attempt(account, contact, {
    isUnderWay: () => false,
    isAllowed: ({ state, canRequest }) =>
      canRequest && (state === 'needs-request' || state === 'revoked'),
    // Content that is missing must stop it before it is counted, and is not missed where nothing is sent.
    reserved: (key, at) => ({
      type: 'requested',
      at,
      key,
      kind: contentOf(wanted, kind).kind,
      ...(memo === undefined ? {} : { memo }),
    }),
    send: (names) => account.cloudApi.requestPermission(names, contentOf(wanted, kind)),
    accepted: (key, id, at) => ({ type: 'request-accepted', at, key, id }),
    released: (key, at) => ({ type: 'request-released', at, key }),
  });
  const { sent } = result;
  const lasts = account.policy.requestLapsesAfter * HOUR;
  return {
    ...result,
    request: sent && { id: sent.id, kind, sentAt: sent.at, expiresAt: sent.at + lasts },
  };
}

async function kindFor(account: Account, contact: ContactNames): Promise<'free-form' | 'template'> {
  const { record } = await account.records.read(contact);
  const isOpen =
    record.wroteAt !== undefined && account.clock.now() < record.wroteAt + SERVICE_WINDOW;
  return isOpen ? 'free-form' : 'template';
}

function contentOf(
  { body, template }: WantedRequest,
  kind: 'free-form' | 'template',
): PermissionRequest {
  if (kind === 'free-form') return { kind, ...(body ? { body } : {}) };
  if (!template?.name) {
    throw new ActionError(
      'template-missing',
      'Only a template can ask a contact who has not written within 24 hours, and none is named.',
    );
  }
  return { kind, ...template };
}
