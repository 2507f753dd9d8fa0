import type { NodeAPI } from 'node-red';
import { endCall } from '../../src/actions';
import { registerActionNode } from '../common/action-node';
import { TYPE, type EndCallConfig } from './config';
import { MIGRATIONS } from './migrations';

export = (RED: NodeAPI): void =>
  registerActionNode<EndCallConfig>(RED, TYPE, MIGRATIONS, async ({ account, msg }) => {
    const call = (msg.call ?? {}) as { id?: unknown };
    await endCall(account, call.id);
    return { output: 0, badge: 'ended', add: { call: { ...call, state: 'ended' } } };
  });
