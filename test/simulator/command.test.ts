import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';

const SCRIPT = path.join(__dirname, '../../src/simulator/command.js');

/** Starts the command and collects what it writes. The words stand with spaces between them. */
function start(...words: string[]) {
  const args = words.flatMap((text) => text.split(' ')).filter((word) => word !== '');
  const child = spawn(process.execPath, [SCRIPT, ...args]);
  const written = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.err += chunk.toString()));
  return { child, written, closed: once(child, 'close') };
}

describe('the command "simulator"', () => {
  it('listens, says what to enter, answers, and stops cleanly', async () => {
    const { child, written, closed } = start(
      'simulator --port 0 --number 555:+34910000001 --access-token abc',
      '--user 34600111222:accept-permanent,answer --policy meta-test-number',
      '--faults webhook-twice,webhook-late=0.5 --seed 12',
    );
    while (!written.out.includes('/simulator')) await once(child.stdout, 'data');
    const url = /graph url\s+(\S+)/.exec(written.out)?.[1] ?? '';
    assert.match(written.out, /phone number id\s+555/);
    assert.match(written.out, /access token\s+abc/);
    assert.match(written.out, /app secret\s+[0-9a-f]{32}/);
    const lookUp = await fetch(`${url}/v25.0/555/call_permissions?user_wa_id=34600111222`, {
      headers: { authorization: 'Bearer abc' },
    });
    assert.match(await lookUp.text(), /"time_period":"PT24H","max_allowed":25/);
    const user = await fetch(`${url}/simulator/users/34600111222`);
    assert.match(await user.text(), /"onRequest":"accept-permanent","onCall":"answer"/);
    const faults = await fetch(`${url}/simulator/faults`);
    assert.match(await faults.text(), /"seed":12,.*"webhook-late":0.5/);
    child.kill('SIGTERM');
    assert.deepEqual(await closed, [0, null]);
  });

  it('explains itself', async () => {
    const { written, closed } = start('--help');
    assert.deepEqual(await closed, [0, null]);
    assert.match(written.out, /--webhook <url>/);
  });

  const bad = [
    '',
    'dance',
    'simulator --speed 9',
    'simulator --port many',
    'simulator --policy lax',
    'simulator --faults webhook-thrice',
    'simulator --faults server-error=often',
    'simulator --user Ana',
    'simulator --user 34600111222:sing',
    'simulator --number 555',
    'simulator --webhook ftp://nowhere',
  ];
  for (const words of bad) {
    it(`exits with 2 and says why on "${words}"`, async () => {
      const { written, closed } = start(words);
      assert.deepEqual(await closed, [2, null]);
      assert.equal(written.out, '');
      assert.ok(written.err.length > 0);
    });
  }
});
