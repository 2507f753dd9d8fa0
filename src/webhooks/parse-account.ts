import type { AccountBlocked, AccountFact } from '../rules/account-facts';
import type { WebhookChange } from './change';
import { objectIn, objectsIn, timeIn, wordIn, type JsonObject } from './reading';
import { origin, otherElement, type Scope } from './scope';

/** Messaging restrictions say BIZ where calling ones say BUSINESS; either is believed. */
const CALLING_RESTRICTIONS = new Set([
  'RESTRICTED_BUSINESS_INITIATED_CALLING',
  'RESTRICTED_BIZ_INITIATED_CALLING',
]);

/**
 * Reads an `account_update`: a restriction of outbound calls (which forbids permission requests too), a ban of the
 * business account or its end. Warnings and other restrictions are passed on.
 * (Meta, call-settings, 2026-06-26; `ban_info`: webhooks/reference/account_update.)
 */
export function readAccountUpdate(scope: Scope): WebhookChange[] {
  const { value } = scope;
  switch (wordIn(value, 'event')) {
    case 'ACCOUNT_RESTRICTION':
      return changesOf(scope, [
        ...restrictionIn(value, 'restriction_info', 'restriction_type', scope),
        ...releaseIn(value, scope),
      ]);
    case 'DISABLED_UPDATE':
      return changesOf(scope, banIn(objectIn(value, 'ban_info'), scope));
    default:
      return changesOf(scope, []);
  }
}

/**
 * Reads an `account_settings_update`: calling switched on or off, and SIP, which takes calls away from this API
 * while it is on. Also sent for changes of our own. (Meta, call-settings, 2026-06-26.)
 */
export function readSettingsUpdate(scope: Scope): WebhookChange[] {
  const calling = objectIn(objectIn(scope.value, 'phone_number_settings'), 'calling');
  const restrictions = objectIn(calling, 'restrictions');
  return changesOf(scope, [
    ...eligibilityIn(calling, scope),
    ...restrictionIn(restrictions, 'restrictions_list', 'type', scope),
  ]);
}

function changesOf(scope: Scope, facts: AccountFact[]): WebhookChange[] {
  if (facts.length === 0) return [otherElement(scope)];
  const from = origin(scope.element, scope);
  return facts.map((fact) => ({ kind: 'account', ...from, id: null, at: fact.at, fact }));
}

/** How long a restriction of calls lasts where no end is given (Meta, call-settings, 2026-06-26): 7 days. */
const RESTRICTION_LASTS = 7 * 24 * 3_600_000;

/** Of several restrictions the one that ends last. */
function restrictionIn(
  holder: JsonObject,
  listField: string,
  typeField: string,
  scope: Scope,
): AccountFact[] {
  const ends = objectsIn(holder, listField)
    .filter((restriction) => CALLING_RESTRICTIONS.has(wordIn(restriction, typeField)))
    .map((restriction) => timeIn(restriction, 'expiration') ?? scope.sent + RESTRICTION_LASTS);
  if (ends.length === 0) return [];
  const until = ends.reduce((latest, end) => Math.max(latest, end));
  return [{ type: 'account-blocked', at: scope.sent, reason: 'account-restricted', until }];
}

/** Meta documents no webhook for an early release. That nothing is restricted any more is taken for one. */
function releaseIn({ restriction_info: restrictions }: JsonObject, scope: Scope): AccountFact[] {
  if (!Array.isArray(restrictions) || restrictions.length > 0) return [];
  return [{ type: 'account-freed', at: scope.sent, reason: 'account-restricted' }];
}

/** `SCHEDULE_FOR_DISABLE` is a warning; a word that we do not know is taken for a ban. */
function banIn(ban: JsonObject, scope: Scope): AccountFact[] {
  switch (wordIn(ban, 'waba_ban_state')) {
    case '':
    case 'SCHEDULE_FOR_DISABLE':
      return [];
    case 'REINSTATE':
      return [{ type: 'account-freed', at: scope.sent, reason: 'account-banned' }];
    default:
      return [{ type: 'account-blocked', at: scope.sent, reason: 'account-banned', until: null }];
  }
}

function eligibilityIn(calling: JsonObject, scope: Scope): AccountFact[] {
  const status = wordIn(calling, 'status');
  const sip = wordIn(objectIn(calling, 'sip'), 'status');
  if (sip === 'ENABLED') return [notEligible(scope)];
  if (status === 'DISABLED') return [{ ...notEligible(scope), answersNothing: true }];
  return status === 'ENABLED' ? [eligible(scope)] : [];
}

function notEligible(scope: Scope): AccountBlocked {
  return { type: 'account-blocked', at: scope.sent, reason: 'account-not-eligible', until: null };
}

function eligible(scope: Scope): AccountFact {
  return { type: 'account-freed', at: scope.sent, reason: 'account-not-eligible' };
}
