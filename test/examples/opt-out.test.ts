import assert from 'node:assert/strict';
import http from 'node:http';
import { bodyOf, seconds } from '../nodes/support/bodies';
import { ExampleStage } from './support/example-stage';

const ANA = '573001110001';
const NUMBER = '100000000000007';

describe('the example "7 - Opt-out by STOP word"', () => {
  let stage: ExampleStage;

  beforeEach(async () => {
    stage = new ExampleStage();
    await stage.openExample('7 - Opt-out by STOP word');
  });
  afterEach(() => stage.close());

  const mayWeCall = (said: string): Promise<string> => stage.pressFor('may we call Ana?', said);
  const OPTED_OUT = 'revoked (opted-out)';

  const presses = async (button: string, answer: string): Promise<void> => {
    await stage.pressFor(button, 'write done');
    await stage.waitFor(answer);
  };
  const writes = (text: string, answer: string): Promise<string> => {
    stage.simulator.user(ANA).write(text, NUMBER);
    return stage.waitFor(answer);
  };

  it('keeps Ana’s STOP until she writes START, and answers her', async () => {
    await stage.pressFor('allow in profile', 'grant done');
    await stage.simulator.clock.advance(10_000);
    await mayWeCall('call now');
    await presses('Ana writes STOP', `Answered +${ANA}: We will not call you any more.`);
    await mayWeCall(OPTED_OUT);
    await stage.simulator.clock.advance(7 * 86_400_000);
    await mayWeCall(OPTED_OUT);

    await presses('Ana writes START', `Answered +${ANA}: Thank you. We may call you again`);
    await mayWeCall('call now');
    await presses('no me llamen más', 'We will not call you any more.');
    await mayWeCall(OPTED_OUT);
    await presses('Ana writes something else', 'wrote: At which bus stop are you?');
    await mayWeCall(OPTED_OUT);
  });

  it('brings the answer to her phone', async () => {
    await presses('Ana writes STOP', 'Answered');
    await stage.simulator.clock.advance(10_000);
    const delivered = stage.simulator.log.webhooks.filter(({ body }) =>
      JSON.stringify(body).includes('"delivered"'),
    );
    assert.equal(delivered.length, 1);
  });

  it('knows the words in several languages, however they are written', async () => {
    const words = ['stop', 'Parar.', ' BAJA ', 'unsubscribe', 'no llamar', 'Quiero que no me llamen'];
    for (const word of [...words, 'Please stop calling me!', 'Don’t call me', 'por favor não ligue']) {
      await writes(word, 'We will not call you any more.');
      await mayWeCall(OPTED_OUT);
      await stage.simulator.clock.advance(1000);
      await writes('alta', 'We may call you again');
      await mayWeCall('ask for permission first');
      await stage.simulator.clock.advance(1000);
    }
    for (const word of ['si', 'yes', 'the tariff baja más', 'I start on Monday']) {
      await writes(word, `wrote: ${word}`);
    }
  });

  it('understands a button, and answers one who goes by a user name', async () => {
    const { userId } = stage.simulator.user(ANA);
    const answered = stage.sidebar.next(`Answered ${userId}: We will not call you any more.`);
    const message = {
      from_user_id: userId,
      id: 'wamid.1',
      timestamp: seconds(0),
      type: 'button',
      button: { text: 'Stop' },
    };
    const metadata = { phone_number_id: NUMBER };
    const value = { metadata, contacts: [{ user_id: userId }], messages: [message] };
    await stage.tell(bodyOf({ field: 'messages', value }), NUMBER);
    await answered;
  });

  it('sends the answer to WhatsApp where Node-RED’s environment holds a token', async () => {
    const received: { url?: string; authorization?: string; body: string }[] = [];
    const relay = http.createServer((request, response) => {
      request.setEncoding('utf8');
      let body = '';
      request.on('data', (text: string) => (body += text));
      request.on('end', () => {
        const { url = '', headers } = request;
        received.push({ url, authorization: headers.authorization ?? '', body });
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    const { port } = relay.address() as { port: number };
    process.env['WHATSAPP_TOKEN'] = 'of a test';
    process.env['WHATSAPP_PHONE_NUMBER_ID'] = '15550009999';
    process.env['WHATSAPP_GRAPH_URL'] = `http://127.0.0.1:${port}/v25.0`;
    try {
      await presses('Ana writes STOP', 'Answered');
    } finally {
      for (const name of ['TOKEN', 'PHONE_NUMBER_ID', 'GRAPH_URL']) delete process.env[`WHATSAPP_${name}`];
      await new Promise((resolve) => relay.close(resolve));
    }
    assert.equal(received[0]?.url, '/v25.0/15550009999/messages');
    assert.equal(received[0]?.authorization, 'Bearer of a test');
    assert.equal(JSON.parse(received[0]?.body ?? '').to, ANA);
    assert.doesNotMatch(stage.sidebar.lines.join('\n'), /of a test/);
  });
});
