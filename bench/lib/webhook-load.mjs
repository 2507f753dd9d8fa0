// A process that sends webhooks at fixed times and measures from then on: <port> <a second> <seconds>.
import { Agent, request } from 'node:http';
import { webhook } from './webhook-bodies.mjs';

const [port, rate, seconds] = process.argv.slice(2).map(Number);
/** Until a server is compiled hot and has caught up with what waited meanwhile. */
const WARM_UP_SECONDS = 8;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const waits = [];
const statuses = {};

function send({ body, headers }, due, isMeasured) {
  return new Promise((resolve) => {
    const settle = (status) => {
      if (isMeasured) {
        waits.push(performance.now() - due);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
      resolve();
    };
    const outgoing = request(
      { port, host: '127.0.0.1', method: 'POST', path: '/whatsapp/webhook', headers, agent },
      (incoming) => incoming.resume().on('end', () => settle(incoming.statusCode)),
    );
    outgoing.on('error', (error) => settle(error.code)).end(body);
  });
}

const warmUp = WARM_UP_SECONDS * rate;
const prepared = Array.from({ length: warmUp + seconds * rate }, (_, index) => webhook(index));
const begun = performance.now();
const sent = [];
await new Promise((resolve) => {
  const timer = setInterval(() => {
    while (sent.length < prepared.length) {
      const due = begun + (sent.length * 1000) / rate;
      if (due > performance.now()) return;
      sent.push(send(prepared[sent.length], due, sent.length >= warmUp));
    }
    clearInterval(timer);
    resolve();
  }, 1);
});
await Promise.all(sent);
agent.destroy();
process.send({ waits, statuses }, () => process.disconnect());
