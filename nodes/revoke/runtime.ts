import type { NodeAPI } from 'node-red';
import { revoke } from '../../src/actions';
import { contactOf, registerActionNode } from '../common/action-node';
import { SettingsError } from '../common/coded-error';
import { permissionMessage } from '../common/message';
import { TYPE, type RevokeConfig } from './config';
import { MIGRATIONS } from './migrations';

const ACTIONS: readonly string[] = [
  'opt-out',
  'restore',
  'forget',
] satisfies RevokeConfig['action'][];

export = (RED: NodeAPI): void =>
  registerActionNode<RevokeConfig>(RED, TYPE, MIGRATIONS, async (occasion) => {
    const { account, config } = occasion;
    const { verdict, names, checked } = await revoke(
      account,
      await contactOf(occasion),
      actionOf(config),
    );
    return {
      output: 0,
      badge: 'done',
      add: { permission: permissionMessage(verdict, names, checked) },
    };
  });

/** A flow file may name anything, and what was meant must not be guessed. */
function actionOf({ action }: RevokeConfig): RevokeConfig['action'] {
  if (ACTIONS.includes(action)) return action;
  throw new SettingsError('setting-invalid', `The revoke node knows no action "${action}".`);
}
