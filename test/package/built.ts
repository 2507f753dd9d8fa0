import { parse, type CallExpression, type Expression, type ObjectExpression } from 'acorn';
import { simple } from 'acorn-walk';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Tests run from the package's folder. */
export const ROOT = process.cwd();

interface Manifest {
  name: string;
  license?: string;
  repository?: unknown;
  bugs?: unknown;
  keywords: string[];
  engines: { node: string };
  dependencies: Record<string, string>;
  'node-red': { version: string; nodes: Record<string, string> };
}

export type Catalog = Record<string, Record<string, string>>;

/** One node as it is published. */
export interface BuiltNode {
  /** Short name, as in folder and file names. */
  name: string;
  script: string;
  dialog: string;
  /** The type that the dialog is for. */
  dialogType: string;
  definition: Definition;
}

/** What the Flow Library's scorecard reads out of a node's html: literals only. */
export interface Definition {
  type: string;
  literals: Record<string, unknown>;
  defaults: string[];
  credentials: string[];
}

export const read = (...parts: string[]): string => readFileSync(path.join(ROOT, ...parts), 'utf8');

export const readCatalog = (...parts: string[]): Catalog => JSON.parse(read(...parts));

export const manifest: Manifest = JSON.parse(read('package.json'));

if (!existsSync(path.join(ROOT, 'dist/nodes/locales'))) {
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: ROOT, stdio: 'inherit' });
}

export const LANGUAGES = readdirSync(path.join(ROOT, 'dist/nodes/locales'));

export const NODES: readonly BuiltNode[] = Object.entries(manifest['node-red'].nodes).map(
  ([name, file]) => readNode(name, file.replace(/\.js$/, '.html')),
);

export const catalogOf = (node: BuiltNode, language = 'en-US'): Catalog =>
  readCatalog('dist/nodes/locales', language, `${node.name}.json`);

function readNode(name: string, file: string): BuiltNode {
  const html = read(file);
  // The very expression of node-red-dev 0.1.6, src/libs/checknodes.js.
  const scripts = [
    ...html.matchAll(/<script.+?type=['"]text\/javascript['"].*?>([\S\s]*?)<\/script>/gi),
  ].map((match) => match[1] ?? '');
  const dialog = /<script type="text\/html" data-template-name="(.+?)">([\S\s]*?)<\/script>/.exec(
    html,
  );
  if (scripts.length !== 1 || dialog === null) throw new Error(`${file} is not what it should be`);
  const script = scripts[0] ?? '';
  const [, dialogType = '', content = ''] = dialog;
  return { name, script, dialog: content, dialogType, definition: readDefinition(script) };
}

function readDefinition(script: string): Definition {
  const found: Definition[] = [];
  simple(parse(script, { ecmaVersion: 'latest' }), {
    CallExpression(call) {
      if (isRegisterType(call)) found.push(definitionIn(call));
    },
  });
  const [definition, ...more] = found;
  if (!definition || more.length > 0) throw new Error('One html registers exactly one type.');
  return definition;
}

function isRegisterType({ callee }: CallExpression): boolean {
  return (
    callee.type === 'MemberExpression' &&
    callee.property.type === 'Identifier' &&
    callee.property.name === 'registerType'
  );
}

function definitionIn(call: CallExpression): Definition {
  const [type, definition] = call.arguments;
  if (type?.type !== 'Literal' || definition?.type !== 'ObjectExpression') {
    throw new Error('The type must be a literal and the definition an object in its place.');
  }
  const properties = propertiesOf(definition);
  const keysOf = (name: string): string[] => {
    const value = properties.get(name);
    return value?.type === 'ObjectExpression' ? [...propertiesOf(value).keys()] : [];
  };
  const literals = [...properties].flatMap(([key, value]) =>
    value.type === 'Literal' ? [[key, value.value] as const] : [],
  );
  return {
    type: String(type.value),
    literals: Object.fromEntries(literals),
    defaults: keysOf('defaults'),
    credentials: keysOf('credentials'),
  };
}

/** The scorecard stumbles over anything but `name: value`. */
function propertiesOf(object: ObjectExpression): Map<string, Expression> {
  const properties = new Map<string, Expression>();
  for (const property of object.properties) {
    if (property.type !== 'Property' || property.key.type !== 'Identifier') {
      throw new Error('A definition may hold plain properties only.');
    }
    properties.set(property.key.name, property.value);
  }
  return properties;
}
