import type { WebhookChange } from './change';
import { readAccountUpdate, readSettingsUpdate } from './parse-account';
import { readCall, readCallStatus } from './parse-calls';
import { readMessage, readMessageStatus } from './parse-messages';
import { asObject, objectsIn, wordIn, type JsonObject } from './reading';
import { otherElement, scopeOf, type Scope } from './scope';

/**
 * What is read of one body at most. WhatsApp sends a thousand updates in one (Meta, webhooks/getting-started,
 * 2026-09-11); a body of 3 MB made of tiny objects would otherwise become hundreds of thousands of changes.
 */
export const MOST_CHANGES = 20_000;

/**
 * Reads a webhook body: every entry, change and item in it, in their order. Never throws, whatever JSON it is
 * given; what is not about calling, and what cannot be read, comes as a change of kind `other`.
 *
 * @param heard When the body arrived, epoch milliseconds: takes the place of times that are missing,
 *   unreadable or in the future.
 */
export function parseWebhook(body: unknown, heard: number): WebhookChange[] {
  const changes: WebhookChange[] = [];
  for (const change of changesIn(asObject(body), heard)) {
    if (changes.push(change) >= MOST_CHANGES) break;
  }
  return changes;
}

function* changesIn(body: JsonObject, heard: number): Generator<WebhookChange> {
  for (const entry of objectsIn(body, 'entry')) {
    for (const element of objectsIn(entry, 'changes')) {
      yield* changesOf(scopeOf(entry, element, heard));
    }
  }
}

function changesOf(scope: Scope): Iterable<WebhookChange> {
  switch (scope.field) {
    case 'calls':
    case 'messages':
      return itemsOf(scope);
    case 'account_update':
      return readAccountUpdate(scope);
    case 'account_settings_update':
      return readSettingsUpdate(scope);
    default:
      return [otherElement(scope)];
  }
}

function* itemsOf(scope: Scope): Generator<WebhookChange> {
  const { calls, statuses, messages, errors } = scope;
  for (const call of calls) yield readCall(call, scope);
  for (const status of statuses) {
    yield isAboutCall(status, scope)
      ? readCallStatus(status, scope)
      : readMessageStatus(status, scope);
  }
  for (const message of messages) yield readMessage(message, scope);
  const isEmpty = calls.length + statuses.length + messages.length === 0;
  if (isEmpty || (errors.length > 0 && calls.length === 0)) yield otherElement(scope);
}

/** Calls and messages share the name `statuses`; only the type tells them apart, or else the field. */
function isAboutCall(status: JsonObject, scope: Scope): boolean {
  return wordIn(status, 'type') === 'CALL' || scope.field === 'calls';
}
