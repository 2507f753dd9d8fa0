// `npm test`: everything there is to check, on a fresh clone too. The last line sums up: "N passed, N failed".
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { installIfNeeded } from './lib/install.mjs';
import { otherRuntimes } from './lib/runtimes.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const inCi = process.env.CI === 'true';
const totals = { passed: 0, failed: 0, skipped: 0 };

installIfNeeded();
await step('lint', 'npm', ['run', '--silent', 'lint']);
await step('build', process.execPath, ['scripts/build.mjs']);
await step('compile the tests', process.execPath, [
  'node_modules/typescript/bin/tsc',
  '-p',
  'test/tsconfig.json',
]);
await tests('this Node.js and Node-RED', process.execPath, {}, []);
for (const { name, node, nodeRed } of otherRuntimes()) {
  // What depends on the runtime: the nodes. Tests in a real Node-RED and in the browser choose theirs themselves.
  const settings = [
    '--no-config',
    '--reporter',
    'build/test/support/reporter.js',
    '--timeout',
    '20000',
  ];
  await tests(name, node, { NODE_RED: nodeRed }, [...settings, 'build/test/nodes/**/*.test.js']);
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 ? 1 : 0);

/** Runs a command; a failure ends everything. */
async function step(name, command, args) {
  console.log(`\n— ${name}`);
  const { code } = await run(command, args, {});
  if (code !== 0) {
    console.log(`${name} failed`);
    console.log(`${totals.passed} passed, ${totals.failed + 1} failed`);
    process.exit(1);
  }
}

/** Runs mocha once and adds up what it counted. In CI a skipped test is a failed one. */
async function tests(name, node, env, args) {
  console.log(`\n— tests on ${name}`);
  const forbid = inCi ? ['--forbid-pending'] : [];
  const { code, output } = await run(
    node,
    ['node_modules/mocha/bin/mocha.js', ...forbid, ...args],
    env,
  );
  const [, passed, failed, skipped] =
    /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(output) ?? [];
  totals.passed += Number(passed ?? 0);
  totals.skipped += Number(skipped ?? 0);
  totals.failed += Math.max(Number(failed ?? 0), code === 0 ? 0 : 1);
}

function run(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['inherit', 'pipe', 'inherit'],
      shell: process.platform === 'win32' && command === 'npm',
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      output = (output + chunk).slice(-2000);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
