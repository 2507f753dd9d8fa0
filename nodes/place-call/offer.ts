import { ActionError } from '../../src/actions';
import { builtInOffer } from '../../src/media/built-in-offer';
import type { Message } from '../common/action-node';

/**
 * The SDP offer that a message brings in `msg.session`. On the simulator there is a built-in one, so that a flow
 * runs before anybody knows what SDP is.
 *
 * @throws {ActionError} `offer-missing`
 */
export function offerOf({ session }: Message, isSimulated: boolean): string {
  if ((session === undefined || session === null) && isSimulated) return builtInOffer();
  const { sdp_type: type, sdp } = (session ?? {}) as { sdp_type?: unknown; sdp?: unknown };
  if (type === 'offer' && typeof sdp === 'string' && sdp.startsWith('v=0')) return sdp;
  throw new ActionError(
    'offer-missing',
    'A call needs an SDP offer in msg.session: {"sdp_type": "offer", "sdp": "v=0…"}.',
  );
}
