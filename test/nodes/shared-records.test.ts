import { shapesFor } from '../../src/actions/shapes';
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallHolders } from '../../nodes/account/call-holders';
import type { CallingEvent } from '../../src/actions';
import { DiskStore, Keys, Records, type KeyValueStore } from '../../src/records';
import { PRESETS, type AccountState, type CallCounts, type ContactRecord } from '../../src/rules';
import { describeRedis, RedisServer } from '../records/support/redis-server';
import { everyNode, NUMBER, Stage, START, USER, type FlowNode } from './support/stage';

const ANA = { payload: `+${USER}` };
const MINUTE = 60_000;
const KEYS = new Keys({ phoneNumberId: NUMBER, simulated: true });

const flowWith = (records: string, name = ''): FlowNode[] =>
  everyNode({ account: { records, name }, check: { ask: 'never' } });

/** The account's records as another process has them. */
const elsewhere = (store: KeyValueStore): Records<ContactRecord, AccountState, CallCounts> =>
  new Records<ContactRecord, AccountState, CallCounts>({
    store,
    keys: KEYS,
    ...shapesFor(PRESETS.cautious, false),
    report: assert.fail,
  });

const remindedAt =
  (due: number) =>
  (record: ContactRecord): { record: ContactRecord; result: null } => ({
    record: { ...record, reminder: { at: START, due } },
    result: null,
  });

