import { invalidParameter } from './graph-errors';
import { isObject, objectAt, textAt } from './json';
import type { JsonObject } from './json';
import type { OutgoingMessage } from './message-desk';
import type { VirtualNumber } from './number';
import { pairAddressed } from './recipient';
import { numberRefusal, requestRefusal } from './refusals';

/**
 * POST /{phone number id}/messages. Call permission requests, free-form or by template, are held to the
 * limits of calling; anything else is an ordinary message.
 * @throws GraphError
 */
export function postMessages(number: VirtualNumber, body: JsonObject): JsonObject {
  if (body['messaging_product'] !== 'whatsapp') {
    throw invalidParameter('messaging_product must be "whatsapp".');
  }
  const to = textAt(body, 'to');
  const recipient = textAt(body, 'recipient');
  const pair = pairAddressed(number, to, recipient);
  const message = toMessage(number, body);
  if (message.isRequest) {
    const now = number.clock.now();
    const refusal = numberRefusal(number.settings, now) ?? requestRefusal(pair, now);
    if (refusal !== null) throw refusal;
    pair.countRequest(now);
  }
  const id = number.messages.send(pair, message);
  const userId = pair.user === null ? {} : { user_id: pair.user.userId };
  return {
    messaging_product: 'whatsapp',
    contacts: [{ input: to ?? recipient, wa_id: pair.waId, ...userId }],
    messages: [{ id, message_status: 'accepted' }],
  };
}

function toMessage(number: VirtualNumber, body: JsonObject): OutgoingMessage {
  const type = textAt(body, 'type') ?? 'text';
  if (!isObject(body[type])) throw invalidParameter(`The object "${type}" is missing.`);
  const content = objectAt(body, type);
  if (type === 'template') {
    return { isTemplate: true, isRequest: number.templates.isRequest(content) };
  }
  const isRequest = type === 'interactive' && content['type'] === 'call_permission_request';
  if (isRequest) checkRequest(content);
  return { isTemplate: false, isRequest };
}

/** The body is optional, header and footer are not allowed (Meta, user-call-permissions, 2026-06-26). */
function checkRequest(interactive: JsonObject): void {
  if ('header' in interactive || 'footer' in interactive) {
    throw invalidParameter('A call permission request has neither header nor footer.');
  }
  if (objectAt(interactive, 'action')['name'] !== 'call_permission_request') {
    throw invalidParameter('action.name must be "call_permission_request".');
  }
  if ('body' in interactive && textAt(objectAt(interactive, 'body'), 'text') === null) {
    throw invalidParameter('body.text must not be empty.');
  }
}
