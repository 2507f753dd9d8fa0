// How quickly webhooks are acknowledged (200: signature checked, parsed, stored) while so many arrive a second, beside a
// bare node:http server on the same machine that reads, checks the HMAC and parses, and stores nothing.
//
//   node scripts/build.mjs && node bench/webhooks.mjs [--store memory] [--rate 1000] [--seconds 5] [--rounds 3]
//
// The load comes from a process of its own at fixed times, whether earlier ones were answered or not, and a webhook's
// wait begins at its time: a server that stands still is not asked less. Rounds alternate, so that what else the machine
// does meets both alike; what counts is the ratio. On a busy machine look at the quietest second of each.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { STORES } from './lib/stores.mjs';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'memory' },
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
  },
});
const rate = Number(values.rate);
const seconds = Number(values.seconds);
if (!(values.store in STORES)) {
  console.error(`There is no store "${values.store}": ${Object.keys(STORES).join(', ')}`);
  process.exit(1);
}

const file = (name) => fileURLToPath(new URL(`lib/${name}.mjs`, import.meta.url));

/** Starts a server in a process of its own; returns its port and what ends it. */
async function serve(...args) {
  const child = fork(file('webhook-server'), args);
  const [{ port }] = await once(child, 'message');
  const close = async () => {
    child.send('close');
    const [used] = await once(child, 'message');
    await once(child, 'exit');
    return used;
  };
  return { port, close };
}

const sorted = (numbers) => numbers.toSorted((a, b) => a - b);

/** Of the seconds that were measured, the one with the lowest p99, in order. */
function quietest(waits) {
  const each = Array.from({ length: seconds }, (_, n) => waits.slice(n * rate, (n + 1) * rate));
  return each.map(sorted).reduce((best, next) => (at(next, 0.99) < at(best, 0.99) ? next : best));
}

/** Sends the load to a fresh server; waits in milliseconds, in order, and what the server used. */
async function round(...args) {
  const server = await serve(...args);
  const load = fork(file('webhook-load'), [String(server.port), String(rate), String(seconds)]);
  const [{ waits, statuses }] = await once(load, 'message');
  const used = await server.close();
  return { waits: sorted(waits), quiet: quietest(waits), statuses, ...used };
}

const at = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const shown = (milliseconds) => `${milliseconds.toFixed(2)} ms`.padStart(10);

function tell(name, { waits, statuses, cpu, heap }) {
  const answers = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`);
  console.log(
    `${name.padEnd(18)} p50 ${shown(at(waits, 0.5))}  p99 ${shown(at(waits, 0.99))}  ` +
      `max ${shown(waits.at(-1))}  cpu ${Math.round(cpu * 100)} %  heap ${Math.round(heap)} MB  ` +
      answers.join(', '),
  );
}

console.log(`${rate} webhooks a second for ${seconds} s, store: ${values.store}`);
const kinds = { 'bare floor': ['floor'], [`ours, ${values.store}`]: ['ours', values.store] };
const all = Object.keys(kinds).map((name) => ({ name, waits: [], quiet: [] }));
for (let count = 0; count < Number(values.rounds); count += 1) {
  for (const { name, waits, quiet } of all) {
    const measured = await round(...kinds[name]);
    tell(name, measured);
    waits.push(...measured.waits);
    quiet.push(measured.quiet);
  }
}
const lowest = (quiet, share) => Math.min(...quiet.map((waits) => at(waits, share)));
for (const share of [0.5, 0.99]) {
  const [floor, ours] = all.map(({ waits }) => at(sorted(waits), share));
  const [quietFloor, quietOurs] = all.map(({ quiet }) => lowest(quiet, share));
  console.log(
    `p${share * 100} of all: ${shown(ours)}, floor ${shown(floor)}, ratio ${(ours / floor).toFixed(2)}`,
  );
  console.log(
    `p${share * 100} of the quietest second: ${shown(quietOurs)}, floor ${shown(quietFloor)}, ` +
      `ratio ${(quietOurs / quietFloor).toFixed(2)}`,
  );
}
