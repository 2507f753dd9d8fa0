// Builds dist/: the runtime by tsc, and beside each node's JavaScript its editor half (script, dialog, help,
// catalogs, icons) where Node-RED looks for it. Anything that does not compile fails the build.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => path.join(root, ...parts);
const read = (...parts) => fs.readFileSync(at(...parts), 'utf8');
const require = createRequire(import.meta.url);
const manifest = require('../package.json');

function write(file, content) {
  fs.mkdirSync(path.dirname(at(file)), { recursive: true });
  fs.writeFileSync(at(file), content);
}

function compile(...args) {
  const tsc = at('node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * The editor script, readable and with the node's definition inline: the Flow Library's scorecard parses it.
 * Given as text, because esbuild wraps a file without exports in a package of CommonJS.
 */
function editorScript(node) {
  const { outputFiles } = buildSync({
    stdin: {
      contents: read('nodes', node, 'editor.ts'),
      resolveDir: at('nodes', node),
      loader: 'ts',
    },
    tsconfig: at('nodes/tsconfig.editor.json'),
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2019',
    charset: 'utf8',
    logLevel: 'warning',
  });
  return outputFiles[0].text;
}

function buildEditor(node, type) {
  const dialog = read('nodes', node, 'dialog.html');
  write(
    `dist/nodes/${node}.html`,
    `<script type="text/javascript">\n${editorScript(node)}</script>\n\n` +
      `<script type="text/html" data-template-name="${type}">\n${dialog}</script>\n`,
  );
}

/** One catalog a node, because Node-RED gives each its own namespace; what several nodes say is written once. */
function buildLocales(node, type) {
  for (const language of fs.readdirSync(at('nodes', node, 'locales'))) {
    const catalog = JSON.parse(read(`nodes/common/editor/locales/${language}.json`));
    const own = JSON.parse(read(`nodes/${node}/locales/${language}/${node}.json`));
    for (const group of Object.keys(own)) catalog[group] = { ...catalog[group], ...own[group] };
    const help = read(`nodes/${node}/locales/${language}/${node}.html`);
    const target = `dist/nodes/locales/${language}/${node}`;
    write(`${target}.json`, `${JSON.stringify(catalog, null, 2)}\n`);
    write(
      `${target}.html`,
      `<script type="text/html" data-help-name="${type}">\n${help}</script>\n`,
    );
  }
}

fs.rmSync(at('dist'), { recursive: true, force: true });
compile('-p', 'tsconfig.json');
compile('--noEmit', '-p', 'nodes/tsconfig.editor.json');
for (const node of Object.keys(manifest['node-red'].nodes)) {
  const { TYPE } = require(`../dist/nodes/${node}/config.js`);
  write(`dist/nodes/${node}.js`, `module.exports = require('./${node}/runtime.js');\n`);
  buildEditor(node, TYPE);
  buildLocales(node, TYPE);
}
fs.cpSync(at('icons'), at('dist/nodes/icons'), { recursive: true });
for (const command of Object.values(manifest.bin)) fs.chmodSync(at(command), 0o755);
