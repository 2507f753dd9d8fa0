import assert from 'node:assert/strict';
import { parse } from 'acorn';
import { simple } from 'acorn-walk';
import type { BadgeState } from '../../nodes/common/badge';
import { PRESETS } from '../../src/rules/policy';
import { type BuiltNode, type Catalog, catalogOf, LANGUAGES, NODES, readCatalog } from './built';

const keysOf = (catalog: Catalog): string[] =>
  Object.entries(catalog).flatMap(([group, texts]) =>
    Object.keys(texts).map((name) => `${group}.${name}`),
  );

/** Keys in the dialog: `data-i18n="label.name"`, `"[placeholder]placeholder.name"`, several with `;`. */
const keysInDialog = (node: BuiltNode): string[] =>
  [...node.dialog.matchAll(/data-i18n="(.+?)"/g)].flatMap((match) =>
    (match[1] ?? '').split(';').map((key) => key.replace(/^\[\w+\]/, '')),
  );

/** Whole and half keys in the script: `'label.node'`, and names that are put together with their group. */
function textsInScript(node: BuiltNode): Set<string> {
  const texts = new Set<string>();
  simple(parse(node.script, { ecmaVersion: 'latest' }), {
    Literal({ value }) {
      if (typeof value === 'string') texts.add(value);
    },
  });
  return texts;
}

const isAsked = (key: string, node: BuiltNode): boolean => {
  const [group, name = ''] = key.split(/\.(.*)/);
  if (keysInDialog(node).includes(key)) return true;
  const texts = textsInScript(node);
  if (texts.has(key)) return true;
  if (group === 'option') return node.dialog.includes(`value="${name}"`);
  return (group === 'error' || group === 'output' || group === 'limit') && texts.has(name);
};

/** What a badge can say. Written as an object, so that a state more or less does not compile. */
const STATES: Record<BadgeState, true> = {
  callable: true,
  'callable-already': true,
  requested: true,
  placed: true,
  ended: true,
  done: true,
  listening: true,
  'needs-request': true,
  limited: true,
  revoked: true,
  failed: true,
  'no-account': true,
  settings: true,
  template: true,
  'account-restricted': true,
  'account-not-eligible': true,
  'rate-limited': true,
  'daily-initiations': true,
  'concurrent-calls': true,
};

/** The runtime's part of the catalog. */
const isStatus = (key: string): boolean => key.startsWith('status.');

describe('the catalog of each node', () => {
  for (const node of NODES) {
    it(`${node.name}: has every text that the dialog and its script ask for`, () => {
      const keys = keysOf(catalogOf(node));
      const whole = [...textsInScript(node)].filter((text) => /^(label|tip|unit)\.\w+/.test(text));
      const asked = [...keysInDialog(node), ...whole];
      assert.ok(asked.length >= 2);
      assert.deepEqual(
        asked.filter((key) => !keys.includes(key)),
        [],
      );
    });

    it(`${node.name}: has a text for every kind of validation error`, () => {
      const errors = [
        ...node.script.matchAll(/\b(?:valid|matching|neededForTemplate)\(\s*"(.+?)"/g),
      ];
      for (const [, name = ''] of errors) assert.ok(catalogOf(node)['error']?.[name], name);
      assert.ok(errors.length > 0);
    });

    it(`${node.name}: has nothing of its own that nobody asks for`, () => {
      const own = readCatalog('nodes', node.name, 'locales/en-US', `${node.name}.json`);
      const unused = keysOf(own).filter((key) => !isStatus(key) && !isAsked(key, node));
      assert.deepEqual(unused, []);
    });

    it(`${node.name}: says each state of the badge in less than 20 characters`, () => {
      const status = catalogOf(node)['status'] ?? {};
      assert.deepEqual(Object.keys(status).toSorted(), Object.keys(STATES).toSorted());
      for (const text of Object.values(status)) assert.ok(text.length < 20, text);
    });

    for (const language of LANGUAGES) {
      it(`${node.name}: says as much in ${language} as in English`, () => {
        const catalog = catalogOf(node, language);
        assert.deepEqual(keysOf(catalog).toSorted(), keysOf(catalogOf(node)).toSorted());
        for (const texts of Object.values(catalog)) {
          for (const [key, text] of Object.entries(texts)) assert.ok(text.trim(), key);
        }
      });
    }
  }

  it('shares only what several nodes ask for', () => {
    const shared = keysOf(readCatalog('nodes/common/editor/locales/en-US.json'));
    for (const key of shared.filter((each) => !isStatus(each))) {
      const users = NODES.filter((node) => isAsked(key, node));
      assert.ok(users.length > 1, `${key} is asked for by ${users.length}`);
    }
  });

  it('names every limit of the policy in the account', () => {
    const account = NODES.find((node) => node.name === 'account');
    assert.ok(account);
    const limits = Object.entries(PRESETS.cautious).filter(
      ([, value]) => typeof value === 'number',
    );
    assert.deepEqual(
      Object.keys(catalogOf(account)['limit'] ?? {}).toSorted(),
      [...limits.map(([key]) => key), 'callingHours'].toSorted(),
    );
  });
});
