import type { NodeAPI } from 'node-red';
import { placeCall, readMemo } from '../../src/actions';
import { contactOf, registerActionNode } from '../common/action-node';
import { SettingsError } from '../common/coded-error';
import { limited } from '../common/limited';
import { callMessage, permissionMessage, placedCall } from '../common/message';
import { TYPE, type PlaceCallConfig } from './config';
import { MIGRATIONS } from './migrations';
import { offerOf } from './offer';

const HELD_BACK = { callable: 2, 'needs-request': 1, limited: 2, revoked: 3 } as const;

export = (RED: NodeAPI): void =>
  registerActionNode<PlaceCallConfig>(RED, TYPE, MIGRATIONS, async (occasion) => {
    const { account, config, msg } = occasion;
    if (config.media !== 'message') {
      throw new SettingsError('media-not-available', `There is no media "${config.media}" yet.`);
    }
    const contact = await contactOf(occasion);
    const memo = readMemo(msg.memo);
    const offer = { sdp: offerOf(msg, account.isSimulated), memo };
    const attempt = await placeCall(account, contact, offer);
    const { sent, verdict, names, checked } = attempt;
    const permission = permissionMessage(verdict, names, checked);
    if (sent) {
      return {
        output: 0,
        badge: 'placed',
        add: { permission, call: callMessage(placedCall(sent.id)) },
      };
    }
    const isLimited = HELD_BACK[verdict.state] === HELD_BACK.limited;
    return {
      output: HELD_BACK[verdict.state],
      badge: verdict.state,
      add: { permission, ...(isLimited && (await limited(occasion, attempt, memo))) },
    };
  });
