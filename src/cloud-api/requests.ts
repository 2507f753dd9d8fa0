import type { ContactNames } from '../rules/contact';
import { fault } from './errors';
import type { JsonObject } from './json';

/** How the user is asked to allow calls: free-form inside the 24 h service window, by template at any time. */
export type PermissionRequest =
  | { kind: 'free-form'; body?: string }
  | {
      kind: 'template';
      name: string;
      /** Language code of the template, such as `es` or `en_US`. */
      language: string;
      /** Of the body: in order (`{{1}}`), or by name (`{{customer}}`). */
      parameters?: string[] | Record<string, string>;
    };

/**
 * Names one user in a request. A number goes before the user id because sending to a user id is newer (July 2026) and
 * refused by some message types; WhatsApp's own spelling of the number goes before the one that was dialled.
 * @param numberField what the request calls a number; a user id is `recipient` everywhere
 */
function addressOf(
  { waId, phone, userId }: ContactNames,
  numberField: 'to' | 'user_wa_id',
): Record<string, string> {
  const number = digitsOf(waId) || digitsOf(phone);
  if (number) return { [numberField]: number };
  if (userId) return { recipient: userId };
  throw fault('invalid-parameter', 'not-sent', { details: 'the contact has no number and no id' });
}

function digitsOf(text: string | null): string {
  return (text ?? '').replaceAll(/\D/g, '');
}

/** Path and query of a permission look-up (Meta, user-call-permissions, 2026-06-26). */
export function lookUpPath(contact: ContactNames): string {
  return `call_permissions?${new URLSearchParams(addressOf(contact, 'user_wa_id'))}`;
}

/** Path and query of the templates that have, or contain, a name (Meta, templates). */
export function templatesPath(
  businessAccountId: string,
  name: string,
  after: string | null,
): string {
  const query = new URLSearchParams({
    name,
    fields: 'name,language,status,category,components,parameter_format',
    limit: '100',
    ...(after === null ? {} : { after }),
  });
  return `${encodeURIComponent(businessAccountId)}/message_templates?${query}`;
}

/** Body of a permission request (Meta, user-call-permissions, 2026-06-26). */
export function permissionRequestBody(
  contact: ContactNames,
  request: PermissionRequest,
): JsonObject {
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    ...addressOf(contact, 'to'),
    ...(request.kind === 'free-form' ? interactivePart(request) : templatePart(request)),
  };
}

/** The card itself cannot be changed, and a header or a footer is refused. */
function interactivePart({ body }: PermissionRequest & { kind: 'free-form' }): JsonObject {
  return {
    type: 'interactive',
    interactive: {
      type: 'call_permission_request',
      action: { name: 'call_permission_request' },
      ...(body ? { body: { text: body } } : {}),
    },
  };
}

/** No component stands for the request itself: the template has it. */
function templatePart(request: PermissionRequest & { kind: 'template' }): JsonObject {
  const parameters = bodyParameters(request.parameters ?? []);
  return {
    type: 'template',
    template: {
      name: request.name,
      language: { code: request.language },
      ...(parameters.length > 0 ? { components: [{ type: 'body', parameters }] } : {}),
    },
  };
}

function bodyParameters(parameters: string[] | Record<string, string>): JsonObject[] {
  if (Array.isArray(parameters)) return parameters.map((text) => ({ type: 'text', text }));
  return Object.entries(parameters).map(([name, text]) => ({
    type: 'text',
    parameter_name: name,
    text,
  }));
}

/** Body of a call (Meta, business-initiated-calls, 2026-06-26). `key` comes back with the webhooks of the call. */
export function callBody(contact: ContactNames, offer: { sdp: string }, key: string): JsonObject {
  return {
    messaging_product: 'whatsapp',
    ...addressOf(contact, 'to'),
    action: 'connect',
    session: { sdp_type: 'offer', sdp: offer.sdp },
    biz_opaque_callback_data: key,
  };
}

/** Body that ends a call, ringing or answered (Meta, business-initiated-calls, 2026-06-26). */
export function endCallBody(callId: string): JsonObject {
  return { messaging_product: 'whatsapp', call_id: callId, action: 'terminate' };
}
