import type { NodeAPI } from 'node-red';
import { readMemo, requestPermission, type RequestAttempt } from '../../src/actions';
import { contactOf, registerActionNode, type Answer, type Occasion } from '../common/action-node';
import { limited } from '../common/limited';
import { permissionMessage, requestMessage } from '../common/message';
import { typedValue } from '../common/typed-value';
import { checkAtDeploy } from './check-at-deploy';
import { TYPE, type RequestPermissionConfig } from './config';
import { readBody, readParameters } from './content';
import { MIGRATIONS } from './migrations';

export = (RED: NodeAPI): void =>
  registerActionNode<RequestPermissionConfig>(RED, TYPE, MIGRATIONS, ask, checkAtDeploy);

async function ask(occasion: Occasion<RequestPermissionConfig>): Promise<Answer> {
  const { account, config, msg } = occasion;
  const memo = readMemo(msg.memo);
  const attempt = await requestPermission(account, await contactOf(occasion), {
    kind: config.kind,
    body: await bodyOf(occasion),
    template: {
      name: config.template,
      language: config.language,
      parameters: await parametersOf(occasion),
    },
    memo,
  });
  const { verdict, names, checked, request } = attempt;
  const way = wayOut(attempt);
  return {
    ...way,
    add: {
      permission: permissionMessage(verdict, names, checked),
      ...(request && { request: requestMessage(request) }),
      ...(way.badge === 'limited' && (await limited(occasion, attempt, memo))),
    },
  };
}

function wayOut({ sent, verdict }: RequestAttempt) {
  if (sent) return { output: 0, badge: 'requested' } as const;
  if (verdict.state === 'callable') return { output: 1, badge: 'callable-already' } as const;
  if (verdict.reason === 'opted-out') return { output: 3, badge: 'revoked' } as const;
  return { output: 2, badge: 'limited' } as const;
}

async function bodyOf(occasion: Occasion<RequestPermissionConfig>): Promise<string> {
  const { body, bodyType } = occasion.config;
  return body ? readBody(await typedValue(occasion, body, bodyType)) : '';
}

async function parametersOf(occasion: Occasion<RequestPermissionConfig>) {
  const { parameters, parametersType } = occasion.config;
  return parameters ? readParameters(await typedValue(occasion, parameters, parametersType)) : [];
}
