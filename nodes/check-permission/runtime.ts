import type { NodeAPI } from 'node-red';
import { checkPermission } from '../../src/actions';
import { contactOf, registerActionNode } from '../common/action-node';
import { delayOf, permissionMessage } from '../common/message';
import { TYPE, type CheckPermissionConfig } from './config';

const OUTPUTS = { callable: 0, 'needs-request': 1, limited: 2, revoked: 3 } as const;

export = (RED: NodeAPI): void =>
  registerActionNode<CheckPermissionConfig>(RED, TYPE, async (occasion) => {
    const { account, config } = occasion;
    const contact = await contactOf(occasion);
    const { verdict, names, checked } = await checkPermission(account, contact, config.ask);
    return {
      output: OUTPUTS[verdict.state],
      badge: verdict.state,
      add: {
        permission: permissionMessage(verdict, names, checked),
        ...(verdict.state === 'limited' && { delay: delayOf(verdict, account.clock.now()) }),
      },
    };
  });
