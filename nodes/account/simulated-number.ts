import { randomBytes } from 'node:crypto';
import type { NumberOptions } from '../../src/simulator';
import type { AccountSettings } from './settings';

/** What protects a number on a simulator, which is to say nothing that is worth anything. */
export type Secrets = Pick<NumberOptions, 'accessToken' | 'appSecret'>;

export const madeUpSecrets = (): Secrets => ({ accessToken: madeUp(), appSecret: madeUp() });

const madeUp = (): string => randomBytes(16).toString('hex');

/** The number that an account has on a simulator. */
export const simulatedNumber = (
  { phoneNumberId, displayNumber, businessAccountId, policy }: AccountSettings,
  secrets: Secrets,
): NumberOptions => ({
  id: phoneNumberId,
  displayNumber: displayNumber ?? '15550000001',
  businessAccountId: businessAccountId ?? '200000000000001',
  limits: policy.name === 'meta-test-number' ? 'meta-test-number' : 'meta',
  ...secrets,
});
