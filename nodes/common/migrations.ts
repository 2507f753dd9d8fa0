/** A node's settings as they stand in a flow file: whatever an earlier version of the package, or a person, wrote. */
type Settings = Readonly<Record<string, unknown>>;

/** Turns the settings of one version into those of the next. Pure; what it does not know it leaves as it is. */
export type Migration = (settings: Settings) => Settings;

/** A migration that adds settings which the version before did not have; what is there stays. */
export const adding =
  (added: Settings): Migration =>
  (settings) => ({ ...added, ...settings });

/**
 * The settings as this version of the package has them. Migration 0 takes a flow that was written by hand, without a
 * `version`, to version 1, and so on. Settings of a later version are left as they are: see {@link isOfLaterVersion}.
 */
export function migrate<Config extends object>(
  settings: Config,
  migrations: readonly Migration[],
): Config {
  const pending = migrations.slice(versionOf(settings));
  if (pending.length === 0) return settings;
  const migrated = pending.reduce<Settings>((each, up) => up(each), settings as Settings);
  return { ...migrated, version: migrations.length } as object as Config;
}

/** Whether a later version of the package wrote the settings: what they mean must not be guessed. */
export const isOfLaterVersion = (settings: object, migrations: readonly Migration[]): boolean =>
  versionOf(settings) > migrations.length;

function versionOf(settings: object): number {
  const version = Number((settings as { version?: unknown }).version ?? 0);
  return Number.isInteger(version) && version >= 0 ? version : 0;
}
