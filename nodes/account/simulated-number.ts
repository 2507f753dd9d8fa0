import { randomBytes } from 'node:crypto';
import type { NumberOptions, Template } from '../../src/simulator';
import type { AccountSettings } from './settings';

/** What protects a number on a simulator, which is to say nothing that is worth anything. */
export type Secrets = Pick<NumberOptions, 'accessToken' | 'appSecret'>;

export const madeUpSecrets = (): Secrets => ({ accessToken: madeUp(), appSecret: madeUp() });

const madeUp = (): string => randomBytes(16).toString('hex');

/** What such a number knows from the start; templates of other names are taken as well. */
const TEMPLATES: Template[] = [
  {
    name: 'ask_to_call',
    language: 'en_US',
    body: 'Hello {{1}}, may we call you about your order?',
    callPermissionRequest: true,
  },
  {
    name: 'ask_to_call',
    language: 'es',
    body: 'Hola, {{1}}: ¿podemos llamarle por su pedido?',
    callPermissionRequest: true,
  },
];

/** The number that an account has on a simulator. */
export const simulatedNumber = (
  { phoneNumberId, displayNumber, businessAccountId, policy }: AccountSettings,
  secrets: Secrets,
): NumberOptions => ({
  id: phoneNumberId,
  displayNumber: displayNumber ?? '15550000001',
  businessAccountId: businessAccountId ?? '200000000000001',
  limits: policy.name === 'meta-test-number' ? 'meta-test-number' : 'meta',
  templates: TEMPLATES,
  otherTemplates: true,
  ...secrets,
});
