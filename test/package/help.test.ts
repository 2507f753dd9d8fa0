import assert from 'node:assert/strict';
import type { Reason } from '../../src/rules/verdict';
import { LANGUAGES, NODES, read } from './built';

/** Written as an object, so that a reason more or less does not compile. */
const REASONS: Record<Reason, true> = {
  'temporary-permission': true,
  'permanent-permission': true,
  'never-requested': true,
  expired: true,
  declined: true,
  'awaiting-reply': true,
  'requests-per-24h': true,
  'requests-per-7d': true,
  'connected-calls-per-24h': true,
  'unanswered-streak': true,
  'call-in-progress': true,
  'outside-calling-hours': true,
  'recipient-uncallable': true,
  'concurrent-calls': true,
  'daily-initiations': true,
  'agents-busy': true,
  'account-restricted': true,
  'account-not-eligible': true,
  'rate-limited': true,
  'revoked-by-user': true,
  'revoked-after-unanswered': true,
  'opted-out': true,
};

const SECTIONS = ['Inputs', 'Outputs', 'Details', 'References'];

const help = (name: string, language = 'en-US'): string =>
  read('dist/nodes/locales', language, `${name}.html`);

const textOf = (html: string): string =>
  html
    .replace(/<[^>]+>/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** The tags that do not close in the order in which they opened. */
function unbalanced(html: string): string[] {
  const open: string[] = [];
  for (const [, slash, tag = ''] of html.matchAll(/<(\/?)(\w+)[^>]*>/g)) {
    if (slash === '') open.push(tag);
    else if (open.pop() !== tag) return [`</${tag}>`];
  }
  return open;
}

describe('the help of each node', () => {
  for (const { name, definition } of NODES) {
    for (const language of LANGUAGES) {
      it(`${name} (${language}): is one block of clean html for its type`, () => {
        const html = help(name, language);
        const block = /^<script type="text\/html" data-help-name="(.+?)">\n([\s\S]+)<\/script>\n$/;
        const [, type, content = ''] = block.exec(html) ?? [];
        assert.equal(type, definition.type);
        assert.deepEqual(unbalanced(content), []);
        assert.doesNotMatch(content, /<(b|i|script|style|img)\b|style=|color/);
      });

      it(`${name} (${language}): begins with a paragraph short enough for a tooltip`, () => {
        const [, first = ''] =
          /^<script[^>]*>\s*<p>([\s\S]*?)<\/p>/.exec(help(name, language)) ?? [];
        assert.ok(textOf(first).length > 20);
        assert.ok(textOf(first).length <= 120, textOf(first));
      });

      it(`${name} (${language}): lists as many outputs as the node has`, () => {
        const ports = /<ol class="node-ports">([\s\S]*?)<\/ol>/.exec(help(name, language));
        const count = (ports?.[1]?.match(/<li>/g) ?? []).length;
        const outputs = Number(definition.literals['outputs'] ?? 0);
        assert.equal(count, outputs > 1 ? outputs : 0);
      });
    }

    it(`${name}: has the sections of Node-RED's help style guide in their order`, () => {
      const sections = [...help(name).matchAll(/<h3>(.+?)<\/h3>/g)].map((match) => match[1] ?? '');
      assert.ok(sections.includes('Details'));
      assert.deepEqual(
        sections,
        SECTIONS.filter((section) => sections.includes(section)),
      );
      assert.equal(sections.includes('Inputs'), definition.literals['inputs'] === 1);
      assert.equal(sections.includes('Outputs'), Number(definition.literals['outputs'] ?? 0) > 0);
    });
  }

  for (const language of LANGUAGES) {
    it(`check permission (${language}): explains every reason`, () => {
      const html = help('check-permission', language);
      const missing = Object.keys(REASONS).filter(
        (reason) => !html.includes(`<code>${reason}</code>`),
      );
      assert.deepEqual(missing, []);
    });
  }
});
