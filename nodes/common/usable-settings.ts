import { SettingsError } from './coded-error';
import { isOfLaterVersion, type Migration } from './migrations';

/** What keeps a node's own settings from being used, `settings-too-new` or `variable-not-set`; null where nothing does. */
export const problemWith = (
  settings: object,
  migrations: readonly Migration[],
): SettingsError | null =>
  isOfLaterVersion(settings, migrations) ? tooNew() : unsetVariable(settings);

/** An environment variable that is not set stays in a setting as Node-RED found it. */
const UNSET_VARIABLE = /^\$\{(\S+)\}$/;

/** Says which environment variable the settings name that is not set (`variable-not-set`); null where none is. */
export function unsetVariable(settings: object): SettingsError | null {
  for (const value of Object.values(settings)) {
    const variable = typeof value === 'string' && UNSET_VARIABLE.exec(value)?.[1];
    if (variable) {
      const message = `The environment variable ${variable} is not set.`;
      return new SettingsError('variable-not-set', message);
    }
  }
  return null;
}

const tooNew = (): SettingsError =>
  new SettingsError(
    'settings-too-new',
    'A newer version of the package wrote these settings. Update it before you use them.',
  );
