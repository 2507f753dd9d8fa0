import { equal } from 'node:assert/strict';
import { trustedSince } from '../../nodes/account/trusted-since';
import { everyNode, NUMBER, Stage, START, USER } from './support/stage';

describe('what a context store holds is complete', () => {
  it('since this process opened it for the first time, number by number', () => {
    equal(trustedSince('somebody', 5), 5);
    equal(trustedSince('somebody', 9), 5);
    equal(trustedSince('somebody else', 9), 9);
  });

  it('so a deploy asks WhatsApp nothing anew', async () => {
    const stage = new Stage();
    try {
      await stage.open();
      await stage.send('check', { payload: `+${USER}` });
      await stage.pass(1000);
      await stage.deploy(everyNode({ check: { name: 'changed' } }), 'full');
      const { msg } = await stage.send('check', { payload: `+${USER}` });
      equal(msg['permission'].checked, 'records');
      equal(trustedSince(`true ${NUMBER}`, START + 1_000_000) <= START, true);
    } finally {
      await stage.close();
    }
  });
});
