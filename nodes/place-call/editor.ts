import { prepareContactField } from '../common/editor/contact-field';
import { labelStyle, nodeLabel, paletteLabel, portLabels } from '../common/editor/labels';
import { migrateOnLoad } from '../common/editor/migrate-on-load';
import { contact, existingAccount } from '../common/editor/validators';
import type { PlaceCallConfig } from './config';
import { MIGRATIONS } from './migrations';

migrateOnLoad('whatsapp-place-call', MIGRATIONS);
RED.nodes.registerType<PlaceCallConfig>('whatsapp-place-call', {
  category: 'WhatsApp calling',
  color: '#3FADB5',
  defaults: {
    name: { value: '' },
    account: { value: '', type: 'whatsapp-calling-account', validate: existingAccount },
    contact: { value: 'payload', validate: contact },
    contactType: { value: 'msg' },
    media: { value: 'message' },
    remind: { value: false },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 4,
  icon: 'wacalling-place-call.svg',
  paletteLabel,
  label: nodeLabel,
  labelStyle,
  outputLabels: portLabels('placed', 'needs-request', 'limited', 'revoked'),
  oneditprepare: prepareContactField,
});
