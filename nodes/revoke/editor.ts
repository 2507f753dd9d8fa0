import { prepareContactField } from '../common/editor/contact-field';
import { labelStyle, nodeLabel, paletteLabel, portLabels } from '../common/editor/labels';
import { migrateOnLoad } from '../common/editor/migrate-on-load';
import { contact, existingAccount, setting } from '../common/editor/validators';
import type { RevokeConfig } from './config';
import { MIGRATIONS } from './migrations';

migrateOnLoad('whatsapp-revoke', MIGRATIONS);
RED.nodes.registerType<RevokeConfig>('whatsapp-revoke', {
  category: 'WhatsApp calling',
  color: '#3FADB5',
  defaults: {
    name: { value: '' },
    account: { value: '', type: 'whatsapp-calling-account', validate: existingAccount },
    contact: { value: 'payload', validate: contact },
    contactType: { value: 'msg' },
    action: { value: 'opt-out' },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 1,
  icon: 'wacalling-revoke.svg',
  paletteLabel,
  label: nodeLabel,
  labelStyle,
  outputLabels: portLabels('done'),
  oneditprepare() {
    prepareContactField();
    const explain = () => {
      $('.wacalling-action').hide();
      $(`.wacalling-action-${setting(this, 'action')}`).show();
    };
    $('#node-input-action').on('change', explain);
    explain();
  },
});
