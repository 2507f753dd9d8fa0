import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';

/** Wide enough for the whole recommended flow beside palette and sidebar. */
const VIEWPORT = { width: 1680, height: 1400 };

/** The editor's own objects, inside the page. */
const inPage = globalThis as unknown as { RED: any; document: any };

/** Node-RED's editor in a browser, worked as people work it. */
export class Editor {
  /** What went wrong in the page. */
  readonly errors: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.setDefaultTimeout(15_000);
  }

  static async open(browser: Browser, url: string, colorScheme: 'light' | 'dark'): Promise<Editor> {
    const page = await browser.newPage({ viewport: VIEWPORT, colorScheme });
    const editor = new Editor(page);
    await page.goto(url);
    await editor.#isReady();
    // Node-RED 5 follows the system's colours where its user has chosen so.
    await page.evaluate(() =>
      (globalThis as unknown as typeof inPage).RED.settings.setLocal('view-dark-theme', 'auto'),
    );
    await page.reload();
    await editor.#isReady();
    return editor;
  }

  async #isReady(): Promise<void> {
    await this.page.locator('.red-ui-tab.active').first().waitFor();
    await this.page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  }

  /** A node on the canvas, by its name or its type, in the group with that name where one is given. */
  async node(name: string, group?: string): Promise<Locator> {
    const id = await this.page.evaluate(
      ([wanted, inGroup]) => {
        const { RED } = globalThis as unknown as typeof inPage;
        const z = RED.workspaces.active();
        const fits = (node: any): boolean =>
          [node.name, node.type].includes(wanted) &&
          (inGroup === undefined || RED.nodes.group(node.g)?.name === inGroup);
        return RED.nodes.filterNodes({ z }).find(fits)?.id as string | undefined;
      },
      [name, group],
    );
    if (id === undefined) throw new Error(`There is no node "${name}".`);
    return this.page.locator(`[id="${id}"]`);
  }

  /** Presses the button of an inject node. */
  async press(name: string, group?: string): Promise<void> {
    const node = await this.node(name, group);
    await node.locator('.red-ui-flow-node-button-button').click();
  }

  /** Imports an example from the menu, and goes to its tab. */
  async importExample(name: string): Promise<void> {
    const { page } = this;
    await page.click('#red-ui-header-button-sidemenu');
    await page.click('#menu-item-import');
    await page.locator('#red-ui-clipboard-dialog-import-tabs').getByText('Examples').click();
    const examples = page.locator('#red-ui-clipboard-dialog-import-tab-examples');
    await examples.getByText('node-red-contrib-whatsapp-calling').click();
    await examples.getByText(name).click();
    await page.click('#red-ui-clipboard-dialog-ok');
    await page
      .locator('.red-ui-tab')
      .getByText(name.replace(/^\d+ - /, ''))
      .click();
  }

  async deploy(): Promise<void> {
    const { page } = this;
    await page.click('#red-ui-header-button-deploy');
    await page.locator('#red-ui-header-button-deploy.disabled').waitFor();
    await page.locator('#red-ui-header-shade').waitFor({ state: 'hidden' });
  }

  /** The badge below a node. */
  async badge(name: string): Promise<Locator> {
    return (await this.node(name)).locator('.red-ui-flow-node-status-label');
  }

  /** A line of the debug sidebar, once it is there. */
  async says(text: string): Promise<void> {
    await this.page
      .locator('.red-ui-debug-msg-payload')
      .filter({ hasText: text })
      .first()
      .waitFor({ timeout: 20_000 });
  }

  async showDebugSidebar(): Promise<void> {
    await this.page.evaluate(() =>
      (globalThis as unknown as typeof inPage).RED.sidebar.show('debug'),
    );
  }

  async clearDebugSidebar(): Promise<void> {
    await this.page.evaluate(() =>
      (globalThis as unknown as typeof inPage).RED.actions.invoke('core:clear-debug-messages'),
    );
  }

  /** Saves what is to be seen, and tells where. */
  async keepPicture(title: string): Promise<void> {
    const folder = await mkdtemp(path.join(tmpdir(), 'wacalling-picture-'));
    const file = path.join(folder, `${title.replaceAll(/[^\w-]+/g, '-')}.png`);
    await this.page.screenshot({ path: file });
    process.stdout.write(`      picture: ${file}\n`);
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
