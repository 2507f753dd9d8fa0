import type { ReadRequest } from './answer';
import { GraphError } from './graph-errors';
import type { VirtualNumber } from './number';

/**
 * Refuses a request that comes with a wrong proof of the app secret. Without one it goes on: an app has to be told to
 * require it. (Meta, graph-api/guides/secure-requests.)
 * @throws GraphError 100
 */
export function checkProof(number: VirtualNumber, { query }: ReadRequest): void {
  const proof = query.get('appsecret_proof');
  if (proof !== null && proof !== number.appSecretProof) throw new WrongProof();
}

/** What Graph says of it has another form than what WhatsApp says. */
class WrongProof extends GraphError {
  constructor() {
    super(100);
  }

  override toEnvelope(traceId: string): object {
    return {
      error: {
        message: 'Invalid appsecret_proof provided in the API argument',
        type: 'GraphMethodException',
        code: this.code,
        fbtrace_id: traceId,
      },
    };
  }
}
