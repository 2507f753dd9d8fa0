import fs from 'node:fs';
import path from 'node:path';
import { inProject, run } from './project.mjs';

const SOURCES = ['src', 'nodes', 'icons', 'package.json', 'tsconfig.json', 'scripts/build.mjs'];

/** The icons are the last that a build writes. */
const LAST_BUILT = 'dist/nodes/icons';

/** Builds where that has not been done, or the sources are newer. */
export function buildIfNeeded() {
  if (isBuilt()) return;
  console.log('Building …');
  run(process.execPath, [inProject('scripts/build.mjs')]);
}

function isBuilt() {
  const built = inProject(LAST_BUILT);
  if (!fs.existsSync(built)) return false;
  const newest = Math.max(...SOURCES.map((source) => newestIn(inProject(source))));
  return newest <= fs.statSync(built).mtimeMs;
}

function newestIn(file) {
  const stat = fs.statSync(file);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const inside = fs.readdirSync(file).map((name) => newestIn(path.join(file, name)));
  return Math.max(stat.mtimeMs, ...inside);
}
