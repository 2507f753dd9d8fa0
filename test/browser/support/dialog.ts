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
    return Dialog.#withField(editor.page, '#node-input-name');
  }

  static async #withField(page: Page, field: string): Promise<Dialog> {
    const tray = page.locator('.red-ui-tray', { has: page.locator(field) });
    // A click waits until the dialog has come to rest; what is filled in before may be lost.
    await tray.locator(field).click();
    return new Dialog(page, tray);
  }

  /** Goes on to the dialog of the account. */
  async openAccount(): Promise<Dialog> {
    await this.tray.locator('#node-input-btn-account-edit').click();
    return Dialog.#withField(this.page, '#node-config-input-name');
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
    const row = this.tray.locator('.form-row', { has: this.page.locator(`#node-input-${name}`) });
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
