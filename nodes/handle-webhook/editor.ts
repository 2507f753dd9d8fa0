import type { AccountConfig } from '../account/config';
import { labelStyle, nodeLabel, paletteLabel, portLabels } from '../common/editor/labels';
import { migrateOnLoad } from '../common/editor/migrate-on-load';
import { existingAccount } from '../common/editor/validators';
import { webhookAddress } from '../common/editor/webhook-address';
import type { HandleWebhookConfig } from './config';
import { MIGRATIONS } from './migrations';

migrateOnLoad('whatsapp-handle-webhook', MIGRATIONS);
RED.nodes.registerType<HandleWebhookConfig>('whatsapp-handle-webhook', {
  category: 'WhatsApp calling',
  color: '#3FADB5',
  defaults: {
    name: { value: '' },
    account: { value: '', type: 'whatsapp-calling-account', validate: existingAccount },
    version: { value: 1 },
  },
  inputs: 0,
  outputs: 7,
  icon: 'wacalling-handle-webhook.svg',
  paletteLabel,
  label: nodeLabel,
  labelStyle,
  outputLabels: portLabels(
    'granted',
    'declined',
    'revoked-or-expired',
    'call-progress',
    'call-ended',
    'try-again',
    'other',
  ),
  oneditprepare() {
    $('#node-input-account').on('change', showWebhookAddress);
    showWebhookAddress();
  },
});

function showWebhookAddress(): void {
  const account = RED.nodes.node<AccountConfig>(String($('#node-input-account').val()));
  $('.wacalling-simulator').toggle(account?.connection === 'simulator');
  $('.wacalling-cloud-api').toggle(account?.connection === 'cloud-api');
  $('#wacalling-webhook-address').text(webhookAddress(account?.webhookPath ?? ''));
}