describe('records that several processes share', () => {
  let stage: Stage;
  let userDir: string;

  beforeEach(async () => {
    userDir = await mkdtemp(join(tmpdir(), 'whatsapp-calling-user-'));
    stage = new Stage();
  });
  afterEach(async () => {
    await stage.close();
    await rm(userDir, { recursive: true, force: true });
  });

  const open = (flow: FlowNode[], credentials: object = {}): Promise<void> =>
    stage.open(flow, { settings: { userDir }, credentials });
  const onDisk = (): DiskStore =>
    new DiskStore({ folder: join(userDir, 'whatsapp-calling'), report: assert.fail });

  it('on disk lie in the user directory, and are there after a restart', async () => {
    await open(flowWith('disk'));
    await stage.send('to-opt-out', { ...ANA });
    assert.ok(existsSync(join(userDir, 'whatsapp-calling', 'records.lmdb')));
    await stage.restartAfter(MINUTE, flowWith('disk'), { settings: { userDir } });
    assert.equal((await stage.send('check', { ...ANA })).output, 4);
  });

  it('on disk need a user directory', async () => {
    await stage.open(flowWith('disk'), { settings: { userDir: '' } });
    assert.equal(await stage.failureOf('check', { ...ANA }), 'records-not-available');
  });

  it('move from the context to the disk by themselves, and leave nothing there', async () => {
    await open(flowWith('flow'));
    await stage.send('to-opt-out', { ...ANA });
    await stage.deploy(flowWith('disk'), 'full');
    assert.equal((await stage.send('check', { ...ANA })).output, 4);
    await stage.deploy(flowWith('flow'), 'full');
    assert.equal((await stage.send('check', { ...ANA })).output, 2);
  });

  it('on disk tell within a minute what another process has scheduled', async () => {
    await open(flowWith('disk'));
    await stage.send('check', { ...ANA });
    const store = onDisk();
    const contact = { waId: USER, userId: null, phone: null };
    await elsewhere(store).update(contact, remindedAt(START + 5000));
    await store.close();
    const told = stage.nextEvent('webhook-6', 'try-again');
    await stage.pass(MINUTE);
    assert.equal((await told)['payload'], ANA.payload);
  });

  it('leave nothing behind in ten redeploys', async () => {
    await open(flowWith('disk'));
    await stage.send('check', { ...ANA });
    const resources = (): string[] =>
      process
        .getActiveResourcesInfo()
        .filter((each) => !['Immediate', 'PipeWrap', 'ProcessWrap'].includes(each));
    await stage.deploy(flowWith('disk', 'round 0'), 'full');
    await stage.send('check', { ...ANA });
    const before = resources().length;
    for (let round = 1; round <= 10; round += 1) {
      await stage.deploy(flowWith('disk', `round ${round}`), 'full');
      await stage.send('check', { ...ANA });
    }
    assert.ok(resources().length <= before);
  });

  for (const [what, redisUrl, code] of [
    ['no address', '', 'setting-missing'],
    ['an address that is none', 'http://ana:s3cret@localhost', 'setting-invalid'],
  ] as const) {
    it(`in Redis cannot be used with ${what}, and nothing of it is told`, async () => {
      await open(flowWith('redis'), { account: { redisUrl } });
      assert.equal(await stage.failureOf('check', { ...ANA }), code);
      assert.doesNotMatch(stage.logged('account').join(' '), /s3cret/);
    });
  }

  describeRedis('in Redis', () => {
    let server: RedisServer;

    before(async () => void (server = await RedisServer.start()));
    afterEach(() => server.clear());
    after(() => server.end());

    const credentials = () => ({ account: { redisUrl: server.url } });

    it('come there from context and disk by themselves', async () => {
      await open(flowWith('flow'));
      await stage.send('to-opt-out', { ...ANA });
      await stage.deploy(flowWith('disk'), 'full');
      await stage.send('check', { ...ANA });
      await stage.deploy(flowWith('redis'), 'full', credentials());
      assert.equal((await stage.send('check', { ...ANA })).output, 4);
      const store = onDisk();
      assert.deepEqual(await store.keys(''), []);
      await store.close();
    });

    it('fail closed while it is away, and go on when it is back', async () => {
      await open(flowWith('redis'), credentials());
      await stage.send('to-opt-out', { ...ANA });
      await server.kill();
      assert.equal(await stage.failureOf('check', { ...ANA }), 'records-unavailable');
      await server.resume();
      const back = async (): Promise<number> => {
        const { output } = await stage.send('check', { ...ANA });
        return output === 0 ? back() : output;
      };
      // This Redis keeps nothing when it is killed, so the contact is unknown: never callable.
      assert.equal(await back(), 2);
    });

    it('tell at once what another process has scheduled sooner', async () => {
      await open(flowWith('redis'), credentials());
      await stage.send('check', { ...ANA });
      const channel = server.channel();
      const contact = { waId: USER, userId: null, phone: null };
      await elsewhere(server.open()).update(contact, remindedAt(START + 5000));
      let told: string[] = [];
      const topic = `${KEYS.prefix}scheduled`;
      while ((await server.ask((client) => client.pubsub('NUMSUB', `test:${topic}`)))[1] !== 1);
      channel.publish(topic, String(START + 5000));
      await stage.pass(6000);
      while (told.length === 0) {
        await stage.pass(0);
        told = stage.told();
      }
      assert.deepEqual(told, ['6:try-again']);
    });

    it("tell who holds a call's media, in whichever process, what happens to the call", async () => {
      const [here, there] = [server.channel(), server.channel()];
      const [holders, others] = [new CallHolders(here, 'n:'), new CallHolders(there, 'n:')];
      const heard = new EventEmitter();
      const told: string[] = [];
      holders.hold('wacid.1', (event) => {
        told.push(event.type);
        heard.emit(event.type);
      });
      while ((await server.ask((client) => client.pubsub('NUMSUB', 'test:n:calls')))[1] !== 2);
      const event = (type: string, id: string): CallingEvent =>
        ({ type, call: { id } }) as unknown as CallingEvent;
      holders.tell(event('call-ringing', 'wacid.1'));
      const answered = once(heard, 'call-answered');
      others.tell(event('call-answered', 'wacid.2'));
      for (const stray of ['{', 'null', '7']) there.publish('n:calls', stray);
      others.tell(event('call-answered', 'wacid.1'));
      await answered;
      const ended = once(heard, 'call-ended');
      others.tell(event('call-ended', 'wacid.1'));
      await ended;
      holders.tell(event('call-ended', 'wacid.1'));
      assert.deepEqual(told, ['call-ringing', 'call-answered', 'call-ended']);
      holders.close();
      others.close();
    });
  });
});
