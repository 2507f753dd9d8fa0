import type { NodeAPI } from 'node-red';
import { checkPermission, readMemo } from '../../src/actions';
import { contactOf, registerActionNode } from '../common/action-node';
import { limited } from '../common/limited';
import { permissionMessage } from '../common/message';
import { TYPE, type CheckPermissionConfig } from './config';
import { MIGRATIONS } from './migrations';

const OUTPUTS = { callable: 0, 'needs-request': 1, limited: 2, revoked: 3 } as const;

export = (RED: NodeAPI): void =>
  registerActionNode<CheckPermissionConfig>(RED, TYPE, MIGRATIONS, async (occasion) => {
    const { account, config, msg } = occasion;
    const contact = await contactOf(occasion);
    const memo = config.remind ? readMemo(msg.memo) : undefined;
    const stands = await checkPermission(account, contact, config.ask);
    const { verdict, names, checked } = stands;
    return {
      output: OUTPUTS[verdict.state],
      badge: verdict.state,
      add: {
        permission: permissionMessage(verdict, names, checked),
        ...(verdict.state === 'limited' && (await limited(occasion, stands, memo))),
      },
    };
  });
