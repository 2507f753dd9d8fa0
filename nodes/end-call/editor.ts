import { labelStyle, nodeLabel, paletteLabel, portLabels } from '../common/editor/labels';
import { migrateOnLoad } from '../common/editor/migrate-on-load';
import { existingAccount } from '../common/editor/validators';
import type { EndCallConfig } from './config';
import { MIGRATIONS } from './migrations';

migrateOnLoad('whatsapp-end-call', MIGRATIONS);
RED.nodes.registerType<EndCallConfig>('whatsapp-end-call', {
  category: 'WhatsApp calling',
  color: '#3FADB5',
  defaults: {
    name: { value: '' },
    account: { value: '', type: 'whatsapp-calling-account', validate: existingAccount },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 1,
  icon: 'wacalling-end-call.svg',
  paletteLabel,
  label: nodeLabel,
  labelStyle,
  outputLabels: portLabels('ended'),
});
