import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type BuiltNode, manifest, NODES, read, ROOT } from './built';
import { instance, run } from './editor';

const PORTS: Record<string, { inputs: number; outputs: string[] }> = {
  'check-permission': {
    inputs: 1,
    outputs: ['callable', 'needs request', 'limited', 'revoked'],
  },
  'request-permission': {
    inputs: 1,
    outputs: ['requested', 'callable already', 'limited', 'revoked'],
  },
  'place-call': { inputs: 1, outputs: ['placed', 'needs request', 'limited', 'revoked'] },
  'end-call': { inputs: 1, outputs: ['ended'] },
  'handle-webhook': {
    inputs: 0,
    outputs: [
      'granted',
      'declined',
      'revoked or expired',
      'call progress',
      'call ended',
      'try again',
      'other',
    ],
  },
  revoke: { inputs: 1, outputs: ['done'] },
};

/** The settings that an interface in a node's config.ts names. */
function settingsIn(node: BuiltNode, interfaceName: RegExp): string[] {
  const source = read('nodes', node.name, 'config.ts');
  const body = new RegExp(`interface \\w*${interfaceName.source} {([\\s\\S]*?)\\n}`).exec(source);
  return [...(body?.[1] ?? '').matchAll(/^ {2}(\w+):/gm)].map((match) => match[1] ?? '');
}

const fieldsIn = (node: BuiltNode, prefix: string): string[] =>
  [...node.dialog.matchAll(/id="([\w-]+?-input-\w+)"/g)]
    .map((match) => match[1] ?? '')
    .filter((id) => assertPrefix(id, prefix))
    .map((id) => id.slice(prefix.length));

function assertPrefix(id: string, prefix: string): boolean {
  assert.ok(id.startsWith(prefix), `${id} should begin with ${prefix}`);
  return true;
}

describe('the editor half of each node', () => {
  it('is there for every node that package.json names', () => {
    assert.deepEqual(
      NODES.map((node) => node.name).toSorted(),
      ['account', ...Object.keys(PORTS)].toSorted(),
    );
  });

  for (const node of NODES) {
    const { type, literals, defaults, credentials } = node.definition;
    const isConfig = node.name === 'account';

    describe(node.name, () => {
      it('registers one prefixed type, and its dialog is for that type', () => {
        assert.equal(type, `whatsapp-${isConfig ? 'calling-account' : node.name}`);
        assert.equal(node.dialogType, type);
        assert.match(read('nodes', node.name, 'config.ts'), new RegExp(`TYPE = '${type}'`));
      });

      it('has defaults for exactly the settings of its config interface', () => {
        const settings = settingsIn(node, /Config/);
        assert.ok(settings.includes('name') && settings.includes('version'));
        assert.deepEqual(defaults, settings);
      });

      it('keeps exactly the secrets of its credentials interface as credentials', () => {
        assert.deepEqual(credentials, settingsIn(node, /Credentials/));
      });

      it('has one field in its dialog for each setting but the version', () => {
        const expected = [...defaults.filter((key) => key !== 'version'), ...credentials];
        const fields = fieldsIn(node, isConfig ? 'node-config-input-' : 'node-input-');
        assert.deepEqual(fields.toSorted(), expected.toSorted());
      });

      it('labels each field', () => {
        for (const [, id = ''] of node.dialog.matchAll(/<(?:input|select)[^>]*id="([\w-]+)"/g)) {
          if (id.endsWith('Type')) continue; // the hidden half of a typed input
          assert.ok(node.dialog.includes(`<label for="${id}"`), id);
        }
      });

      it('has a white icon of 2:3, whose name no other package uses', () => {
        const icon = String(literals['icon']);
        assert.match(icon, /^wacalling-[\w-]+\.svg$/);
        assert.ok(existsSync(path.join(ROOT, 'dist/nodes/icons', icon)));
        const svg = read('dist/nodes/icons', icon);
        assert.match(svg, /viewBox="0 0 40 60"/);
        const colours = [...svg.matchAll(/(?:fill|stroke)="(.+?)"/g)].map((match) => match[1]);
        assert.deepEqual(new Set([...colours, 'none']), new Set(['none', '#fff']));
      });

      it('has no colours and no pixel sizes of its own in the dialog', () => {
        assert.doesNotMatch(node.dialog, /#[0-9a-f]{3,6}\b|\brgb|\d px|\dpx|color:/i);
      });

      it('is called by its own name, else by what it does', () => {
        const definition = run(node);
        assert.equal(definition.label.call(instance(node, { name: 'Anna' })), 'Anna');
        assert.ok(definition.label.call(instance(node)).length > 3);
      });
    });
  }

  for (const [name, { inputs, outputs }] of Object.entries(PORTS)) {
    const node = NODES.find((each) => each.name === name);

    it(`${name} stands under "WhatsApp calling" with ${inputs} input and ${outputs.length} named outputs`, () => {
      assert.ok(node);
      const { literals } = node.definition;
      assert.equal(literals['category'], 'WhatsApp calling');
      assert.equal(literals['inputs'], inputs);
      assert.equal(literals['outputs'], outputs.length);
      const definition = run(node);
      const labels = outputs.map((_, index) => definition.outputLabels.call(instance(node), index));
      assert.deepEqual(labels, outputs);
      assert.equal(definition.paletteLabel.call(instance(node)), name.replace('-', ' '));
    });
  }

  it('wears one colour, all nodes the same', () => {
    const colours = new Set(NODES.map((node) => node.definition.literals['color']));
    assert.equal(colours.size, 1);
    assert.match(String([...colours][0]), /^#[0-9A-F]{6}$/);
  });

  it('is found by Node-RED beside a JavaScript file of the same name', () => {
    for (const file of Object.values(manifest['node-red'].nodes)) {
      assert.ok(existsSync(path.join(ROOT, file)), file);
      assert.ok(existsSync(path.join(ROOT, file.replace(/\.js$/, '.html'))), file);
    }
  });
});
