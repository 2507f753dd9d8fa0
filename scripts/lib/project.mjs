import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder, wherever a script was started from. */
export const ROOT = path.resolve(fileURLToPath(import.meta.url), '../../..');

export const inProject = (...parts) => path.join(ROOT, ...parts);

/**
 * Runs npm in the project's folder, by the npm that runs us where there is one.
 *
 * @throws where it fails
 */
export function npm(...args) {
  const own = process.env.npm_execpath;
  if (own?.endsWith('.js')) return run(process.execPath, [own, ...args]);
  return run('npm', args, { shell: process.platform === 'win32' });
}

/** Runs a command in the project's folder. @throws where it fails */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
  if (error) throw error;
  if (status !== 0) throw new Error(`${path.basename(command)} ${args.join(' ')} failed.`);
}
