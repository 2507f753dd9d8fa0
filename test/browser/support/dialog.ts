import type { Locator, Page } from 'playwright-core';
import type { Editor } from './editor';

/** A node's dialog in the editor. */
export class Dialog {
  private constructor(
    private readonly page: Page,
    readonly tray: Locator,
  ) {}

  /** Opens the dialog of a node on the canvas. */
  static async of(editor: Editor, name: string): Promise<Dialog> {
    const node = await editor.node(name);
    await node.locator('.red-ui-flow-node').first().dblclick();
    return Dialog.#uppermost(editor.page, 1);
  }

  static async #uppermost(page: Page, count: number): Promise<Dialog> {
    const tray = page.locator('.red-ui-tray').nth(count - 1);
    await tray.locator('.form-row').first().waitFor();
    return new Dialog(page, tray);
  }

  /** Goes on to the dialog of the account. */
  async openAccount(): Promise<Dialog> {
    await this.tray.locator('#node-input-lookup-account, #node-input-edit-account').first().click();
    return Dialog.#uppermost(this.page, 2);
  }

  /** Every text that is to be seen. */
  text(): Promise<string> {
    return this.tray.innerText();
  }

  /** The setting with that name, as one fills it in. */
  field(name: string): Locator {
    return this.tray.locator(`#node-input-${name}, #node-config-input-${name}`);
  }

  /** Fills in a typed field, and reads why it is wrong off its tooltip. */
  async complaintAbout(name: string, value: string): Promise<string> {
    const row = this.tray.locator('.form-row', { has: this.field(name) });
    const box = row.locator('.red-ui-typedInput-container');
    await box.locator('input:visible').fill(value);
    await box.and(this.tray.locator('.input-error')).waitFor();
    await box.hover();
    const tooltip = this.page.locator('.red-ui-popover:visible');
    return tooltip.innerText();
  }

  async cancel(): Promise<void> {
    await this.tray.locator('#node-dialog-cancel, #node-config-dialog-cancel').click();
    await this.tray.waitFor({ state: 'detached' });
  }
}
