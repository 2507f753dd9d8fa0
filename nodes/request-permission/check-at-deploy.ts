import { checkTemplate, type TemplateProblem, type WantedTemplate } from '../../src/actions';
import { onceDeployed } from '../account/after-each-deploy';
import { openAccount } from '../account/open-accounts';
import type { Deployed } from '../common/action-node';
import { asCodedError } from '../common/coded-error';
import type { RequestPermissionConfig } from './config';
import { readParameters } from './content';

/**
 * Asks WhatsApp, once the flows run, whether the template of a node can be sent, and warns where it cannot. Where
 * WhatsApp does not say, nothing is made of it: sending decides by itself. All nodes of a deploy ask at the same
 * time, and those that have the same template share one answer.
 */
export function checkAtDeploy(deployed: Deployed<RequestPermissionConfig>): void {
  const { node, config } = deployed;
  if (config.kind === 'free-form' || !config.template) return;
  let isClosed = false;
  node.on('close', () => void (isClosed = true));
  onceDeployed(() => {
    check(deployed, () => isClosed).catch((thrown: unknown) =>
      node.debug(`The template could not be checked: ${asCodedError(thrown).message}`),
    );
  });
}

async function check(
  { node, config, badge }: Deployed<RequestPermissionConfig>,
  isClosed: () => boolean,
): Promise<void> {
  const account = await openAccount(config.account);
  const wanted = wantedTemplate(config);
  const problem = await checkTemplate(account, wanted);
  // The simulator takes templates of any other name.
  const isTaken = problem?.is === 'unknown' && account.isSimulated;
  if (problem === null || isTaken || isClosed()) return;
  node.warn(describe(wanted, problem));
  badge.showFinding('template');
}

function wantedTemplate(config: RequestPermissionConfig): WantedTemplate {
  const { template: name, language, parametersType, parameters } = config;
  // Only JSON is the same for every message.
  const isConstant = parametersType === 'json' && parameters !== undefined;
  return {
    name,
    language,
    parameters: isConstant
      ? readParameters(parameters && (JSON.parse(parameters) as unknown))
      : null,
  };
}

function describe({ name, language }: WantedTemplate, problem: TemplateProblem): string {
  switch (problem.is) {
    case 'unknown':
      return `WhatsApp has no template "${name}" for this business account.`;
    case 'other-language':
      return `WhatsApp has the template "${name}" in ${problem.languages.join(', ')}, and not in ${language}.`;
    case 'not-approved':
      return `WhatsApp has not approved the template "${name}" in ${language}: it is ${problem.status}.`;
    case 'no-request':
      return `The template "${name}" in ${language} has no call permission request in it.`;
    case 'wrong-values':
      return `The template "${name}" in ${language} needs values for ${listed(problem.placeholders)}, and the node has them for ${listed(problem.given)}.`;
  }
}

const listed = (names: string[]): string =>
  names.length === 0 ? 'nothing' : names.map((name) => `{{${name}}}`).join(', ');
