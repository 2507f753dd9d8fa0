import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { ANA, TOKEN, World } from './world';

const proofWith = (secret: string): string =>
  createHmac('sha256', secret).update(TOKEN).digest('hex');

describe('a proof of the app secret on the virtual WhatsApp', () => {
  let world: World;
  beforeEach(async () => {
    world = await new World().listen();
  });
  afterEach(() => world.simulator.close());

  const lookUp = (proof: string) =>
    world.graph('GET', `call_permissions?user_wa_id=${ANA}&appsecret_proof=${proof}`);

  it('is not needed', async () => {
    assert.equal((await world.lookUp()).status, 200);
  });

  it('is accepted where the secret is that of the app', async () => {
    assert.equal((await lookUp(proofWith('secret-of-the-app'))).status, 200);
  });

  it("is refused in Graph's words where it is wrong, and nothing is done", async () => {
    for (const proof of ['', 'x', proofWith('another-secret')]) {
      const { status, body } = await lookUp(proof);
      assert.equal(status, 400);
      assert.deepEqual(
        [body.error.code, body.error.type, body.error.message],
        [100, 'GraphMethodException', 'Invalid appsecret_proof provided in the API argument'],
      );
    }
    const refused = await world.graph('POST', 'messages?appsecret_proof=x', {
      messaging_product: 'whatsapp',
      to: ANA,
      type: 'text',
      text: { body: 'Hello' },
    });
    assert.equal(refused.status, 400);
    await world.pass(60);
    assert.deepEqual(world.webhooks, []);
  });
});
