import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { EventType } from '../../src/actions';
import { listenTo } from '../account/listeners';
import { Badge } from '../common/badge';
import { eventMessage } from '../common/message';
import { migrate } from '../common/migrations';
import { showStanding } from '../common/show-standing';
import { problemWith } from '../common/usable-settings';
import { TYPE, type HandleWebhookConfig } from './config';
import { MIGRATIONS } from './migrations';

/** Where each event leaves, from 0. What is not about calling leaves by the last output. */
const OUTPUTS: Record<EventType, number> = {
  'permission-granted': 0,
  'permission-declined': 1,
  'permission-revoked': 2,
  'permission-expired': 2,
  'request-lapsed': 2,
  'request-failed': 2,
  'call-connecting': 3,
  'call-ringing': 3,
  'call-answered': 3,
  'call-ended': 4,
  'try-again': 5,
  'user-called': 6,
  'user-wrote': 6,
  'account-restricted': 6,
  'account-released': 6,
  unknown: 6,
};

export = (RED: NodeAPI): void => {
  function HandleWebhookNode(this: Node, stored: NodeDef & HandleWebhookConfig): void {
    RED.nodes.createNode(this, stored);
    const config = migrate(stored, MIGRATIONS);
    const badge = new Badge(this, 'listening');
    const { account } = config;
    const own = problemWith(config, MIGRATIONS);
    const problem = showStanding(RED, this, badge, { account, own });
    if (problem) this.error(problem);
    const stop = listenTo(account, (event) => {
      const before = Array.from({ length: OUTPUTS[event.type] }, () => null);
      this.send([...before, RED.util.cloneMessage(eventMessage(event))]);
    });
    this.on('close', stop);
  }
  RED.nodes.registerType(TYPE, HandleWebhookNode);
};
