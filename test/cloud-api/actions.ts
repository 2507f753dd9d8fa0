import assert from 'node:assert/strict';
import { CloudApiError, type CloudApi } from '../../src/cloud-api';
import { ANA } from './fake-whatsapp';

/** Every action that changes something at WhatsApp: the POSTs. */
export const POSTS: Record<string, (client: CloudApi) => Promise<unknown>> = {
  'a permission request': (client) => client.requestPermission(ANA, { kind: 'free-form' }),
  'a call': (client) => client.placeCall(ANA, { sdp: 'v=0\r\n' }, 'key-1'),
  'the end of a call': (client) => client.endCall('wacid.TEST0001'),
};

/** The error of an action that must fail; anything but a CloudApiError fails the test. */
export async function failureOf(action: Promise<unknown>): Promise<CloudApiError> {
  const outcome = await action.then(
    () => assert.fail('it succeeded'),
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof CloudApiError, `not a CloudApiError: ${String(outcome)}`);
  return outcome;
}
