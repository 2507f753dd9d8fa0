import { deepEqual, doesNotMatch, equal, match, ok, rejects } from 'node:assert/strict';
import { once, EventEmitter } from 'node:events';
import { ChangedMeanwhile } from '../../src/records/key-value-store';
import { risksOf } from '../../src/records/redis-risks';
import { RedisStore } from '../../src/records/redis-store';
import { keys, names, note, noteRecords, type Notes } from './support/notes';
import { startWorker } from './support/processes';
import { describeRedis, RedisServer } from './support/redis-server';

const ANA = names({ waId: '34600111222', userId: 'ES.7700112233' });

describeRedis('Records in Redis', () => {
  let server: RedisServer;

  before(async () => void (server = await RedisServer.start()));
  afterEach(() => server.clear());
  after(() => server.end());

  it('refuse a change of what another process changed since it was read', async () => {
    const [here, there] = [server.open(), server.open()];
    const update = here.begin();
    deepEqual(await update.get(['a', 'b']), [undefined, undefined]);
    await there.set(new Map([['a', 1]]));
    await rejects(update.set(new Map([['b', 2]])), ChangedMeanwhile);
    deepEqual(await here.get(['a', 'b']), [1, undefined]);
    const again = here.begin();
    await again.get(['a', 'b']);
    await again.set(
      new Map([
        ['a', undefined],
        ['b', 2],
      ]),
    );
    deepEqual(await there.get(['a', 'b']), [undefined, 2]);
  });

  it('lie in one slot of a Cluster, all that belong to one number', async () => {
    await noteRecords(server.open()).records.update(ANA, note('one'));
    const stored = Object.keys(await server.content());
    equal(stored.length, 2);
    for (const key of stored) match(key, /^test:whatsappCalling:\{106540352242922\}:[uw]/);
  });

  it('keep what cannot be read from being taken for a record', async () => {
    await server.ask((client) => client.set(nameOf(keys.contact(ANA)[0]), '{"v":1,'));
    const { records, reports } = noteRecords(server.open());
    deepEqual((await records.read(ANA)).record, { notes: [] });
    equal(reports.length, 1);
  });

  it('are let go by Redis when nothing in them matters any more, and not before', async () => {
    const store = server.open();
    const soon = Date.now() + 3_600_000;
    const entries = new Map([
      ['a', 1],
      ['b', 2],
    ]);
    await store.set(
      entries,
      new Map([
        ['a', soon],
        ['b', null],
      ]),
    );
    const kept = (key: string) => server.ask((client) => client.pttl(`test:${key}`));
    ok((await kept('a')) > 3_500_000);
    equal(await kept('b'), -1);
    await store.set(new Map([['b', 3]]), new Map([['a', null]]));
    equal(await kept('a'), -1);
  });

  it('keep nothing of whom they forget, under whatever key', async () => {
    const { records } = noteRecords(server.open());
    await records.update(ANA, (record) => ({
      ...note('hello')(record),
      calls: { add: ['wacid.ana'] },
    }));
    await records.update(ANA, note('opt-out'));
    const traces = /34600111222|7700112233|wacid|hello/;
    match(JSON.stringify(await server.content()), traces);
    const keep = ({ notes }: Notes): Notes => ({
      notes: notes.filter((text) => text === 'opt-out'),
    });
    await records.forget(ANA, keep);
    const content = await server.content();
    doesNotMatch(JSON.stringify(content), traces);
    equal(Object.keys(content).length, 3);
    deepEqual((await records.read(ANA)).record, { notes: ['opt-out'] });
  });

  it('fail closed at once while Redis is away, and go on when it is back', async () => {
    const { records } = noteRecords(server.open());
    await records.update(ANA, note('one'));
    await server.kill();
    for (const text of ['two', 'three']) {
      const begun = performance.now();
      const fault = await records.update(ANA, note(text)).catch((error: unknown) => error);
      ok(fault instanceof Error && 'code' in fault && fault.code === 'records-unavailable');
      ok(performance.now() - begun < 2500);
    }
    await server.resume();
    await until(() => server.reports.includes('Redis can be used again.'));
    await records.update(ANA, note('four'));
    deepEqual((await records.read(ANA)).record, { notes: ['four'] });
    equal(server.reports.length, 2);
    match(server.reports[0]!, /^Redis cannot be used/);
  });

  it('fail closed where nobody listens or the password is wrong, and never tell the password', async () => {
    await server.ask((client) => client.config('SET', 'requirepass', 'right'));
    try {
      for (const url of [
        'redis://:wr0ng-secret@127.0.0.1:1',
        `redis://:wr0ng-secret@127.0.0.1:${server.port}`,
        `redis://127.0.0.1:${server.port}`,
      ]) {
        const store = new RedisStore(server.connect(url));
        const fault = await store.get(['a']).catch((error: unknown) => error);
        ok(fault instanceof Error && 'code' in fault && fault.code === 'records-unavailable');
        doesNotMatch(`${fault.message} ${server.reports.join(' ')}`, /wr0ng-secret/);
      }
      const store = new RedisStore(server.connect(`redis://:right@127.0.0.1:${server.port}`));
      deepEqual(await store.get(['a']), [undefined]);
      await store.set(new Map([['a', 1]]));
    } finally {
      const client = server.connect(`redis://:right@127.0.0.1:${server.port}`);
      await client.ask('told', (redis) => redis.config('SET', 'requirepass', ''));
    }
  });

  it('say what the Redis can lose by the way it is set up', async () => {
    const risks = await risksOf(server.connect());
    equal(risks.length, 1);
    match(risks[0]!, /appendonly yes/);
    await server.ask((client) => client.config('SET', 'maxmemory-policy', 'allkeys-lru'));
    match((await risksOf(server.connect()))[0]!, /allkeys-lru; choose noeviction/);
    await server.ask((client) => client.config('SET', 'maxmemory-policy', 'noeviction'));
    deepEqual(await risksOf(server.connect('redis://127.0.0.1:1')), []);
  });

  it('tell other processes, and not their own, by publish and subscribe', async () => {
    const [here, there] = [server.channel(), server.channel()];
    const heard = new EventEmitter();
    const told: string[] = [];
    here.subscribe('news', (message) => told.push(`here ${message}`));
    const stop = there.subscribe('news', (message) => heard.emit('message', message));
    there.subscribe('other', (message) => told.push(`other ${message}`));
    await until(
      async () =>
        Number((await server.ask((client) => client.pubsub('NUMSUB', 'test:news')))[1]) === 2,
    );
    here.publish('news', 'a b c');
    deepEqual(await once(heard, 'message'), ['a b c']);
    deepEqual(told, []);
    stop();
    await until(
      async () =>
        Number((await server.ask((client) => client.pubsub('NUMSUB', 'test:news')))[1]) === 1,
    );
  });
});

