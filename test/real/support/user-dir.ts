import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { scripts } from './scripts';

const npm = (cwd: string, ...args: string[]) =>
  promisify(execFile)('npm', [...args, '--loglevel=error'], { cwd });

let installed: Promise<string> | null = null;
const made: string[] = [];

/**
 * A folder of Node-RED with our package in it, installed as a user would.
 *
 * @param code what to add to the file of the settings
 */
export async function newUserDir(settings: object, code = ''): Promise<string> {
  installed ??= install();
  const userDir = await temporaryFolder();
  const home = await installed;
  await copyFile(path.join(home, 'package.json'), path.join(userDir, 'package.json'));
  // Shared: Node-RED only reads it, and copying takes longer than starting.
  await symlink(path.join(home, 'node_modules'), path.join(userDir, 'node_modules'), 'junction');
  await writeSettings(userDir, settings, code);
  return userDir;
}

/** Changes the settings of a Node-RED; it reads them when it starts. */
export async function writeSettings(userDir: string, settings: object, code = ''): Promise<void> {
  const { QUIET_SETTINGS } = await scripts;
  const all = { ...QUIET_SETTINGS, credentialSecret: 'of a test', ...settings };
  const text = `module.exports = ${JSON.stringify(all)};\n${code}`;
  await writeFile(path.join(userDir, 'settings.js'), text);
}

/** Packs what is built, and installs the package once. */
async function install(): Promise<string> {
  (await scripts).buildIfNeeded();
  const folder = await temporaryFolder();
  const { stdout } = await npm(
    '.',
    'pack',
    '--json',
    '--ignore-scripts',
    '--pack-destination',
    folder,
  );
  const [{ filename }] = JSON.parse(stdout);
  const home = path.join(folder, 'home');
  await mkdir(home);
  await writeFile(path.join(home, 'package.json'), '{"name":"node-red-project","private":true}\n');
  const quick = ['--prefer-offline', '--no-audit', '--no-fund'];
  await npm(home, 'install', ...quick, path.join(folder, filename));
  return home;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'wacalling-'));
  made.push(folder);
  return folder;
}

/** Removes all that was made; the next test installs again. */
export async function removeUserDirs(): Promise<void> {
  installed = null;
  const force = { recursive: true, force: true, maxRetries: 3 };
  await Promise.all(made.splice(0).map((folder) => rm(folder, force)));
}
