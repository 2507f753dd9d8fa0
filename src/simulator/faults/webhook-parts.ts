import { isObject, objectAt, textAt, type JsonObject } from '../json';

/** The one change of a body as the simulator makes it, before bodies are batched. */
export function changeIn(body: object): { field: string; value: JsonObject } {
  const entry = listAt(body as JsonObject, 'entry')[0] ?? {};
  const change = listAt(entry, 'changes')[0] ?? {};
  return { field: textAt(change, 'field') ?? '', value: objectAt(change, 'value') };
}

/** The objects in the list at `key`; none where there is no list. */
export function listAt(object: JsonObject, key: string): JsonObject[] {
  const list = object[key];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

const callIn = (body: object): JsonObject => listAt(changeIn(body).value, 'calls')[0] ?? {};

export const isConnect = (body: object): boolean => callIn(body)['event'] === 'connect';
export const isTerminate = (body: object): boolean => callIn(body)['event'] === 'terminate';

/** The id of the call that a body is about; '' where it is about none. */
export const callIdIn = (body: object): string => textAt(callIn(body), 'id') ?? '';
