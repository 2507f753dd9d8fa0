import assert from 'node:assert/strict';
import { messageStatus, replied, seconds } from './support/bodies';
import { ShakyStore } from './support/shaky-store';
import { everyNode, Stage, USER } from './support/stage';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const DAY_S = 24 * 3600;
const ANA = { payload: `+${USER}` };

describe('a request that is answered late', () => {
  let stage: Stage;

  beforeEach(() => {
    stage = new Stage();
  });
  afterEach(() => stage.close());

  const news = (): string[] => stage.told().filter((each) => each !== '7:unknown');
  const last = (id: string) => stage.received(id).at(-1)!;

  /** Asks for permission; the id of the request. */
  async function ask(memo: unknown): Promise<string> {
    const { output, msg } = await stage.send('request', { ...ANA, memo });
    assert.equal(output, 1);
    await stage.pass(MINUTE);
    return msg['request'].id as string;
  }

  it('brings the flow back to where it stopped, days and a restart later', async () => {
    const store = new ShakyStore();
    const flow = everyNode({ account: { contextStore: 'shaky' } });
    await stage.open(flow, store.options);
    const id = await ask({ order: 77 });
    await stage.restartAfter(6 * DAY, flow, store.options);
    stage.simulator.user(USER).accept();
    await stage.pass(MINUTE);
    const msg = last('webhook-1');
    assert.deepEqual(msg['memo'], { order: 77 });
    assert.equal(msg['request'].id, id);
    assert.equal(msg['permission'].state, 'callable');
    assert.deepEqual(news(), ['1:permission-granted']);
    await stage.pass(2 * DAY);
    assert.deepEqual(news(), [], 'an answered request does not lapse');
  });

  it('counts though a newer one has replaced it, and comes with its own memo', async () => {
    await stage.open();
    const older = await ask('older');
    await stage.pass(4 * DAY);
    const newer = await ask('newer');
    await stage.pass(10 * MINUTE);
    await stage.tell(replied('reject', { request: older, at: seconds(4 * DAY_S + 300) }));
    assert.equal(last('webhook-2')['memo'], 'older');
    assert.equal(last('webhook-2')['request'].id, older);
    await stage.tell(
      replied('accept', { id: 'wamid.R2', request: newer, at: seconds(4 * DAY_S + 360) }),
    );
    assert.equal(last('webhook-1')['memo'], 'newer');
    assert.deepEqual(news(), ['2:permission-declined', '1:permission-granted']);
    await stage.pass(30 * DAY);
    assert.deepEqual(news(), []);
  });

  it('lapses once, for the newest of two', async () => {
    await stage.open();
    await ask('older');
    await stage.pass(4 * DAY);
    await ask('newer');
    await stage.pass(30 * DAY);
    assert.equal(last('webhook-3')['memo'], 'newer');
    assert.deepEqual(news(), ['3:request-lapsed']);
  });

  it('may be answered anew until it lapses: each change is told, and the last one holds', async () => {
    await stage.open();
    const id = await ask('K-77');
    const user = stage.simulator.user(USER);
    for (const [answer, told] of [
      ['decline', '2:permission-declined'],
      ['accept', '1:permission-granted'],
      ['decline', '2:permission-declined'],
      ['accept', '1:permission-granted'],
    ] as const) {
      await stage.pass(DAY);
      user[answer]();
      await stage.pass(MINUTE);
      const output = told.split(':')[0]!;
      assert.equal(last(`webhook-${output}`)['memo'], 'K-77');
      assert.equal(last(`webhook-${output}`)['request'].id, id);
      assert.deepEqual(news(), [told]);
    }
    assert.equal((await stage.send('check', { ...ANA })).output, 1);
  });

  it('whose answers arrive in the wrong order stands as WhatsApp dated them', async () => {
    await stage.open();
    const request = await ask('K-77');
    const yes = replied('accept', { id: 'wamid.Y', request, at: seconds(300) });
    const no = replied('reject', { id: 'wamid.N', request, at: seconds(400) });
    await stage.pass(10 * MINUTE);
    await stage.tell(no);
    await stage.tell(yes);
    await stage.tell(no);
    assert.deepEqual(news(), ['2:permission-declined']);
    assert.equal((await stage.send('check', { ...ANA })).msg['permission'].reason, 'declined');
  });

  it('answered after it was told as lapsed is still told, and its permission runs out in turn', async () => {
    await stage.open();
    const request = await ask('K-77');
    await stage.pass(7 * DAY);
    assert.deepEqual(news(), ['3:request-lapsed']);
    const at = seconds(7 * DAY_S + 1200);
    await stage.pass(30 * MINUTE);
    await stage.tell(replied('accept', { request, at }));
    assert.equal(last('webhook-1')['memo'], 'K-77');
    assert.deepEqual(news(), ['1:permission-granted']);
    await stage.pass(30 * DAY);
    assert.deepEqual(news(), []);
  });

  it('that could not be delivered is told once, never lapses, and may be sent again', async () => {
    await stage.open();
    const id = await ask('K-77');
    const failed = messageStatus('failed', id);
    await stage.tell(failed);
    await stage.tell(failed);
    assert.equal(last('webhook-3')['memo'], 'K-77');
    assert.equal(last('webhook-3')['request'].id, id);
    await stage.pass(30 * DAY);
    assert.deepEqual(news(), ['3:request-failed']);
    await ask('again');
  });
});
