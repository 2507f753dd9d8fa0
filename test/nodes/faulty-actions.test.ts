import assert from 'node:assert/strict';
import { registerActionNode } from '../../nodes/common/action-node';
import { ShakyStore } from './support/shaky-store';
import { everyNode, Stage, USER, wired } from './support/stage';

const ANA = { payload: `+${USER}` };
const ACTIONS = ['check', 'request', 'place', 'to-opt-out', 'to-restore'];

describe('an action that goes wrong', () => {
  let stage: Stage;

  beforeEach(() => {
    stage = new Stage();
  });
  afterEach(() => stage.close());

  const frozen = Object.freeze(new Error('frozen'));
  const withCode = Object.assign(new Error('x'), { code: 'my-code' });

  for (const [what, thrown, code, message] of [
    ['an error without a code', new Error('boom'), 'unexpected', /boom/],
    ['an error with a code of its own', withCode, 'my-code', /x/],
    ['an error that cannot be changed', frozen, 'unexpected', /frozen/],
    ['an abort', new DOMException('gone', 'AbortError'), 'unexpected', /gone/],
    [
      'an error whose code is a number',
      Object.assign(new Error('n'), { code: 7 }),
      'unexpected',
      /n/,
    ],
    ['a text', 'no reason', 'unexpected', /no reason/],
    ['nothing', undefined, 'unexpected', /undefined/],
    ['an object without a text', Object.create(null), 'unexpected', /null prototype/],
  ] as const) {
    for (const [when, act] of [
      ['at once', () => raise(thrown)],
      ['later', () => Promise.reject(thrown)],
    ] as const) {
      it(`with ${what}, ${when}, is one Catch message: ${code}`, async () => {
        await openWith(act);
        const { output, msg } = await stage.send('bad', { ...ANA });
        await stage.quiet();
        assert.equal(output, 0);
        assert.equal(msg['error'].code, code);
        assert.match(msg['error'].message, message);
        assert.equal(stage.received().length, 1);
        assert.equal(stage.badges('bad').at(-1), 'status.failed');
      });
    }
  }

  it('because the message cannot take what it came to, is one Catch message', async () => {
    await openWith(async () => ({ output: 0, badge: 'done', add: { permission: 1 } }) as never);
    const message = Object.defineProperty({ ...ANA, _msgid: '1' }, 'permission', { value: 0 });
    stage.node('bad').receive(message);
    const { error } = await stage.next('caught');
    assert.equal(error.code, 'unexpected');
  });

  it('because the records fail, is one Catch message: records-unavailable', async () => {
    const store = new ShakyStore();
    await stage.open(everyNode(), store.options);
    store.isBroken = true;
    for (const id of ACTIONS) {
      assert.equal(await stage.failureOf(id, { ...ANA }), 'records-unavailable');
    }
    assert.equal(
      stage.asked.some((each) => each.startsWith('POST')),
      false,
    );
  });

  async function openWith(act: () => Promise<never>): Promise<void> {
    const nodes = [(RED: never) => registerActionNode(RED, 'test-bad', [], act)];
    await stage.open([...everyNode(), ...wired('bad', 'test-bad', 1)], { nodes: nodes as never });
  }
});

function raise(thrown: unknown): never {
  throw thrown;
}
