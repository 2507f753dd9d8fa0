import type { PermissionRequest } from '../cloud-api';
import {
  HOUR,
  serviceWindowUntil,
  type ContactNames,
  type ContactRecord,
  type Json,
} from '../rules';
import type { Account } from './account';
import { ActionError } from './errors';
import { attempt, type Attempt } from './reservation';

type Kind = PermissionRequest['kind'];

/** A request as the flow wants it. `auto` is free-form inside the service window and the template outside it. */
export interface WantedRequest {
  kind: 'free-form' | 'template' | 'auto';
  body?: string;
  template?: { name: string; language: string; parameters?: string[] | Record<string, string> };
  memo?: Json | undefined;
}

export interface RequestAttempt extends Attempt {
  request: { id: string; kind: Kind; sentAt: number; expiresAt: number } | null;
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
  const { memo } = wanted;
  let kind: Kind = 'template';
  const result = await attempt(account, contact, {
    isUnderWay: () => false,
    isAllowed: ({ state, canRequest }) =>
      canRequest && (state === 'needs-request' || state === 'revoked'),
    // Content that is missing must stop it before it is counted, and is not missed where nothing is sent.
    reserved(key, at, record) {
      kind = kindFor(wanted, record, at);
      contentOf(wanted, kind);
      return { type: 'requested', at, key, kind, ...(memo === undefined ? {} : { memo }) };
    },
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

/** As of the moment of the reservation: a look-up before it may have waited for long. */
function kindFor({ kind }: WantedRequest, record: ContactRecord, now: number): Kind {
  if (kind !== 'auto') return kind;
  const until = serviceWindowUntil(record);
  return until !== null && now < until ? 'free-form' : 'template';
}

function contentOf({ body, template }: WantedRequest, kind: Kind): PermissionRequest {
  if (kind === 'free-form') return { kind, ...(body ? { body } : {}) };
  if (!template?.name) {
    throw new ActionError(
      'template-missing',
      'Only a template can ask a contact who has not written within 24 hours, and none is named.',
    );
  }
  return { kind, ...template };
}
