import assert from 'node:assert/strict';
import { parseWebhook, type ContactChange, type WebhookChange } from '../../src/webhooks';
import { HEARD } from './fixtures';

/** Reads a body that holds one change. */
export function readOne(body: unknown): WebhookChange {
  const changes = parseWebhook(body, HEARD);
  const [first] = changes;
  assert.ok(first !== undefined && changes.length === 1, `one change, not ${changes.length}`);
  return first;
}

/** Reads a body that holds one change of a contact. */
export function readContact(body: unknown): ContactChange {
  const change = readOne(body);
  assert.ok(change.kind === 'contact', `a change of kind contact, not ${change.kind}`);
  return change;
}

/** The types of all facts in a body, `other` where there is none. */
export function typesIn(body: unknown): string[] {
  return parseWebhook(body, HEARD).map((it) => (it.kind === 'other' ? 'other' : it.fact.type));
}
