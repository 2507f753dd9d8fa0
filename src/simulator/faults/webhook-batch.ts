import type { JsonObject } from '../json';
import type { Faults } from './faults';
import { listAt } from './webhook-parts';

export type Body = JsonObject;

/** How two webhooks come in one body (Meta, webhooks/getting-started: up to 1000 updates in one). */
const WAYS = ['entries', 'changes', 'items'] as const;

/** Two bodies as one; as changes or items of one entry only where both are about the same. */
export function merged(one: Body, other: Body, faults: Faults): Body {
  const [entries, others] = [listAt(one, 'entry'), listAt(other, 'entry')];
  const last = entries.at(-1) ?? {};
  const next = others[0] ?? {};
  const way = faults.pick('webhook-batched', WAYS);
  if (way === 'entries' || last['id'] !== next['id'] || last['time'] !== undefined) {
    return { ...one, entry: [...entries, ...others] };
  }
  const changes = mergedChanges(listAt(last, 'changes'), listAt(next, 'changes'), way);
  const entry = { ...last, changes };
  return { ...one, entry: [...entries.slice(0, -1), entry, ...others.slice(1)] };
}

function mergedChanges(
  changes: JsonObject[],
  others: JsonObject[],
  way: 'changes' | 'items',
): JsonObject[] {
  const last = changes.at(-1) ?? {};
  const next = others[0] ?? {};
  const value = way === 'items' && last['field'] === next['field'] ? mergedValue(last, next) : null;
  if (value === null) return [...changes, ...others];
  return [...changes.slice(0, -1), { ...last, value }, ...others.slice(1)];
}

const LISTS = ['calls', 'statuses', 'messages', 'contacts'];

/** The lists of both; null where something else is in them, such as the errors of one. */
function mergedValue(last: JsonObject, next: JsonObject): JsonObject | null {
  const [one, other] = [last['value'] as JsonObject, next['value'] as JsonObject];
  const isList = (key: string): boolean => LISTS.includes(key);
  const isHeader = (key: string): boolean => key === 'metadata' || key === 'messaging_product';
  const keys = Object.keys({ ...one, ...other });
  if (!keys.some(isList) || !keys.every((key) => isList(key) || isHeader(key))) return null;
  const lists = LISTS.map((key) => [key, [...listAt(one, key), ...listAt(other, key)]] as const);
  return { ...one, ...Object.fromEntries(lists.filter(([, list]) => list.length > 0)) };
}
