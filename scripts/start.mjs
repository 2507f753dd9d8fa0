// npm start: Node-RED with our nodes, the recommended flow and the simulator, from nothing but Node.js.
//   --port N      where Node-RED listens; default 1880, or any free port where that is taken
//   --flow path   another flow to begin with
// What is edited stays in .node-red and is there again the next time; delete that folder to begin anew.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfNeeded } from './lib/build.mjs';
import { installIfNeeded } from './lib/install.mjs';
import { startNodeRed } from './lib/node-red.mjs';
import { freePort } from './lib/ports.mjs';
import { inProject } from './lib/project.mjs';
import { ownRuntime } from './lib/runtimes.mjs';
import { openUserDir } from './lib/user-dir.mjs';

const RECOMMENDED = inProject('examples/1 - Recommended flow.json');

const whatToPress = (url) => `
Node-RED is ready, with the recommended flow and a simulated WhatsApp.

  1. Open ${url} and, on the right, the debug sidebar (the bug).
  2. Press "Ana waits for you": nobody has asked her yet, so a request goes out.
  3. Press "allow for 7 days": she allows it, and her phone rings.
  4. Press "pick up", then "hang up": the call ends.
  5. Press "revoke", and "Ana waits for you" again: now the message leaves by "revoked".
`;

const { values } = parseArgs({
  options: { port: { type: 'string' }, flow: { type: 'string' } },
});

installIfNeeded();
buildIfNeeded();
const userDir = inProject('.node-red');
const flowFile = openUserDir(userDir, values.flow ? path.resolve(values.flow) : RECOMMENDED);
const port = values.port ? Number(values.port) : await freePort(1880);
const simulatorPort = await freePort(4600);
const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;

const stopping = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
});
const nodeRed = await startNodeRed({
  runtime: ownRuntime(),
  userDir,
  port,
  flowFile,
  env: { WHATSAPP_SIMULATOR_PORT: String(simulatorPort), WHATSAPP_SIMULATOR_URL: simulatorUrl },
});
void stopping.then(() => nodeRed.stop());

nodeRed.echo();
console.log(values.flow ? `\nNode-RED is ready: ${nodeRed.url}\n` : whatToPress(nodeRed.url));
console.log(`Simulator: ${simulatorUrl}/simulator    Stop: Ctrl-C\n`);
const [code] = await nodeRed.exit;
process.exitCode = code ?? 0;
