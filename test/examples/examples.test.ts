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

const repeated = <T>(list: T[]): T[] => list.filter((each, index) => list.indexOf(each) !== index);

/** Where something stands on the sheet, px. */
interface Box {
  name: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** As high as its outputs need; as wide as its label in a usual font, which is all that is known without a browser. */
function boxOf(node: FlowNode): Box {
  const { name = '', type, x = 0, y = 0, wires = [], l } = node;
  const label = name || type.replace(OURS, '').replaceAll('-', ' ');
  const isBare = type.startsWith('link') && l !== true;
  const width = isBare ? 30 : Math.max(100, GRID * Math.ceil((label.length * 7.5 + 50) / GRID));
  const height = Math.max(30, wires.length * 15);
  const [left, top] = [x - width / 2, y - height / 2];
  return { name: label, left, right: left + width, top, bottom: top + height };
}

const boxOfGroup = ({ name = '', x = 0, y = 0, w, h }: FlowNode): Box => ({
  name,
  left: x,
  right: x + Number(w),
  top: y,
  bottom: y + Number(h),
});

const overlaps = (boxes: Box[]): string[] =>
  boxes.flatMap((one, index) =>
    boxes
      .slice(index + 1)
      .filter(
        ({ left, right, top, bottom }) =>
          left < one.right && one.left < right && top < one.bottom && one.top < bottom,
      )
      .map((other) => `${one.name} / ${other.name}`),
  );

const isOnSheet = ({ x }: FlowNode): boolean => x !== undefined;
const isGroup = ({ type }: FlowNode): boolean => type === 'group';

describe('the examples', () => {
  it('are numbered, so that the menu shows them in this order', () => {
    assert.deepEqual(EXAMPLES, [
      '1 - Recommended flow',
      '2 - Four branches',
      '3 - Try again',
      '4 - Revoked or expired',
      '5 - Appointment reminder',
      '6 - Calling hours',
      '7 - Opt-out by STOP word',
      '8 - Faults by code',
    ]);
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

  it('can be imported one beside the other: no id, and no business number, twice', () => {
    const all = EXAMPLES.flatMap(readExample);
    assert.deepEqual(repeated(all.map(({ id }) => id)), []);
    for (const key of ['phoneNumberId', 'displayNumber']) {
      assert.deepEqual(repeated(all.flatMap((node) => node[key] ?? [])), [], key);
    }
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
        const keys = flow.flatMap((node) => Object.keys(node));
        assert.deepEqual(
          keys.filter((key) => /credential|token|secret|password/i.test(key)),
          [],
        );
        assert.doesNotMatch(JSON.stringify(flow), /EAA[A-Z]|Bearer (?!\\" & \$env\()/);
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

      it('has nodes that stand apart, each inside its group', () => {
        const boxes = flow.filter((node) => isOnSheet(node) && !isGroup(node)).map(boxOf);
        assert.deepEqual(overlaps(boxes), []);
        assert.deepEqual(overlaps(flow.filter(isGroup).map(boxOfGroup)), []);
        for (const node of flow.filter(({ g }) => g !== undefined)) {
          const [{ left, right, top, bottom }, group] = [boxOf(node), boxOfGroup(byId.get(node.g!)!)];
          const isInside = left > group.left && top > group.top && bottom < group.bottom;
          assert.ok(isInside && right < group.right, node.name);
        }
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
