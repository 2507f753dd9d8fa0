import assert from 'node:assert/strict';
import path from 'node:path';
import { adding, isOfLaterVersion, migrate, type Migration } from '../../nodes/common/migrations';
import { NODES, ROOT, type BuiltNode } from './built';
import { run, type RunningDefinition } from './editor';

/** The dialog suggests a number to try with; what a flow does not say must not become one. */
const SUGGESTED = ['phoneNumberId', 'displayNumber'];

const migrationsOf = ({ name }: BuiltNode): readonly Migration[] =>
  require(path.join(ROOT, 'dist/nodes', name, 'migrations.js')).MIGRATIONS;

const defaultsOf = ({ defaults }: RunningDefinition): Record<string, unknown> =>
  Object.fromEntries(Object.entries(defaults).map(([key, { value }]) => [key, value]));

describe('settings of earlier versions', () => {
  const steps: Migration[] = [
    adding({ first: 'a' }),
    ({ first, ...rest }) => ({ ...rest, renamed: first }),
  ];

  it('are taken from version to version, from the one that wrote them on', () => {
    assert.deepEqual(migrate({}, steps), { renamed: 'a', version: 2 });
    assert.deepEqual(migrate({ first: 'b', version: 1 }, steps), { renamed: 'b', version: 2 });
  });

  it('stay as they are in this version, to the letter', () => {
    const settings = { renamed: 'c', version: 2 };
    assert.equal(migrate(settings, steps), settings);
  });

  it('keep what they say, and what nobody knows', () => {
    const old = { first: 'mine', other: [1] };
    assert.deepEqual(migrate(old, steps), { renamed: 'mine', other: [1], version: 2 });
    assert.deepEqual(old, { first: 'mine', other: [1] });
  });

  it('are those of the first where the version is no version', () => {
    for (const version of [null, '', 'x', -1, 0.5])
      assert.deepEqual(migrate({ version }, steps), { renamed: 'a', version: 2 });
  });

  it('are not touched where a later version wrote them', () => {
    const settings = { version: 3 };
    assert.equal(migrate(settings, steps), settings);
    assert.ok(isOfLaterVersion(settings, steps));
    assert.ok(!isOfLaterVersion({ version: 2 }, steps));
    assert.ok(!isOfLaterVersion({}, steps));
  });

  for (const node of NODES) {
    describe(`of ${node.name}`, () => {
      it('become exactly what the dialog begins with, where a flow says nothing', () => {
        const expected = defaultsOf(run(node));
        const migrated = migrate<Record<string, unknown>>({}, migrationsOf(node));
        for (const key of SUGGESTED) if (key in expected) expected[key] = '';
        assert.deepEqual(migrated, expected);
      });

      it('are brought up to date as they come into the editor', () => {
        const editor = run(node);
        // The editor gives a node every setting, undefined where the flow lacks it.
        const lacking = Object.fromEntries(
          Object.keys(editor.defaults).map((key) => [key, undefined]),
        );
        const loaded = editor.load({
          ...lacking,
          type: node.definition.type,
          name: 'Mine',
          wires: [[]],
        });
        const { type, wires, ...settings } = loaded;
        assert.deepEqual([type, wires], [node.definition.type, [[]]]);
        assert.deepEqual(settings, migrate({ name: 'Mine' }, migrationsOf(node)));
      });

      it('stay alone in the editor where the node is another', () => {
        const other = { type: 'inject', name: undefined };
        assert.deepEqual(run(node).load({ ...other }), other);
      });
    });
  }
});
