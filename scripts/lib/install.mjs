import fs from 'node:fs';
import { inProject, npm } from './project.mjs';

/** Installs the dependencies where that has not been done, or was for another lock file. */
export function installIfNeeded() {
  if (isInstalled()) return;
  console.log('Installing the dependencies: once, about a minute …');
  npm('ci', '--no-audit', '--no-fund', '--loglevel=error');
}

/** npm leaves its own list behind when an installation is complete. */
function isInstalled() {
  const done = inProject('node_modules/.package-lock.json');
  if (!fs.existsSync(done)) return false;
  return fs.statSync(done).mtimeMs >= fs.statSync(inProject('package-lock.json')).mtimeMs;
}
