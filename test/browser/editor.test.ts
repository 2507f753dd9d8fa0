import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { RealNodeRed } from '../real/support/real-node-red';
import { RUNTIMES, scripts, type Runtime } from '../real/support/scripts';
import { removeUserDirs } from '../real/support/user-dir';
import { executablePath, openBrowser } from './support/browser';
import { Dialog } from './support/dialog';
import { Editor } from './support/editor';

/** Node-RED 4.1 has no dark theme of its own. */
const EDITORS = [
  { index: 0, scheme: 'light' },
  { index: 1, scheme: 'light' },
  { index: 1, scheme: 'dark' },
] as const;

const PALETTE = [
  'check permission',
  'request permission',
  'place call',
  'end call',
  'handle webhook',
  'revoke',
];

const ANA = '+573001110001';

/** A name out of a catalog instead of its text. */
const UNTRANSLATED = /^\s*(label|option|tip|placeholder|error|output|limit|unit)\.[\w-]+/m;

for (const { index, scheme } of EDITORS) {
  describe(`the editor of ${RUNTIMES[index]}, ${scheme}`, function () {
    this.timeout(120_000);
    let browser: Browser | undefined;
    let nodeRed: RealNodeRed | undefined;
    let editor: Editor;

    before(async function () {
      const runtime = (await scripts).allRuntimes()[index] as Runtime;
      const missing = executablePath ? runtime.missing : 'there is no Chromium on this machine';
      if (missing !== null) {
        process.stdout.write(`    ${runtime.name} is skipped: ${missing}\n`);
        this.skip();
      }
      nodeRed = await RealNodeRed.start(runtime);
      browser = await openBrowser();
    });
    beforeEach(async () => {
      await nodeRed!.deploy([{ id: 'empty', type: 'tab', label: 'empty' }]);
      editor = await Editor.open(browser!, nodeRed!.url, scheme);
    });
    afterEach(async function () {
      if (this.currentTest?.isFailed()) await editor.keepPicture(this.currentTest.title);
      await editor.close();
    });
    after(async () => {
      await browser?.close();
      await nodeRed?.stop();
      await removeUserDirs();
    });

    it('has our nodes and their icons in the palette', async () => {
      const category = editor.page.locator('#red-ui-palette-container-WhatsApp_calling');
      const labels = await category.locator('.red-ui-palette-label').allInnerTexts();
      assert.deepEqual(
        labels.map((label) => label.replaceAll(/\s+/g, ' ').trim()),
        PALETTE,
      );
      const icons = await category
        .locator('.red-ui-palette-icon')
        .evaluateAll((all) => all.map((icon: any) => icon.style.backgroundImage as string));
      for (const icon of icons) {
        const address = new URL(/url\("(.+?)"\)/.exec(icon)?.[1] ?? '', `${nodeRed!.url}/`);
        const answer = await fetch(address);
        assert.equal(answer.headers.get('content-type'), 'image/svg+xml', icon);
        assert.match(await answer.text(), /viewBox="0 0 40 60"/);
      }
      assert.deepEqual(editor.errors, []);
    });

    it('opens every dialog, in words', async () => {
      await editor.importExample('1 - Recommended flow');
      for (const name of PALETTE.slice(0, -1)) {
        const dialog = await Dialog.of(editor, `whatsapp-${name.replace(' ', '-')}`);
        const text = await dialog.text();
        assert.match(text, new RegExp(`Edit ${name} node`));
        assert.doesNotMatch(text, UNTRANSLATED);
        assert.match(text, /Account/);
        await dialog.cancel();
      }
      assert.deepEqual(editor.errors, []);
    });

    it('says what is wrong with a contact', async () => {
      await editor.importExample('2 - Four branches');
      for (const name of ['whatsapp-check-permission', 'opt out']) {
        const dialog = await Dialog.of(editor, name);
        assert.match(await dialog.complaintAbout('contact', ''), /^Enter a contact/);
        await dialog.cancel();
      }
    });

    it('says what each kind of request costs, and shows what it needs', async () => {
      await editor.importExample('1 - Recommended flow');
      const dialog = await Dialog.of(editor, 'whatsapp-request-permission');
      const kinds = { 'free-form': /1,000/, template: /each one is charged/, auto: /and else/ };
      for (const [kind, says] of Object.entries(kinds)) {
        await dialog.field('kind').selectOption(kind);
        const text = await dialog.text();
        for (const other of Object.values(kinds)) {
          assert.equal(other.test(text), other === says, `${kind}: ${other.source}`);
        }
        assert.equal(await dialog.field('template').isVisible(), kind !== 'free-form');
      }
      await dialog.cancel();
      assert.deepEqual(editor.errors, []);
    });

    it('shows of an account what its connection needs', async () => {
      await editor.importExample('2 - Four branches');
      const node = await Dialog.of(editor, 'whatsapp-check-permission');
      const account = await node.openAccount();
      assert.doesNotMatch(await account.text(), UNTRANSLATED);
      assert.equal(await account.field('accessToken').isVisible(), false);

      await account.field('connection').selectOption('cloud-api');
      for (const name of ['accessToken', 'appSecret', 'verifyToken', 'graphUrl']) {
        assert.equal(await account.field(name).isVisible(), true, name);
      }
      assert.match(await account.text(), /\/whatsapp\/webhook/);
      const proof = account.field('appSecretProof');
      assert.equal(await proof.isDisabled(), true);
      await account.field('appSecret').fill('new old');
      await proof.check();
      await account.field('appSecret').fill('');
      assert.deepEqual([await proof.isChecked(), await proof.isDisabled()], [false, true]);
      await account.field('connection').selectOption('simulator');
      assert.equal(await account.field('accessToken').isVisible(), false);

      for (const tab of ['Limits', 'Records']) {
        await account.tray.locator('.red-ui-tab').getByText(tab).click();
        assert.doesNotMatch(await account.text(), UNTRANSLATED);
      }
      assert.deepEqual(editor.errors, []);
    });

    it('runs the recommended flow at the press of its buttons', async () => {
      await editor.importExample('1 - Recommended flow');
      await editor.deploy();
      await editor.showDebugSidebar();

      await editor.press('Ana waits for you');
      await editor.says(`Asked ${ANA} for permission`);
      await editor.press('allow for 7 days');
      await editor.says(`${ANA} allows calls, temporary`);
      await editor.says('call-ringing');
      await editor.press('pick up');
      await editor.says('call-answered');
      await editor.press('hang up', "Ana's phone rings");
      await editor.says(`${ANA}: call ended, answered`);

      await editor.press('revoke');
      await editor.says(`${ANA}: permission-revoked`);
      await editor.press('Ana waits for you');
      await editor.says(`${ANA}: revoked (revoked-by-user), asking again`);
      await (await editor.badge('whatsapp-check-permission')).getByText('revoked').waitFor();
      await (await editor.badge('whatsapp-request-permission')).getByText('requested').waitFor();
      assert.deepEqual(editor.errors, []);
    });
  });
}