describeRedis('Redis that appends every change to a file', () => {
  it('loses nothing acknowledged when it is killed, nor when Node-RED is', async () => {
    const server = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'always');
    try {
      const { child, lines } = startWorker('writing-worker', server.url, '0');
      const acknowledged: string[] = [];
      for await (const line of lines) {
        acknowledged.push(line);
        if (acknowledged.length === 100) child.kill('SIGKILL');
      }
      await server.kill();
      await server.resume();
      const { records } = noteRecords(server.open());
      const kept: string[] = [];
      for (let contact = 0; contact < 50; contact += 1) {
        const { record } = await records.read(names({ waId: `3460000${contact}` }));
        kept.push(...record.notes);
      }
      deepEqual(
        acknowledged.filter((text) => !kept.includes(text)),
        [],
      );
    } finally {
      await server.end();
    }
  });
});

describeRedis('Redis Cluster', () => {
  it('keeps records, writes each change in one slot, and carries what is published', async () => {
    const server = await RedisServer.start(
      '--cluster-enabled',
      'yes',
      '--cluster-announce-ip',
      '127.0.0.1',
    );
    try {
      await server.ask((client) => client.cluster('ADDSLOTSRANGE', 0, 16_383));
      await server.ask((client) =>
        until(async () => (await client.cluster('INFO')).includes(':ok')),
      );
      const url = `redis://127.0.0.1:${server.port}?cluster`;
      const { records } = noteRecords(new RedisStore(server.connect(url)));
      await records.update(ANA, note('one'));
      await records.update(names({ waId: '573001234567' }), note('two'));
      await records.forget(names({ waId: '573001234567' }), (record) => record);
      deepEqual((await records.read(ANA)).record, { notes: ['one'] });
      const channels = [url, url].map((each) => server.channel(each));
      const heard = new EventEmitter();
      channels[0]!.subscribe('news', (message) => heard.emit('message', message));
      await until(
        async () =>
          Number((await server.ask((client) => client.pubsub('NUMSUB', 'news')))[1]) === 1,
      );
      channels[1]!.publish('news', 'hello');
      deepEqual(await once(heard, 'message'), ['hello']);
    } finally {
      await server.end();
    }
  });
});

const nameOf = (key: string): string =>
  `test:${key.replace('106540352242922', '{106540352242922}')}`;

/** Waits until it is so: what another process does comes when it comes. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise(setImmediate);
}
