import assert from 'node:assert/strict';
import express, { type Request, type Response, type NextFunction } from 'express';
import { Cloud, OFFER, VERIFY, type CloudOptions } from './support/cloud';
import { replied } from './support/bodies';
import { ShakyStore } from './support/shaky-store';
import { NUMBER, USER } from './support/stage';

const ANA = { payload: `+${USER}`, session: OFFER };
const PATH = '/whatsapp/webhook';

describe('an account on the Cloud API', () => {
  let cloud: Cloud;

  beforeEach(() => {
    cloud = new Cloud();
  });
  afterEach(() => cloud.close());

  const granted = () => replied('accept');
  const told = () => cloud.stage.told();

  describe('its webhooks', () => {
    it('arrive: from request to the end of the call, all over HTTP', async () => {
      await cloud.open();
      const { stage } = cloud;
      const user = stage.simulator.user(USER);
      assert.equal((await stage.send('request', { ...ANA })).output, 1);
      user.accept();
      await stage.pass(10_000);
      const placed = await stage.send('place', { ...ANA });
      assert.equal(placed.output, 1);
      await stage.pass(10_000);
      user.answer();
      await stage.pass(10_000);
      user.hangUp();
      await stage.pass(10_000);
      assert.deepEqual(
        told().filter((each) => !each.startsWith('7')),
        [
          '1:permission-granted',
          '4:call-connecting',
          '4:call-ringing',
          '4:call-answered',
          '5:call-ended',
        ],
      );
    });

    it('are checked on the raw bytes: another secret, another byte, no signature, a short one', async () => {
      await cloud.open();
      const body = JSON.stringify(granted());
      assert.equal(await cloud.post(body, { secret: 'another' }), 401);
      for (const signature of ['', 'sha256=', 'sha256=00', 'sha1=00', `sha256=${'0'.repeat(64)}`]) {
        assert.equal(
          await cloud.post(body, { headers: { 'x-hub-signature-256': signature } }),
          401,
        );
      }
      assert.deepEqual(told(), []);
      assert.equal(await cloud.post(body), 200);
      assert.deepEqual(told(), ['1:permission-granted']);
    });

    it('that are signed and no JSON are answered, logged and forgotten', async () => {
      await cloud.open();
      assert.equal(await cloud.post('{'), 200);
      assert.deepEqual(told(), []);
      assert.ok(cloud.stage.logged('account').some((line) => /not JSON/.test(line)));
    });

    it('are all refused without an app secret, and the log says so from the start', async () => {
      await cloud.open({ credentials: { appSecret: '' } });
      assert.ok(cloud.stage.logged('account').some((line) => /no app secret/.test(line)));
      assert.equal(await cloud.post(granted(), { secret: '' }).catch(() => 401), 401);
    });

    it('let WhatsApp check the address by the verify token', async () => {
      await cloud.open();
      const ask = async (token: string) => {
        const query = `hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`;
        const answer = await fetch(`${cloud.url}${PATH}?${query}`);
        return `${answer.status} ${await answer.text()}`;
      };
      assert.equal(await ask(VERIFY), '200 1158201444');
      assert.match(await ask('wrong'), /^403 /);
      assert.match(await ask(''), /^403 /);
      assert.equal(await cloud.number.verifyWebhook(), true);
    });

    it('of other methods are refused, and other paths are left to others', async () => {
      await cloud.open({
        mount: (httpNode) =>
          httpNode.get('/other', (_request, response) => void response.send('mine')),
      });
      assert.equal((await fetch(cloud.url + PATH, { method: 'PUT' })).status, 405);
      assert.equal(await (await fetch(`${cloud.url}/other`)).text(), 'mine');
      assert.equal((await fetch(`${cloud.url}${PATH}x`)).status, 404);
    });
  });

  describe('its address', () => {
    const rooted =
      (root: string): CloudOptions['mount'] =>
      (httpNode) => {
        const app = express();
        app.use(express.json());
        app.use(root, httpNode);
        return app;
      };

    it("stands in front of the editor's body parser", async () => {
      await cloud.open({ mount: rooted('/') });
      assert.equal(await cloud.post(granted()), 200);
      assert.deepEqual(told(), ['1:permission-granted']);
    });

    it('lies below httpNodeRoot, and nowhere else', async () => {
      await cloud.open({ mount: rooted('/red'), path: `/red${PATH}` });
      assert.equal(await cloud.post(granted(), { path: `/red${PATH}` }), 200);
      assert.equal(await cloud.post(granted()), 404);
      assert.deepEqual(told(), ['1:permission-granted']);
    });

    it('is the one of the settings, with or without slashes around it', async () => {
      await cloud.open({ account: { webhookPath: 'hooks/wa/' } });
      assert.equal(await cloud.post(granted(), { path: '/hooks/wa' }), 200);
      assert.equal(await cloud.post(granted(), { path: '/hooks/wa/' }), 200);
      assert.equal(await cloud.post(granted()), 404);
    });

    it('stands behind httpNodeMiddleware, which finds the requests that Express makes', async () => {
      const httpNodeMiddleware = (
        request: Request,
        response: Response,
        next: NextFunction,
      ): void => {
        if (request.get('x-gate') === 'open' && request.query['gate'] === 'open') next();
        else response.sendStatus(418);
      };
      await cloud.open({ mount: rooted('/'), settings: { httpNodeMiddleware } });
      assert.equal(await cloud.post(granted()), 418);
      const path = `${PATH}?gate=open`;
      assert.equal(await cloud.post(granted(), { path, headers: { 'x-gate': 'open' } }), 200);
      assert.deepEqual(told(), ['1:permission-granted']);
    });

    it('stands behind several of them in their order; an error of one ends there', async () => {
      const seen: string[] = [];
      const named = (name: string) => (request: Request, _: Response, next: NextFunction) => {
        seen.push(name);
        next(request.get('x-fail') === name ? new Error('no') : undefined);
      };
      await cloud.open({
        mount: (httpNode) => httpNode.set('env', 'test'), // Express would print the error
        settings: { httpNodeMiddleware: [named('a'), named('b')] },
      });
      assert.equal(await cloud.post(granted()), 200);
      assert.equal(await cloud.post(granted(), { headers: { 'x-fail': 'a' } }), 500);
      assert.deepEqual(seen, ['a', 'b', 'a']);
    });

    it('is missing where Node-RED serves no HTTP nodes: a warning, and calls go on', async () => {
      await cloud.open({ settings: { httpNodeRoot: false } });
      assert.ok(cloud.stage.logged('account').some((line) => /httpNodeRoot is false/.test(line)));
      assert.equal(await cloud.post(granted()), 404);
      assert.equal((await cloud.stage.send('check', { ...ANA })).output, 2);
    });

    it('goes with the account', async () => {
      await cloud.open({ mount: rooted('/') });
      const layers = () => (cloud.app as any)._router.stack.length as number;
      const before = layers();
      await cloud.stage.deploy([{ id: 'tab', type: 'tab' }], 'full');
      assert.equal(layers(), before - 1);
      assert.equal(await cloud.post(granted()), 404);
    });
  });

  it('asks for a webhook again (503) while the store fails, and tells it once the store works', async () => {
    const store = new ShakyStore();
    await cloud.open(store.options);
    store.isBroken = true;
    assert.equal(await cloud.post(granted()), 503);
    assert.equal(await cloud.stage.failureOf('check', { ...ANA }), 'records-unavailable');
    assert.deepEqual(told(), []);
    store.isBroken = false;
    assert.equal(await cloud.post(granted()), 200);
    assert.deepEqual(told(), ['1:permission-granted']);
    assert.equal(await cloud.post(granted()), 200);
    assert.deepEqual(told(), []);
  });

  it('place call without an SDP offer is an error before WhatsApp hears of it', async () => {
    await cloud.open();
    const { stage } = cloud;
    for (const session of [
      undefined,
      null,
      7,
      {},
      { sdp_type: 'answer', sdp: 'v=0' },
      { sdp_type: 'offer', sdp: 'x' },
    ]) {
      assert.equal(await stage.failureOf('place', { ...ANA, session }), 'offer-missing');
    }
    assert.deepEqual(stage.asked, []);
  });

  it('reaches any compatible provider, by its Graph URL and version', async () => {
    await cloud.open({ account: { graphVersion: 'v99.0' } });
    await cloud.stage.send('check', { ...ANA });
    const [look] = cloud.stage.simulator.log.apiCalls;
    assert.ok(look!.path.startsWith(`/v99.0/${NUMBER}/call_permissions`));
  });
});
