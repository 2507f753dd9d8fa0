import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { inProject, ROOT } from './project.mjs';

const { name: PACKAGE } = JSON.parse(fs.readFileSync(inProject('package.json'), 'utf8'));

/** Node-RED asks for nothing, tells nobody anything, and listens on this machine only. */
export const QUIET_SETTINGS = {
  uiHost: '127.0.0.1',
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false },
  functionGlobalContext: {},
};

/**
 * A folder for Node-RED. Made once, and kept: settings, the flow as it was edited, credentials. Our package is in
 * it as if it had been installed.
 *
 * @param userDir the folder
 * @param flow the flow to begin with; each has its own copy
 * @returns name of the flow file
 */
export function openUserDir(userDir, flow) {
  fs.mkdirSync(path.join(userDir, 'node_modules'), { recursive: true });
  writeOnce(path.join(userDir, 'settings.js'), settingsFile());
  const link = path.join(userDir, 'node_modules', PACKAGE);
  if (!fs.existsSync(link)) {
    fs.rmSync(link, { force: true });
    fs.symlinkSync(ROOT, link, 'junction');
  }
  const flowFile = path.basename(flow);
  writeOnce(path.join(userDir, flowFile), fs.readFileSync(flow));
  return flowFile;
}

function writeOnce(file, content) {
  if (!fs.existsSync(file)) fs.writeFileSync(file, content, { mode: 0o600 });
}

const settingsFile = () => `// Made by npm start. Change what you like: it is not made again.
module.exports = {
  ...${JSON.stringify(QUIET_SETTINGS, null, 2).replaceAll('\n', '\n  ')},
  credentialSecret: '${randomBytes(24).toString('hex')}',
  logging: { console: { level: 'warn' } },
  whatsappCallingAccountSimulatorPort: Number(process.env.WHATSAPP_SIMULATOR_PORT),
};
`;
