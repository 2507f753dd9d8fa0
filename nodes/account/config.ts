/** The node's type: global in Node-RED, hence the prefix. */
export const TYPE = 'whatsapp-calling-account';

/** Settings of the account node, as they stand in the flow file. */
export interface AccountConfig {
  name: string;
  connection: 'simulator' | 'cloud-api';
  phoneNumberId: string;
  businessAccountId: string;
  /** The business number as users see it, digits. */
  displayNumber: string;
  /** ISO 3166-1 alpha-2; the country of national numbers. Empty: only international numbers. */
  country: string;
  graphUrl: string;
  graphVersion: string;
  policy: 'cautious' | 'meta' | 'meta-test-number' | 'custom';
  /** JSON object of single limits, or empty. */
  policyOverrides: string;
  /** Whether each request proves that we know the app secret (`appsecret_proof`). */
  appSecretProof: boolean;
  webhookPath: string;
  records: 'flow' | 'global' | 'disk' | 'redis';
  /** Name of a context store; empty for the default one. */
  contextStore: string;
  version: number;
}

/** The account's secrets: kept in Node-RED's credentials file, never exported with a flow. */
export interface AccountCredentials {
  accessToken: string;
  /** While it is being replaced, both secrets with a space or a comma between them, the new one first. */
  appSecret: string;
  verifyToken: string;
  /** Where Redis is, with user and password. */
  redisUrl: string;
}
