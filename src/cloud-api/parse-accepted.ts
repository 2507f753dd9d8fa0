import { fault } from './errors';
import { objectsIn, readText, type JsonObject } from './json';

/** What WhatsApp took on: the id of the message or call, and the contact's names where it told them. */
export interface Accepted {
  id: string;
  waId: string | null;
  userId: string | null;
}

/**
 * Reads the answer to a request (`messages`) or a call (`calls`).
 * @throws {CloudApiError} `invalid-response` where the id is missing; what was sent may have taken effect.
 */
export function parseAccepted(body: JsonObject, list: 'messages' | 'calls'): Accepted {
  const id = readText(objectsIn(body[list])[0]?.id);
  if (id === null) throw fault('invalid-response', 'unknown', { details: 'it has no id' });
  const contact = objectsIn(body.contacts)[0];
  return { id, waId: readText(contact?.wa_id), userId: readText(contact?.user_id) };
}
