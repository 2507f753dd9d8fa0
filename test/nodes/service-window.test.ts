import assert from 'node:assert/strict';
import { graphError, FakeWhatsApp } from '../cloud-api/fake-whatsapp';
import { standing } from '../actions/support/office';
import { ANA, AnasStage, DAY, MINUTE } from './support/ana';
import { Cloud } from './support/cloud';
import { everyNode, USER } from './support/stage';

describe('a free-form request after the service window had shut', () => {
  it('that WhatsApp took and could not deliver comes from handle webhook as request-failed', async () => {
    const stage = new AnasStage();
    await stage.open(everyNode({ request: { kind: 'free-form' } }));
    await stage.send('check', { ...ANA });
    stage.user.write('hello');
    await stage.pass(DAY + MINUTE);
    const { output, msg } = await stage.send('request', { ...ANA, memo: 'K-77' });
    assert.equal(output, 1);
    const failed = stage.nextEvent('webhook-3', 'request-failed');
    await stage.pass(MINUTE);
    const { event, payload, request, memo } = await failed;
    assert.equal(payload, `+${USER}`);
    assert.equal(event.raw.errors[0].code, 131047);
    assert.equal(request.id, msg['request'].id);
    assert.equal(memo, 'K-77');
    await stage.close();
  });

  it('that WhatsApp refuses at once is a fault by that name', async () => {
    const whatsapp = new FakeWhatsApp();
    await whatsapp.start();
    const cloud = new Cloud();
    const nodeSettings = { request: { kind: 'free-form' } };
    await cloud.open({ account: { graphUrl: whatsapp.url }, nodeSettings });
    whatsapp.behave(standing('no_permission'), { status: 400, body: graphError(131047) });
    assert.equal(await cloud.stage.failureOf('request', { ...ANA }), 'outside-service-window');
    await cloud.close();
    await whatsapp.stop();
  });
});
