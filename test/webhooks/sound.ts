import assert from 'node:assert/strict';
import type { WebhookChange } from '../../src/webhooks';
import { HEARD } from './fixtures';

function isTime(time: unknown): boolean {
  return typeof time === 'number' && Number.isSafeInteger(time) && time >= 0;
}

/** A change must be one that the rules can work with, whatever body it was read from. */
export function assertSound(change: WebhookChange): void {
  assert.ok(isTime(change.at) && change.at <= HEARD, `time ${change.at}`);
  assert.ok(change.id === null || typeof change.id === 'string');
  if (change.kind === 'other') return;
  assert.equal(change.fact.at, change.at);
  if (change.fact.type === 'granted')
    assert.ok(change.fact.expiresAt === null || isTime(change.fact.expiresAt));
  if (change.fact.type === 'ended') {
    const { startedAt, durationSeconds } = change.fact;
    assert.equal(startedAt === null, durationSeconds === null);
    assert.ok(startedAt === null || (isTime(startedAt) && startedAt <= HEARD));
    assert.ok(durationSeconds === null || (durationSeconds >= 0 && durationSeconds < Infinity));
  }
  if (change.kind !== 'contact') return;
  const { waId, userId, phone } = change.contact;
  for (const number of [waId, phone]) {
    assert.ok(number === null || /^\d{3,20}$/.test(number), `number ${number}`);
  }
  assert.ok(userId === null || /^[A-Z]{2}\.[A-Za-z0-9.]{1,140}$/.test(userId), `id ${userId}`);
  assert.ok(change.call !== null || waId !== null || userId !== null, 'a contact with a name');
}
