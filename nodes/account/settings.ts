import { readRedisUrl, type RedisAddress } from '../../src/records';
import { policyFrom, type Policy } from '../../src/rules';
import { SettingsError } from '../common/coded-error';
import { migrate } from '../common/migrations';
import { problemWith, unsetVariable } from '../common/usable-settings';
import type { AccountConfig, AccountCredentials } from './config';
import { MIGRATIONS } from './migrations';

/** An account's settings, checked. */
export interface AccountSettings {
  isSimulated: boolean;
  phoneNumberId: string;
  businessAccountId: string | null;
  /** Digits; null where it is not given. */
  displayNumber: string | null;
  country: string;
  graphUrl: string;
  graphVersion: string;
  policy: Policy;
  webhookPath: string;
  records: AccountConfig['records'];
  /** Undefined for the default store. */
  contextStore: string | undefined;
  /** Null unless the records are in Redis. */
  redis: RedisAddress | null;
  accessToken: string;
  /** More than one while a secret is being replaced, the one in use first; none where none is given. */
  appSecrets: readonly string[];
  /** Whether requests prove that we know the app secret. */
  appSecretProof: boolean;
  verifyToken: string;
}

/**
 * @param stored as they stand in the flow file, whatever version of the package wrote them
 * @param stores the context stores that Node-RED has
 * @throws {SettingsError} on anything that cannot work
 * @throws {PolicyError} on a policy that cannot be used
 */
export function readSettings(
  stored: AccountConfig,
  credentials: Partial<AccountCredentials>,
  stores: readonly string[],
): AccountSettings {
  const problem = problemWith(stored, MIGRATIONS) ?? unsetVariable(credentials);
  if (problem) throw problem;
  const config = migrate(stored, MIGRATIONS);
  const isSimulated = config.connection === 'simulator';
  const settings: AccountSettings = {
    isSimulated,
    phoneNumberId: required('phone number id', config.phoneNumberId),
    businessAccountId: text(config.businessAccountId) || null,
    displayNumber: text(config.displayNumber).replaceAll(/\D/g, '') || null,
    country: text(config.country),
    graphUrl: text(config.graphUrl) || 'https://graph.facebook.com',
    graphVersion: text(config.graphVersion) || 'v25.0',
    policy: policyFrom(config.policy || 'cautious', readOverrides(config.policyOverrides)),
    webhookPath: readPath(config.webhookPath),
    records: readRecords(config.records),
    redis: config.records === 'redis' ? readRedis(text(credentials.redisUrl)) : null,
    contextStore: isContext(config.records)
      ? readStore(text(config.contextStore), stores)
      : undefined,
    accessToken: text(credentials.accessToken),
    appSecrets: readSecrets(credentials.appSecret),
    appSecretProof: text(config.appSecretProof) === 'true',
    verifyToken: text(credentials.verifyToken),
  };
  if (!isSimulated) required('access token', settings.accessToken);
  if (!isSimulated && settings.appSecretProof) required('app secret', settings.appSecrets[0]);
  return settings;
}

const text = (value: unknown): string =>
  typeof value === 'string'
    ? value.trim()
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';

function required(name: string, value: unknown): string {
  const given = text(value);
  if (given === '') throw new SettingsError('setting-missing', `The account has no ${name}.`);
  return given;
}

/** Secrets with space or commas between them. Meta's are hexadecimal, so neither is part of one. */
const readSecrets = (secrets: unknown): string[] =>
  text(secrets)
    .split(/[\s,]+/)
    .filter((secret) => secret !== '');

function readOverrides(overrides: unknown): unknown {
  if (typeof overrides === 'object' && overrides !== null) return overrides;
  const json = text(overrides);
  if (json === '') return {};
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw new SettingsError('setting-invalid', 'The changed limits of the account are not JSON.');
  }
}

function readPath(path: unknown): string {
  const given = text(path) || '/whatsapp/webhook';
  return given.startsWith('/') ? given : `/${given}`;
}

/** Whether records in that place lie in a context of Node-RED's. */
const isContext = (records: string): boolean => records !== 'disk' && records !== 'redis';

const PLACES: readonly AccountConfig['records'][] = ['flow', 'global', 'disk', 'redis'];

function readRecords(records: string): AccountConfig['records'] {
  const place = PLACES.find((each) => each === (records || 'flow'));
  if (place) return place;
  throw new SettingsError('records-not-available', `Records cannot be kept in "${records}".`);
}

/** The address holds a password, so no message repeats it. */
function readRedis(url: string): RedisAddress {
  const address = readRedisUrl(required('Redis address', url));
  if (address) return address;
  throw new SettingsError(
    'setting-invalid',
    'The Redis address of the account cannot be read. It looks like redis://user:password@host:6379/0.',
  );
}

/** Node-RED quietly takes the default store for a name that it does not know: a typing error would lose records. */
function readStore(name: string, stores: readonly string[]): string | undefined {
  if (name === '' || name === 'default') return undefined;
  if (!stores.includes(name)) {
    throw new SettingsError('unknown-context-store', `Node-RED has no context store "${name}".`);
  }
  return name;
}
