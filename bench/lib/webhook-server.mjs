// A process that answers webhooks: `floor` reads, checks the HMAC and parses; `ours <store>` does all that an account does.
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { STORES } from './stores.mjs';
import { NUMBER, SECRET } from './webhook-bodies.mjs';

const require = createRequire(import.meta.url);
const { handleWebhook, shapesFor } = require('../../dist/src/actions');
const { Keys, Records } = require('../../dist/src/records');
const { PRESETS } = require('../../dist/src/rules');
const { WebhookEndpoint } = require('../../dist/src/webhooks');

function floor(request, response) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const given = Buffer.from(request.headers['x-hub-signature-256'].slice(7), 'hex');
    const isSigned = timingSafeEqual(createHmac('sha256', SECRET).update(body).digest(), given);
    JSON.parse(body.toString('utf8'));
    response.writeHead(isSigned ? 200 : 401).end('ok');
  });
}

function accountOn(store, isVolatile) {
  const policy = PRESETS.cautious;
  const records = new Records({
    store,
    isVolatile,
    keys: new Keys({ phoneNumberId: NUMBER, simulated: false }),
    ...shapesFor(policy, true),
    report: console.error,
  });
  return { records, policy, clock: { now: Date.now }, newKey: randomUUID };
}

async function ours(name) {
  const { store, close } = await STORES[name]();
  const account = accountOn(store, name === 'memory');
  const endpoint = new WebhookEndpoint({ now: Date.now });
  endpoint.add({
    phoneNumberId: NUMBER,
    displayNumber: null,
    verifyToken: null,
    appSecrets: [SECRET],
    log: (level, message) => console.error(level, message),
    async store(changes) {
      const { events, failures } = await handleWebhook(account, changes);
      if (failures.length > 0) throw failures[0];
      // As an account does once the flow was told.
      const letters = events.flatMap(({ letter }) => letter ?? []);
      if (letters.length > 0) setImmediate(() => void account.records.settle(letters));
    },
  });
  return { answer: (request, response) => void endpoint.handle(request, response), close };
}

const [kind, store] = process.argv.slice(2);
const { answer, close } =
  kind === 'floor' ? { answer: floor, close: async () => undefined } : await ours(store);
const server = createServer(answer).listen(0, '127.0.0.1', () => {
  const begun = { cpu: process.cpuUsage(), at: performance.now() };
  process.once('message', () => void stop(begun));
  process.send({ port: server.address().port });
});

/** Says what was used, in CPUs and MB, and ends. */
async function stop(begun) {
  const { user, system } = process.cpuUsage(begun.cpu);
  const cpu = (user + system) / 1000 / (performance.now() - begun.at);
  process.send({ cpu, heap: process.memoryUsage().heapUsed / 2 ** 20 });
  server.closeAllConnections();
  server.close();
  await close();
  process.disconnect();
}
