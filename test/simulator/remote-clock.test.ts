import assert from 'node:assert/strict';
import * as http from 'node:http';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { RemoteClock, Simulator, VirtualClock } from '../../src/simulator';
import { ClockFollower } from '../../src/simulator/clock-follower';

const START = Date.UTC(2027, 0, 4, 12);
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the clock of a simulator elsewhere', () => {
  let clock: VirtualClock;
  let simulator: Simulator;
  let url: string;
  let followers: RemoteClock[];

  beforeEach(async () => {
    followers = [];
    await world({ manual: true, now: START });
  });
  afterEach(async () => {
    for (const each of followers) each.leave();
    await simulator.close();
  });

  async function world(options: ConstructorParameters<typeof VirtualClock>[0]): Promise<void> {
    await simulator?.close();
    clock = new VirtualClock(options);
    simulator = new Simulator({ clock, seed: 1 });
    url = await simulator.listen();
  }

  async function follow(): Promise<RemoteClock & { lost: Promise<void> }> {
    const follower = new RemoteClock();
    followers.push(follower);
    const { lost } = await follower.follow(url);
    return Object.assign(follower, { lost });
  }

  it('is where the simulator is, and stands still with it', async () => {
    await clock.advance(1234);
    const follower = await follow();
    assert.equal(follower.now(), START + 1234);
    await clock.advance(5000);
    assert.equal(follower.now(), START + 6234);
    assert.equal(clock.followerCount, 1);
  });

  it('runs what falls due in order with the tasks of the simulator and of others, each at its time', async () => {
    const [one, two] = [await follow(), await follow()];
    const ran: string[] = [];
    const note = (name: string) => (): void => {
      const times = [one, two, clock].map((each) => each.now() - START);
      ran.push(`${name} ${[...new Set(times)].join('/')}`);
    };
    one.schedule(START + 30, note('one'));
    two.schedule(START + 10, note('two'));
    clock.schedule(START + 20, note('simulator'));
    one.schedule(START + 5, note('one'));
    two.schedule(START + 40, note('two'));
    two.schedule(START + 99, note('never'));
    await clock.advance(40);
    assert.deepEqual(ran, ['one 5', 'two 10', 'simulator 20', 'one 30', 'two 40']);
  });

  it('a move waits for what a task does, and for what that sets up', async () => {
    const follower = await follow();
    const ran: number[] = [];
    follower.schedule(START + 10, async () => {
      for (let turn = 0; turn < 20; turn += 1) await nextTurn();
      ran.push(follower.now() - START);
      follower.schedule(START + 15, () => void ran.push(follower.now() - START));
    });
    clock.schedule(START + 20, () => void ran.push(20));
    await clock.advance(30);
    assert.deepEqual(ran, [10, 15, 20]);
  });

  it('a move stops for what was set up because of something that it brought', async () => {
    const follower = await follow();
    const ran: number[] = [];
    clock.schedule(START + 10, () => {
      follower.schedule(START + 12, () => void ran.push(follower.now() - START));
    });
    clock.schedule(START + 5000, () => void ran.push(5000));
    await clock.advance(DAY);
    assert.deepEqual(ran, [12, 5000]);
  });

  it('what is taken back does not run, and what was due already runs at once', async () => {
    const follower = await follow();
    const ran: string[] = [];
    const cancel = follower.schedule(START + 10, () => void ran.push('taken back'));
    cancel();
    follower.schedule(START - 10, () => void ran.push('due already'));
    await clock.settled();
    assert.deepEqual(ran, ['due already']);
    await clock.advance(20);
    assert.deepEqual(ran, ['due already']);
  });

  it('a task that fails is told, and stops nothing', async () => {
    const errors: unknown[] = [];
    const follower = new RemoteClock((error) => errors.push(error));
    followers.push(follower);
    await follower.follow(url);
    let ran = false;
    follower.schedule(START + 1, () => {
      throw new Error('bad task');
    });
    follower.schedule(START + 2, () => void (ran = true));
    await clock.advance(2);
    assert.ok(ran);
    assert.equal(errors.length, 1);
  });

  it('whoever leaves in the middle of a move does not hold it up', async () => {
    const [one, two] = [await follow(), await follow()];
    const ran: string[] = [];
    one.schedule(START + 10, () => {
      one.leave();
      return new Promise(() => undefined);
    });
    one.schedule(START + 15, () => void ran.push('gone'));
    two.schedule(START + 20, () => void ran.push('two'));
    await clock.advance(30);
    assert.deepEqual(ran, ['two']);
    assert.equal(clock.followerCount, 1);
    assert.equal(one.now(), START + 10);
  });

  it('whoever does not answer is let go', async () => {
    const silent = unanswered();
    const follower = new ClockFollower(clock, silent, Buffer.alloc(0), 5);
    await clock.advance(DAY);
    await follower.closed;
    assert.equal(clock.now(), START + DAY);
    assert.equal(clock.followerCount, 0);
  });

  it('time stands for whoever lost it, and what fell due meanwhile runs once it is back', async () => {
    const follower = await follow();
    const ran: number[] = [];
    follower.schedule(START + 1000, () => void ran.push(follower.now() - START));
    follower.leave();
    await follower.lost;
    await clock.advance(5000);
    assert.equal(follower.now(), START);
    assert.deepEqual(ran, []);
    await follower.follow(url);
    await clock.settled();
    assert.deepEqual(ran, [5000]);
  });

  it('goes on with the machine where the simulator does, and jumps with it', async () => {
    await world({ now: START });
    const follower = await follow();
    assert.ok(Math.abs(follower.now() - clock.now()) < 1000);
    const ran: number[] = [];
    follower.schedule(START + DAY, () => void ran.push(follower.now()));
    await clock.advance(DAY);
    assert.equal(ran.length, 1);
    assert.ok(ran[0]! >= START + DAY && ran[0]! < START + DAY + 10_000);
    assert.ok(follower.now() >= START + DAY);
    await new Promise<void>((resolve) => follower.schedule(follower.now() + 5, () => resolve()));
    follower.leave();
    await follower.lost;
    assert.ok(follower.now() >= START + DAY, 'time goes on without the simulator');
  });

  it('can be followed from this machine only, by nothing but the protocol, and where there is a simulator', async () => {
    const status = async (path: string, headers: object): Promise<unknown> => {
      const request = http.get(url + path, {
        agent: false,
        headers: { connection: 'Upgrade', upgrade: 'whatsapp-simulator-clock', ...headers },
      });
      const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
      answer.resume();
      return answer.statusCode;
    };
    const path = '/simulator/clock/follow';
    assert.equal(await status(path, { host: 'evil.example' }), 403);
    assert.equal(await status(path, { origin: 'http://evil.example' }), 403);
    assert.equal(await status(path, { upgrade: 'websocket' }), 400);
    assert.equal(await status('/simulator/clock', {}), 404);
    assert.equal(clock.followerCount, 0);
    await simulator.close();
    await assert.rejects(new RemoteClock().follow(url), { code: 'not-listening' });
  });

  it('is lost when the simulator closes', async () => {
    const follower = await follow();
    await simulator.close();
    await follower.lost;
    assert.equal(clock.followerCount, 0);
  });

  it('cuts a connection on which something else than the protocol is said', async () => {
    for (const said of ['no json\n', '[]\n', '{"what":1}\n', 'x'.repeat(20_000)]) {
      const stream = unanswered();
      const follower = new ClockFollower(clock, stream, Buffer.alloc(0));
      stream.push(said);
      await follower.closed;
    }
    assert.equal(clock.followerCount, 0);
  });
});

const DAY = 86_400_000;

/** A connection on which nobody answers. */
const unanswered = (): Duplex =>
  new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
