import { adding, type Migration } from '../common/migrations';

/** What takes an account's settings from version to version. */
export const MIGRATIONS: readonly Migration[] = [
  adding({
    name: '',
    // Where nobody says that real people are to be called, none are.
    connection: 'simulator',
    phoneNumberId: '',
    businessAccountId: '',
    displayNumber: '',
    country: '',
    graphUrl: 'https://graph.facebook.com',
    graphVersion: 'v25.0',
    policy: 'cautious',
    policyOverrides: '',
    webhookPath: '/whatsapp/webhook',
    records: 'flow',
    contextStore: '',
  }),
  adding({ appSecretProof: false }),
];
