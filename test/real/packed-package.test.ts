import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { EXAMPLES } from '../examples/support/files';
import { RealNodeRed } from './support/real-node-red';
import { RUNTIMES, scripts, type Runtime } from './support/scripts';
import { removeUserDirs } from './support/user-dir';

const ANA = '573001110001';
const NUMBER = '100000000000001';

const STORES = {
  memory: { module: 'memory' },
  localfilesystem: { module: 'localfilesystem' },
  'localfilesystem without cache': { module: 'localfilesystem', config: { cache: false } },
  'a file on disk': { module: 'memory' },
} as const;

/** What is known of an opt-out after Node-RED was stopped in order, and after it crashed at once. */
const SURVIVES: Record<keyof typeof STORES, { stop: boolean; crash: boolean }> = {
  memory: { stop: false, crash: false },
  localfilesystem: { stop: true, crash: false },
  'localfilesystem without cache': { stop: true, crash: true },
  'a file on disk': { stop: true, crash: true },
};

RUNTIMES.forEach((name, index) => {
  describe(`the packed package, installed in a real ${name}`, function () {
    this.timeout(120_000);
    let runtime: Runtime;
    let nodeRed: RealNodeRed | undefined;

    before(async function () {
      runtime = (await scripts).allRuntimes()[index] as Runtime;
      if (runtime.missing === null) return;
      process.stdout.write(`    ${runtime.name} is skipped: ${runtime.missing}\n`);
      this.skip();
    });
    afterEach(() => nodeRed?.stop());
    after(removeUserDirs);

    const start = async (settings: object = {}): Promise<RealNodeRed> => {
      nodeRed = await RealNodeRed.start(runtime, settings);
      return nodeRed;
    };

    it('brings its seven nodes, all loaded without an error', async () => {
      const nodes = await (await start()).ourNodes();
      assert.equal(nodes.length, 7);
      assert.deepEqual(
        nodes.filter(({ enabled, err }) => !enabled || err !== undefined),
        [],
      );
    });

    it('takes webhooks over HTTP: signed ones only, each once', async () => {
      const real = await start();
      await real.deploy(cloudApiFlow());
      const address = `${real.url}/whatsapp/webhook`;
      const post = async (headers: Record<string, string>): Promise<number> =>
        (await fetch(address, { method: 'POST', body: GRANT, headers })).status;
      const json = { 'content-type': 'application/json' };

      assert.equal(await post(json), 401);
      assert.equal(await post({ ...json, 'x-hub-signature-256': sign('another secret') }), 401);
      assert.ok(!real.output().includes('permission-granted'));
      assert.equal(await post({ ...json, 'x-hub-signature-256': sign(APP_SECRET) }), 200);
      await real.says(`permission-granted +${ANA}`);
      assert.equal(await post({ ...json, 'x-hub-signature-256': sign(APP_SECRET) }), 200);

      const challenge = new URLSearchParams({
        'hub.mode': 'subscribe',
        'hub.verify_token': 'verify me',
        'hub.challenge': '1158201444',
      });
      assert.equal(await (await fetch(`${address}?${challenge}`)).text(), '1158201444');
      assert.equal(real.output().split('permission-granted').length, 2);
    });

    it('takes all examples at once, each with a business number of its own', async () => {
      const real = await start();
      await real.deployExamples(EXAMPLES);
      await real.pressFor('may we call Ana?', UNKNOWN);
      await real.pressFor('call David', 'Asked');
      await real.pressFor('Ana books', 'about Dr. Ruiz');
      assert.doesNotMatch(real.output(), /\[error\]/);
    });

    it('gives no secret away: not with flows, credentials or a log of everything', async () => {
      const real = await start({
        logging: { console: { level: 'trace', metrics: true, audit: true } },
      });
      await real.deploy(cloudApiFlow());
      const answers = ['/flows', '/credentials/whatsapp-calling-account/account', '/nodes'].map(
        async (path) => {
          const answer = await fetch(real.url + path, { headers: { accept: 'application/json' } });
          assert.equal(answer.status, 200, path);
          return answer.text();
        },
      );
      const [flows = '', credentials = '', nodes = ''] = await Promise.all(answers);
      assert.match(flows, /"whatsapp-calling-account"/);
      assert.match(credentials, /"has_appSecret":true/);
      const shown = [flows, credentials, nodes, real.output()];
      for (const secret of ['a token', APP_SECRET, 'verify me']) {
        for (const text of shown) assert.equal(text.includes(secret), false, secret);
      }
    });

    for (const [store, settings] of Object.entries(STORES)) {
      const survives = SURVIVES[store as keyof typeof STORES];
      const account = store === 'a file on disk' ? { records: 'disk' } : {};

      it(`runs the recommended flow with its records in ${store}`, async () => {
        const real = await start({ contextStorage: { default: settings } });
        await real.deployExample('1 - Recommended flow', account);
        const ana = (command: string): Promise<Response> =>
          real.simulator(`/users/${ANA}/${command}`, {});
        const seconds = (by: number): Promise<Response> => real.simulator('/clock', { by });

        await real.pressFor('Ana waits for you', `Asked +${ANA}`);
        await ana('accept');
        await seconds(5);
        await real.says(`Calling +${ANA} about order 1001`);
        await seconds(10);
        await real.says('call-ringing');
        await ana('answer');
        await seconds(60);
        await real.says('call-answered');
        await ana('hang-up');
        await seconds(10);
        assert.match(await real.says('call ended'), /answered, \d+ s/);
        await ana('revoke');
        await seconds(10);
        await real.says('permission-revoked');
        await real.pressFor('Ana waits for you', 'revoked (revoked-by-user), asking again');
      });

      it(`${survives.stop ? 'keeps' : 'loses'} an opt-out in ${store} when Node-RED is stopped`, async () => {
        const real = await start({ contextStorage: { default: settings } });
        await optOut(real, account);
        await real.restart('SIGTERM');
        await real.pressFor('may we call Ana?', survives.stop ? OPTED_OUT : UNKNOWN);
      });

      it(`${survives.crash ? 'keeps' : 'loses'} an opt-out in ${store} when Node-RED crashes at once`, async () => {
        const real = await start({ contextStorage: { default: settings } });
        await optOut(real, account);
        await real.restart('SIGKILL');
        await real.pressFor('may we call Ana?', survives.crash ? OPTED_OUT : UNKNOWN);
      });
    }
  });
});

