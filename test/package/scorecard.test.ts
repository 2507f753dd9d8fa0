import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { manifest, NODES, read, ROOT } from './built';

/** The rules of the Flow Library's scorecard (node-red-dev 0.1.6) that need no network, by their ids. */
describe('the Flow Library scorecard', () => {
  it('P01: the package has a licence, and its text', () => {
    assert.equal(manifest.license, 'MIT');
    assert.ok(existsSync(path.join(ROOT, 'LICENSE')));
  });

  it('P03: it says where its repository is and where to report bugs', () => {
    assert.ok(manifest.repository);
    assert.ok(manifest.bugs);
  });

  it('P04: it is called node-red-contrib-…', () => {
    assert.match(manifest.name, /^node-red-contrib-[a-z-]+$/);
  });

  it('P05: it can be found by the keyword node-red', () => {
    assert.ok(manifest.keywords.includes('node-red'));
  });

  it('P06: it runs on Node-RED 4.1 and on 5', () => {
    assert.match(manifest['node-red'].version, /^>=4\.1\.\d+$/);
  });

  it('P07: it runs on the oldest Node.js of Node-RED 5, which is 22.9', () => {
    const [, major = ''] = /^>=(\d+)(\.\d+)*$/.exec(manifest.engines.node) ?? [];
    assert.ok(Number(major) <= 22 && major !== '');
  });

  it('N01: its types are prefixed, since types are global in Node-RED', () => {
    const types = NODES.map((node) => node.definition.type);
    assert.equal(new Set(types).size, types.length);
    for (const type of types) assert.match(type, /^whatsapp-/);
  });

  it('N02: every node of the palette is in an example', () => {
    const shown = new Set(exampleNodes().map((node) => node.type));
    const types = NODES.filter((node) => node.definition.literals['category'] !== 'config');
    assert.deepEqual(
      types.map((node) => node.definition.type).filter((type) => !shown.has(type)),
      [],
    );
  });

  it('D01: it has six runtime dependencies at most', () => {
    assert.ok(Object.keys(manifest.dependencies).length <= 6);
  });
});

function exampleNodes(): { type: string }[] {
  const files = readdirSync(path.join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.json'))
    .flatMap((file): { type: string }[] => JSON.parse(read('examples', file)));
}
