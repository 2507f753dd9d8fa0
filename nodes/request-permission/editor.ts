import { prepareContactField } from '../common/editor/contact-field';
import { labelStyle, nodeLabel, paletteLabel, portLabels } from '../common/editor/labels';
import { migrateOnLoad } from '../common/editor/migrate-on-load';
import { contact, existingAccount, setting, valid } from '../common/editor/validators';
import type { RequestPermissionConfig } from './config';
import { MIGRATIONS } from './migrations';

migrateOnLoad('whatsapp-request-permission', MIGRATIONS);

const KINDS: RequestPermissionConfig['kind'][] = ['free-form', 'template', 'auto'];

RED.nodes.registerType<RequestPermissionConfig>('whatsapp-request-permission', {
  category: 'WhatsApp calling',
  color: '#3FADB5',
  defaults: {
    name: { value: '' },
    account: { value: '', type: 'whatsapp-calling-account', validate: existingAccount },
    contact: { value: 'payload', validate: contact },
    contactType: { value: 'msg' },
    kind: { value: 'free-form' },
    body: { value: '', validate: RED.validators.typedInput('bodyType') },
    bodyType: { value: 'str' },
    template: { value: '', validate: neededForTemplate('template', /^[a-z0-9_]+$/) },
    language: {
      value: 'en_US',
      validate: neededForTemplate('language', /^[a-z]{2,3}(_[A-Z]{2})?$/),
    },
    parameters: { value: '[]', validate: RED.validators.typedInput('parametersType') },
    parametersType: { value: 'json' },
    remind: { value: false },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 4,
  icon: 'wacalling-request-permission.svg',
  paletteLabel,
  label: nodeLabel,
  labelStyle,
  outputLabels: portLabels('requested', 'callable-already', 'limited', 'revoked'),
  oneditprepare() {
    prepareContactField();
    prepareTypedFields();
    const showFields = () => {
      const kind = setting(this, 'kind');
      $('.wacalling-free-form').toggle(kind !== 'template');
      $('.wacalling-template').toggle(kind !== 'free-form');
      for (const each of KINDS) $(`.wacalling-cost-${each}`).toggle(kind === each);
    };
    $('#node-input-kind').on('change', showFields);
    showFields();
  },
});

function neededForTemplate(error: string, pattern: RegExp) {
  return valid(
    error,
    (value, node) => setting(node, 'kind') === 'free-form' || pattern.test(value),
  );
}

function prepareTypedFields(): void {
  $('#node-input-body').typedInput({
    default: 'str',
    types: ['str', 'msg', 'flow', 'global', 'env', 'jsonata'],
    typeField: '#node-input-bodyType',
  });
  $('#node-input-parameters').typedInput({
    default: 'json',
    types: ['json', 'jsonata', 'msg'],
    typeField: '#node-input-parametersType',
  });
}
