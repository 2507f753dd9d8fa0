import assert from 'node:assert/strict';
import { openAccount } from '../../nodes/account/open-accounts';
import { ShakyStore } from './support/shaky-store';
import { everyNode, Stage, USER } from './support/stage';

const MINUTE = 60_000;

describe('news that were stored and perhaps not told before a crash', () => {
  const flow = everyNode({ account: { contextStore: 'shaky' } });
  let stage: Stage;
  let store: ShakyStore;

  beforeEach(async () => {
    stage = new Stage();
    store = new ShakyStore();
    await stage.open(flow, store.options);
  });
  afterEach(() => stage.close());

  const waiting = (): string[] => [...store.kept.keys()].filter((key) => key.includes(':out-'));

  it('are sent into the flow after the restart, once, with msg.event.again', async () => {
    const { records, clock } = await openAccount('account');
    await records.update({ waId: USER, userId: null, phone: null }, (record, contact) => ({
      record: { ...record, wroteAt: clock.now() },
      result: null,
      tell: [
        {
          id: 'letter',
          at: clock.now(),
          event: { type: 'user-wrote', at: clock.now(), id: 'wamid.1', raw: null, contact },
        },
      ],
    }));
    await stage.restartAfter(10 * MINUTE, flow, store.options);
    await stage.pass(MINUTE);
    const [msg, ...more] = stage.received('webhook-7');
    assert.deepEqual(more, []);
    assert.equal(msg!.payload, `+${USER}`);
    assert.deepEqual([msg!['event'].type, msg!['event'].again], ['user-wrote', true]);
    assert.equal(msg!['permission'].state, 'needs-request');
    await stage.restartAfter(10 * MINUTE, flow, store.options);
    await stage.pass(10 * MINUTE);
    assert.equal(stage.received('webhook-7').length, 1);
    assert.deepEqual(waiting(), []);
  });

  it('are sent into the flow without a restart where the store denied that they were stored', async () => {
    store.denyNext(':out-');
    stage.simulator.user(USER).write('Hello');
    await stage.pass(10 * MINUTE);
    const events = stage.received('webhook-7').map((msg) => msg['event']);
    assert.deepEqual(
      events.map(({ type, again }) => [type, again]),
      [['user-wrote', true]],
    );
    assert.deepEqual(waiting(), []);
  });

  it('are not sent twice by one process that could not note at first that they were', async () => {
    const { records } = await openAccount('account');
    records.settle = () => Promise.reject(new Error('no answer'));
    stage.simulator.user(USER).write('Hello');
    await stage.pass(10 * MINUTE);
    assert.deepEqual(stage.told(), ['7:user-wrote']);
    assert.equal(waiting().length, 1);
    await stage.deploy(flow, 'full');
    await stage.pass(10 * MINUTE);
    assert.deepEqual(stage.told(), []);
    assert.deepEqual(waiting(), []);
  });

  it('leave nothing behind where they were told', async () => {
    stage.simulator.user(USER).grant();
    stage.simulator.user(USER).write('Hello');
    await stage.pass(10 * MINUTE);
    assert.deepEqual(stage.told().toSorted(), ['1:permission-granted', '7:user-wrote']);
    assert.deepEqual(waiting(), []);
  });

  it('leave nothing behind where a repetition was not told', async () => {
    await stage.tell(stage.simulator.log.webhooks.at(-1)?.body ?? {});
    assert.deepEqual(waiting(), []);
  });
});
