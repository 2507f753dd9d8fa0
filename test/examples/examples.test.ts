import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { EXAMPLES, readExample, type FlowNode } from './support/files';

const OURS = /^whatsapp-/;
const CORE = [
  'catch',
  'change',
  'comment',
  'debug',
  'http request',
  'inject',
  'link in',
  'link out',
  'switch',
];

/** Editor: 20 px between the lines of the grid. Nodes are as wide as a multiple of it, link nodes 30 px. */
const GRID = 20;

const isOnSheet = ({ x }: FlowNode): boolean => x !== undefined;
const isGroup = ({ type }: FlowNode): boolean => type === 'group';

describe('the examples', () => {
  it('are numbered, so that the menu shows them in this order', () => {
    assert.deepEqual(EXAMPLES, ['1 - Recommended flow', '2 - Four branches']);
  });

  it('show every node of the package', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
    const names = Object.keys(manifest['node-red'].nodes).filter((name) => name !== 'account');
    const types = new Set(EXAMPLES.flatMap(readExample).map(({ type }) => type));
    assert.deepEqual(
      names.filter((name) => !types.has(`whatsapp-${name}`)),
      [],
    );
  });

  for (const name of EXAMPLES) {
    describe(name, () => {
      const flow = readExample(name);
      const byId = new Map(flow.map((node) => [node.id, node]));

      it('starts with a comment that explains it', () => {
        const [tab, comment] = flow;
        assert.equal(tab?.type, 'tab');
        assert.equal(comment?.type, 'comment');
        assert.match(comment?.name ?? '', /^Start here/);
        assert.ok((comment?.info ?? '').length > 200);
      });

      it('has in it the buttons that the comment names', () => {
        const names = flow.map((node) => node.name);
        const [, comment] = flow;
        for (const [, button] of (comment?.info ?? '').matchAll(/^\d.*?\*\*(.+?)\*\*/gm)) {
          assert.ok(names.includes(button), button);
        }
      });

      it('needs no other package', () => {
        const types = flow.filter(({ z }) => z !== undefined).map(({ type }) => type);
        const foreign = types.filter(
          (type) => !OURS.test(type) && !CORE.includes(type) && type !== 'group',
        );
        assert.deepEqual(foreign, []);
      });

      it('reaches nobody: it is on the simulator, and holds no secrets', () => {
        const accounts = flow.filter(({ type }) => type === 'whatsapp-calling-account');
        assert.equal(accounts.length, 1);
        assert.equal(accounts[0]?.['connection'], 'simulator');
        assert.doesNotMatch(JSON.stringify(flow), /credentials|token|secret|EAA[A-Z]/i);
      });

      it('has wires, links and groups that lead somewhere', () => {
        assert.equal(byId.size, flow.length);
        for (const node of flow) {
          for (const id of [...(node.wires ?? []).flat(), ...(node.nodes ?? [])]) {
            assert.equal(byId.get(id)?.z, node.z, `${node.name} to ${id}`);
          }
          for (const id of node.links ?? []) {
            assert.ok(byId.get(id)?.links?.includes(node.id), `${node.name} to ${id}`);
          }
          if (node.g !== undefined) assert.ok(byId.get(node.g)?.nodes?.includes(node.id));
        }
      });

      it('leaves no button and no end of a link unwired', () => {
        const loose = flow.filter(({ type, wires, links }) =>
          type === 'inject' || type === 'link in'
            ? wires?.flat().length === 0
            : type === 'link out' && links?.length === 0,
        );
        assert.deepEqual(loose, []);
      });

      it('stands on the grid of the editor', () => {
        const askew = flow
          .filter((node) => isOnSheet(node) && !isGroup(node))
          .filter(({ x = 0, y = 0 }) => x % (GRID / 4) !== 0 || y % GRID !== 0);
        assert.deepEqual(askew, []);
      });
    });
  }
});
