import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { manifest, ROOT } from './built';

/** What `npm publish` would send. */
function packedFiles(): string[] {
  const json = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const packages: { files: { path: string }[] }[] = JSON.parse(json);
  return packages.flatMap(({ files }) => files.map((file) => file.path));
}

describe('the published package', () => {
  let files: string[];
  before(() => {
    files = packedFiles();
  });

  it('brings what is built, the examples, the documentation and the licence', () => {
    for (const file of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md']) {
      assert.ok(files.includes(file), file);
    }
    for (const folder of ['dist/', 'examples/', 'docs/']) {
      assert.ok(
        files.some((file) => file.startsWith(folder)),
        folder,
      );
    }
  });

  it('brings each node with its editor half, catalog and help', () => {
    for (const [name, file] of Object.entries(manifest['node-red'].nodes)) {
      const expected = [
        file,
        file.replace(/\.js$/, '.html'),
        `dist/nodes/locales/en-US/${name}.json`,
        `dist/nodes/locales/en-US/${name}.html`,
      ];
      assert.deepEqual(
        expected.filter((each) => !files.includes(each)),
        [],
      );
    }
  });

  it('brings neither sources nor tests nor tools', () => {
    const allowed =
      /^(dist|examples|docs)\/|^(package\.json|(README|LICENSE|CHANGELOG|SECURITY)(\.md)?)$/;
    assert.deepEqual(
      files.filter((file) => !allowed.test(file)),
      [],
    );
    assert.deepEqual(
      files.filter((file) => /(?<!\.d)\.ts$|\.test\.|tsconfig/.test(file)),
      [],
    );
  });
});
