// Takes the pictures of the README anew: docs/images. Needs Chromium.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { buildIfNeeded } from './lib/build.mjs';
import { startNodeRed } from './lib/node-red.mjs';
import { freePort } from './lib/ports.mjs';
import { inProject } from './lib/project.mjs';
import { ownRuntime } from './lib/runtimes.mjs';
import { openUserDir } from './lib/user-dir.mjs';

const EXAMPLE = inProject('examples/1 - Recommended flow.json');
const IMAGES = inProject('docs/images');
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];

/** Room around the flow, px. */
const MARGIN = 14;

buildIfNeeded();
fs.mkdirSync(IMAGES, { recursive: true });
const userDir = fs.mkdtempSync(path.join(os.tmpdir(), 'wacalling-pictures-'));
const flowFile = openUserDir(userDir, EXAMPLE);
const simulatorPort = await freePort();
const nodeRed = await startNodeRed({
  runtime: ownRuntime(),
  userDir,
  flowFile,
  port: await freePort(),
  env: {
    WHATSAPP_SIMULATOR_PORT: String(simulatorPort),
    WHATSAPP_SIMULATOR_URL: `http://127.0.0.1:${simulatorPort}`,
  },
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: FLAGS,
});
try {
  const page = await browser.newPage({
    viewport: { width: 1680, height: 1440 },
    deviceScaleFactor: 1.5,
  });
  await page.goto(nodeRed.url);
  await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  await page.locator('.red-ui-flow-node').nth(20).waitFor();
  await playUntilPlaced(page);
  await takeFlow(page);
  await takeAccount(page);
} finally {
  await browser.close();
  await nodeRed.stop();
  fs.rmSync(userDir, { recursive: true, force: true });
}

/** Badges tell the story only when there was one. */
async function playUntilPlaced(page) {
  await press(page, 'Ana waits for you');
  await page.getByText('requested', { exact: true }).waitFor();
  await press(page, 'allow for 7 days');
  await page.getByText('placed', { exact: true }).waitFor();
}

async function press(page, name) {
  const id = await idOf(page, { name });
  await page.locator(`[id="${id}"] .red-ui-flow-node-button-button`).click();
}

function idOf(page, wanted) {
  return page.evaluate(({ name, type }) => {
    const all = RED.nodes.filterNodes(type ? { type } : {});
    return all.find((node) => !name || node.name === name).id;
  }, wanted);
}

async function takeFlow(page) {
  await page.mouse.move(0, 0);
  await page.waitForLoadState('networkidle');
  const boxes = await page
    .locator('.red-ui-flow-group-body, .red-ui-flow-node')
    .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().toJSON()));
  const canvas = await page.locator('#red-ui-workspace-chart').boundingBox();
  const left = Math.max(canvas.x, Math.min(...boxes.map((box) => box.left)) - MARGIN);
  const top = Math.max(canvas.y, Math.min(...boxes.map((box) => box.top)) - MARGIN);
  const right = Math.max(...boxes.map((box) => box.right)) + MARGIN;
  const bottom = Math.max(...boxes.map((box) => box.bottom)) + MARGIN;
  const clip = { x: left, y: top, width: right - left, height: bottom - top };
  await page.screenshot({ path: path.join(IMAGES, 'recommended-flow.png'), clip });
}

async function takeAccount(page) {
  const id = await idOf(page, { type: 'whatsapp-check-permission' });
  await page.locator(`[id="${id}"] .red-ui-flow-node`).first().dblclick();
  await page.locator('#node-input-btn-account-edit').click();
  await page.locator('#node-config-input-name').click();
  await page.setViewportSize({ width: 1680, height: 720 });
  const tray = page.locator('.red-ui-tray', { has: page.locator('#node-config-input-name') });
  await tray.screenshot({ path: path.join(IMAGES, 'account-dialog.png') });
}
