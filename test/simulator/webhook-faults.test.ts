import assert from 'node:assert/strict';
import type { WantedFaults } from '../../src/simulator';
import { changeIn } from '../../src/simulator/faults/webhook-parts';
import { ANA, DAY, SECOND, START, World, type Wire } from './world';

describe('a webhook under faults', () => {
  let world: World;

  const open = async (faults: WantedFaults): Promise<void> => {
    world = await new World({ faults }).listen();
  };
  afterEach(() => world.simulator.close());

  const times = (): number[] => world.simulator.log.webhooks.map(({ at }) => at - START);
  const texts = (): string[] => world.told('messages').map(({ text }) => text.body);

  it('comes before the answer to the call that it is about', async () => {
    await open({ 'webhook-before-answer': 1 });
    world.ana.grant();
    await world.pass(1);
    const calling = world.call();
    const { body } = await calling;
    const [connect] = world.told('calls');
    assert.deepEqual([connect.event, connect.id], ['connect', body.calls[0].id]);
    assert.equal(world.clock.now(), START + SECOND);
  });

  it('comes before the answer to the request that it is about', async () => {
    await open({ 'webhook-before-answer': 1 });
    const { body } = await world.requestByTemplate();
    const statuses = world.told('statuses').map(({ id, status }) => [id, status]);
    const { id } = body.messages[0];
    assert.deepEqual(statuses, [
      [id, 'sent'],
      [id, 'delivered'],
    ]);
  });

  it('comes twice: soon, or after WhatsApp lost patience', async () => {
    await open({ 'webhook-twice': 1 });
    const again: number[] = [];
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const before = times().length;
      world.ana.write('Hello');
      await world.pass(3600);
      const [first = 0, second = 0, ...more] = times().slice(before);
      assert.deepEqual(more, []);
      again.push(second - first);
    }
    assert.ok(again.some((ms) => ms <= 5 * SECOND));
    assert.ok(again.some((ms) => ms >= 20 * SECOND));
  });

  it('comes minutes to days late', async () => {
    await open({ 'webhook-late': 1 });
    for (let attempt = 0; attempt < 10; attempt += 1) world.ana.write('Hello');
    await world.pass(59);
    assert.deepEqual(times(), []);
    await world.pass((4 * DAY) / SECOND);
    assert.equal(times().length, 10);
    assert.ok(Math.max(...times()) > DAY / 24);
  });

  it('is overtaken by later ones', async () => {
    await open({ 'webhook-reordered': 0.5 });
    const written = Array.from({ length: 20 }, (_, index) => `message ${index + 10}`);
    for (const text of written) {
      world.ana.write(text);
      await world.pass(2);
    }
    await world.pass(60);
    assert.notDeepEqual(texts(), written);
    assert.deepEqual(texts().toSorted(), written);
  });

  it('never comes, and the log says so', async () => {
    await open({ 'webhook-dropped': 1 });
    world.ana.write('Hello');
    await world.pass(7 * DAY);
    assert.deepEqual(world.webhooks, []);
    const [lost] = world.simulator.log.webhooks;
    assert.deepEqual([lost?.fault, lost?.status], ['webhook-dropped', null]);
    assert.deepEqual(lost?.news, [world.simulator.log.news[0]?.body]);
  });

  it('comes in one body with others: as entry, as change and as item', async () => {
    await open({ 'webhook-batched': 1 });
    for (let attempt = 0; attempt < 60; attempt += 1) {
      world.ana.write(`message ${attempt + 10}`);
      await world.pass(1);
    }
    await world.pass(60);
    const lengths = (list: (body: Wire) => Wire[]): number =>
      Math.max(...world.webhooks.map((body) => list(body).length));
    assert.ok(world.webhooks.length < 60);
    assert.ok(lengths(({ entry }) => entry) > 1);
    assert.ok(lengths(({ entry }) => entry[0].changes) > 1);
    assert.ok(lengths(({ entry }) => entry[0].changes[0].value.messages) > 1);
    const all = world.webhooks
      .flatMap(({ entry }) => entry)
      .flatMap(({ changes }) => changes)
      .flatMap(({ value }) => value.messages);
    assert.equal(new Set(all.map(({ id }) => id)).size, 60);
    assert.equal(all.length, 60);
    const news = world.simulator.log.webhooks.flatMap((attempt) => attempt.news);
    assert.deepEqual(new Set(news), new Set(world.simulator.log.news.map(({ body }) => body)));
  });

  it('tells the end of a call before its connect', async () => {
    await open({ 'connect-after-terminate': 1 });
    world.ana.setScript({ onCall: 'reject', answerAfter: 1 });
    world.ana.grant();
    await world.pass(1);
    await world.call();
    await world.pass(60);
    const events = world.told('calls').map(({ event }) => event);
    assert.deepEqual(events, ['terminate', 'connect']);
  });

  it('is joined by events that nobody knows', async () => {
    await open({ 'unknown-events': 1 });
    world.ana.grant();
    const seen = new Set<string>();
    for (let attempt = 0; attempt < 20; attempt += 1) {
      await world.talk();
      await world.pass(60);
    }
    for (const body of world.webhooks) {
      const { field, value } = changeIn(body);
      const [call] = (value['calls'] ?? []) as Wire[];
      seen.add(field === 'calls' && call !== undefined ? call.event : field);
    }
    for (const event of ['call_recording_available', 'call_created', 'calls_of_the_future']) {
      assert.ok(seen.has(event), event);
    }
  });

  it('takes all of it in one run that is the same with the same seed', async () => {
    const run = async (): Promise<Wire[]> => {
      const one = new World({ faults: 'all', seed: 3, user: { waId: ANA, onCall: 'answer' } });
      for (let attempt = 0; attempt < 40; attempt += 1) {
        one.ana.write('Hello');
        one.ana.grant();
        await one.pass(300);
      }
      return one.simulator.log.webhooks.map(({ at, body }) => ({ at, body }));
    };
    assert.deepEqual(await run(), await run());
    await open({});
  });
});
