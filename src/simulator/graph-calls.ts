import { GraphError, invalidParameter } from './graph-errors';
import { objectAt, textAt } from './json';
import type { JsonObject } from './json';
import type { VirtualNumber } from './number';
import { pairAddressed } from './recipient';
import { offerFault } from './sdp';

const LONGEST_OPAQUE = 512;

/**
 * POST /{phone number id}/calls (Meta, calling reference, 2026-06-26).
 * @throws GraphError
 */
export function postCalls(number: VirtualNumber, body: JsonObject): JsonObject {
  if (body['messaging_product'] !== 'whatsapp') {
    throw invalidParameter('messaging_product must be "whatsapp".');
  }
  if (number.settings.isSipOn) throw new GraphError(131055);
  const action = textAt(body, 'action');
  if (action === 'connect') return connect(number, body);
  actOnCall(number, action, body);
  return { messaging_product: 'whatsapp', success: true };
}

function connect(number: VirtualNumber, body: JsonObject): JsonObject {
  const pair = pairAddressed(number, textAt(body, 'to'), textAt(body, 'recipient'));
  const offer = sdpOf(body, 'offer');
  const fault = offerFault(offer, number.settings.usesDtls);
  if (fault !== null) throw invalidParameter(fault);
  const opaque = textAt(body, 'biz_opaque_callback_data');
  if (opaque !== null && opaque.length > LONGEST_OPAQUE) {
    throw invalidParameter(`biz_opaque_callback_data is longer than ${LONGEST_OPAQUE}.`);
  }
  const id = number.calls.place(pair, offer, opaque);
  return { messaging_product: 'whatsapp', calls: [{ id }] };
}

function actOnCall(number: VirtualNumber, action: string | null, body: JsonObject): void {
  const id = textAt(body, 'call_id') ?? '';
  switch (action) {
    case 'terminate':
      return number.calls.terminate(id);
    case 'reject':
      return number.calls.rejectUserCall(id);
    case 'pre_accept':
      sdpOf(body, 'answer');
      return number.calls.preAcceptUserCall(id);
    case 'accept':
      sdpOf(body, 'answer');
      return number.calls.acceptUserCall(id);
    default:
      throw invalidParameter('action must be connect, pre_accept, accept, reject or terminate.');
  }
}

/** @throws GraphError 100 where `session` is not an SDP of that type */
function sdpOf(body: JsonObject, type: 'offer' | 'answer'): string {
  const session = objectAt(body, 'session');
  const sdp = textAt(session, 'sdp');
  if (session['sdp_type'] !== type || sdp === null) {
    throw invalidParameter(`session must hold sdp_type "${type}" and sdp.`);
  }
  return sdp;
}
