import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/** Which rooms of the house each room may use (DESIGN, "The house"). A room may always use itself. */
const MAY_USE: Record<string, string[]> = {
  'src/rules': [],
  'src/clock': [],
  'src/mask': [],
  'src/media': ['src/clock'],
  'src/cloud-api': ['src/rules', 'src/clock', 'src/mask'],
  'src/webhooks': ['src/rules', 'src/mask'],
  'src/records': ['src/rules'],
  'src/actions': [
    'src/rules',
    'src/records',
    'src/cloud-api',
    'src/webhooks',
    'src/media',
    'src/clock',
    'src/mask',
  ],
  'src/simulator': ['src/clock'],
};

/** What may be imported from outside the package, beside Node.js itself. */
const LIBRARIES: Record<string, string[]> = {
  'src/cloud-api': ['axios', 'axios-retry'],
  'src/records': ['lmdb', 'ioredis'],
};

const sources = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));

const IMPORT = /\bfrom '([^'\n]+)';$|\brequire\('([^'\n]+)'\)|^import '([^'\n]+)';$/gm;

const importsOf = (file: string): string[] =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)].map(
    ([, from, required, bare]) => (from ?? required ?? bare)!,
  );

const roomOf = (path: string): string =>
  Object.keys(MAY_USE).find((room) => path === room || path.startsWith(`${room}/`)) ?? path;

describe('the arrows between the rooms run one way', () => {
  for (const file of sources('src')) {
    it(file, () => {
      const room = roomOf(file.replace(/\.ts$/, ''));
      assert.ok(MAY_USE[room], `${file} stands in no room`);
      for (const path of importsOf(file)) {
        if (path.startsWith('node:')) continue;
        if (!path.startsWith('.')) {
          assert.ok(LIBRARIES[room]?.includes(path), `${file} imports the library ${path}`);
          continue;
        }
        const target = roomOf(relative(ROOT, resolve(ROOT, dirname(file), path)));
        assert.ok(target === room || MAY_USE[room].includes(target), `${file} imports ${target}`);
      }
    });
  }

  it('rules use nothing of Node.js either', () => {
    const used = sources('src/rules')
      .flatMap(importsOf)
      .filter((path) => path.startsWith('node:'));
    assert.deepEqual(used, []);
  });

  it('nothing in src knows the nodes, and no node knows another but the account', () => {
    for (const file of sources('nodes')) {
      const own = file.split('/')[1]!;
      for (const path of importsOf(file).filter((target) => target.startsWith('.'))) {
        const [top, room] = relative(ROOT, resolve(ROOT, dirname(file), path)).split('/');
        const isAllowed = top === 'src' || [own, 'common', 'account'].includes(room!);
        assert.ok(isAllowed, `${file} imports ${top}/${room}`);
      }
    }
  });
});