const OPTED_OUT = 'revoked (opted-out)';
const UNKNOWN = 'ask for permission first (never-requested)';

async function optOut(real: RealNodeRed, account: object): Promise<void> {
  const { until } = await scripts;
  await real.deployExample('2 - Four branches', account);
  await real.pressFor('may we call Ana?', UNKNOWN);
  await real.press('never call me');
  await until('the opt-out is known', async () =>
    (await real.pressFor('may we call Ana?', `+${ANA}:`)).includes(OPTED_OUT),
  );
}

const APP_SECRET = 'the-secret-of-the-app';

const GRANT = JSON.stringify({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: '200000000000001',
      changes: [
        {
          field: 'messages',
          value: {
            messaging_product: 'whatsapp',
            metadata: { display_phone_number: '15550000001', phone_number_id: NUMBER },
            contacts: [{ profile: { name: 'Ana' }, wa_id: ANA }],
            messages: [
              {
                from: ANA,
                id: 'wamid.grant',
                timestamp: '1780000000',
                type: 'interactive',
                interactive: {
                  type: 'call_permission_reply',
                  call_permission_reply: { response: 'accept', is_permanent: true },
                },
              },
            ],
          },
        },
      ],
    },
  ],
});

const sign = (secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(GRANT).digest('hex')}`;

/** A number at the Cloud API whose events are printed to the log. */
const cloudApiFlow = () => [
  { id: 'tab', type: 'tab', label: 'webhooks' },
  {
    id: 'account',
    type: 'whatsapp-calling-account',
    connection: 'cloud-api',
    phoneNumberId: NUMBER,
    displayNumber: '15550000001',
    graphUrl: 'http://127.0.0.1:9',
    policy: 'cautious',
    records: 'flow',
    credentials: { accessToken: 'a token', appSecret: APP_SECRET, verifyToken: 'verify me' },
  },
  {
    id: 'webhook',
    type: 'whatsapp-handle-webhook',
    z: 'tab',
    account: 'account',
    wires: Array.from({ length: 7 }, () => ['told']),
  },
  {
    id: 'told',
    type: 'debug',
    z: 'tab',
    active: true,
    console: true,
    complete: 'event.type & " " & payload',
    targetType: 'jsonata',
    wires: [],
  },
];
