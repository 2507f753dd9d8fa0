import { isObject, objectAt, textAt, type JsonObject } from '../json';
import { drifted } from './drift';
import type { Faults } from './faults';
import { listAt } from './webhook-parts';

/** A successful answer as it might come: in other words, other types, or with less in it. */
export function reshapedAnswer(body: unknown, faults: Faults): unknown {
  if (!isObject(body)) return body;
  const answer = structuredClone(body);
  if (isObject(answer['permission'])) reshapeLookUp(answer, faults);
  if ('contacts' in answer && faults.strikes('answer-contacts-missing')) delete answer['contacts'];
  return faults.strikes('types-drift') ? drifted(answer) : answer;
}

function reshapeLookUp(answer: JsonObject, faults: Faults): void {
  const permission = objectAt(answer, 'permission');
  if (faults.strikes('oas-words')) useOasWords(answer, permission, faults);
  if ('expiration_time' in permission && faults.strikes('expiration-key')) {
    permission['expiration'] = permission['expiration_time'];
    delete permission['expiration_time'];
  }
  for (const action of listAt(answer, 'actions')) {
    if (!faults.strikes('limits-missing')) continue;
    const nothing = faults.pick('limits-missing', ['', null, undefined]);
    if (nothing === undefined) delete action['limits'];
    else action['limits'] = nothing;
  }
}

/** Meta's OpenAPI reference (mid-2026) knows no permanent permission, and four words. */
function useOasWords(answer: JsonObject, permission: JsonObject, faults: Faults): void {
  const isHeld = textAt(permission, 'status') !== 'no_permission';
  permission['status'] = isHeld
    ? 'granted'
    : faults.pick('oas-words', ['pending', 'denied', 'expired']);
  for (const action of listAt(answer, 'actions')) {
    for (const limit of listAt(action, 'limits')) {
      limit['time_period'] = limit['time_period'] === 'PT24H' ? '24h' : '7d';
    }
  }
}
