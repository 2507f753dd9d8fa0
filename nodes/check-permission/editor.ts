import { prepareContactField } from '../common/editor/contact-field';
import { labelStyle, nodeLabel, paletteLabel, portLabels } from '../common/editor/labels';
import { migrateOnLoad } from '../common/editor/migrate-on-load';
import { contact, existingAccount } from '../common/editor/validators';
import type { CheckPermissionConfig } from './config';
import { MIGRATIONS } from './migrations';

migrateOnLoad('whatsapp-check-permission', MIGRATIONS);
RED.nodes.registerType<CheckPermissionConfig>('whatsapp-check-permission', {
  category: 'WhatsApp calling',
  color: '#3FADB5',
  defaults: {
    name: { value: '' },
    account: { value: '', type: 'whatsapp-calling-account', validate: existingAccount },
    contact: { value: 'payload', validate: contact },
    contactType: { value: 'msg' },
    ask: { value: 'auto' },
    remind: { value: false },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 4,
  icon: 'wacalling-check-permission.svg',
  paletteLabel,
  label: nodeLabel,
  labelStyle,
  outputLabels: portLabels('callable', 'needs-request', 'limited', 'revoked'),
  oneditprepare: prepareContactField,
});
