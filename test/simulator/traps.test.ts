import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { FAULT_NAMES } from '../../src/simulator';

const ROOT = path.join(__dirname, '../../..');
const PAGE = readFileSync(path.join(ROOT, 'docs/traps.md'), 'utf8');

/** Of Meta's calling API, as listed in the reference that this package was written from. */
const TRAPS = 62;

const rows = PAGE.split('\n')
  .filter((line) => /^\| \d+ /.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, number = '', trap = '', faults = '', cover = '']) => ({ number, trap, faults, cover }));

const faultsIn = (text: string): string[] =>
  [...text.matchAll(/`([a-z-]+)`/g)].map(([, name = '']) => name);

describe('docs/traps.md', () => {
  it('lists every trap once, in order', () => {
    const numbers = rows.map(({ number }) => Number(number));
    assert.deepEqual(
      numbers,
      Array.from({ length: TRAPS }, (_, index) => index + 1),
    );
    assert.ok(rows.every(({ trap, cover }) => trap !== '' && cover !== ''));
  });

  it('names only faults that the simulator plays', () => {
    for (const { faults } of rows) {
      for (const name of faultsIn(faults)) assert.ok(FAULT_NAMES.includes(name as never), name);
    }
  });

  it('names every fault that the simulator plays', () => {
    const after = PAGE.slice(PAGE.lastIndexOf('| 62'));
    const named = new Set([...rows.flatMap(({ faults }) => faultsIn(faults)), ...faultsIn(after)]);
    assert.deepEqual(
      FAULT_NAMES.filter((name) => !named.has(name)),
      [],
    );
  });

  for (const { number, cover } of rows.filter((row) => row.cover.includes('test/'))) {
    it(`names a test of trap ${number} that exists`, () => {
      const [, file = '', title = ''] = /(test\/\S+\.test\.ts): "(.+)"$/.exec(cover) ?? [];
      assert.ok(existsSync(path.join(ROOT, file)), file);
      const source = readFileSync(path.join(ROOT, file), 'utf8');
      const quoted = [title, title.replaceAll("'", "\\'"), title.replaceAll('"', '\\"')];
      assert.ok(
        quoted.some((each) => each !== '' && source.includes(each)),
        title,
      );
    });
  }
});
