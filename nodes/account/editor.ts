import { paletteLabel } from '../common/editor/labels';
import { migrateOnLoad } from '../common/editor/migrate-on-load';
import type { Translate } from '../common/editor/red';
import { matching, setting } from '../common/editor/validators';
import { webhookAddress } from '../common/editor/webhook-address';
import type { AccountConfig, AccountCredentials } from './config';
import { existingCountry, showCountry } from './editor-country';
import { showLimits, usablePolicy } from './editor-limits';
import { ownPhoneNumberId, suggestNumber } from './editor-number';
import { existingStore, listStores, showPlace } from './editor-records';
import { MIGRATIONS } from './migrations';

migrateOnLoad('whatsapp-calling-account', MIGRATIONS);
RED.nodes.registerType<AccountConfig, AccountCredentials>('whatsapp-calling-account', {
  category: 'config',
  color: '#3FADB5',
  icon: 'wacalling-account.svg',
  defaults: {
    name: { value: '' },
    connection: { value: 'simulator' },
    phoneNumberId: { value: '100000000000001', validate: ownPhoneNumberId },
    businessAccountId: { value: '', validate: matching('business-account-id', /^\d*$/) },
    displayNumber: { value: '15550000001', validate: matching('display-number', /^\d{7,15}$/) },
    country: { value: '', validate: existingCountry },
    graphUrl: {
      value: 'https://graph.facebook.com',
      validate: matching('graph-url', /^https?:\/\/[^\s/]\S*$/),
    },
    graphVersion: { value: 'v25.0', validate: matching('graph-version', /^v\d+\.\d+$/) },
    policy: { value: 'cautious' },
    policyOverrides: { value: '', validate: usablePolicy },
    appSecretProof: { value: false },
    webhookPath: { value: '/whatsapp/webhook', validate: matching('webhook-path', /^\/[^\s?#]*$/) },
    records: { value: 'flow' },
    contextStore: { value: '', validate: existingStore },
    version: { value: 2 },
  },
  credentials: {
    accessToken: { type: 'password' },
    appSecret: { type: 'password' },
    verifyToken: { type: 'password' },
    redisUrl: { type: 'password' },
  },
  paletteLabel,
  label() {
    return this.name || `${this._(`option.${this.connection}`)} ${this.displayNumber}`;
  },
  oneditprepare() {
    const read = (name: string) => setting(this, name);
    const translate: Translate = (key, values) => this._(key, values);
    const refresh = () => {
      $('.wacalling-simulator').toggle(read('connection') === 'simulator');
      $('.wacalling-cloud-api').toggle(read('connection') === 'cloud-api');
      $('#wacalling-webhook-address').text(webhookAddress(read('webhookPath')));
      showCountry(read('country'));
      showLimits(read('policy'), read('policyOverrides'), translate);
      offerProof(read('appSecret') !== '');
      showPlace(read('records'), read('connection'));
    };
    prepareTabs(translate);
    suggestNumber(this.id);
    listStores(this.contextStore, translate);
    prepareOverrides();
    $('#wacalling-account').on('change input', refresh);
    refresh();
  },
  oneditsave: saveOverrides,
});

/** Without a secret there is nothing to prove. */
function offerProof(hasSecret: boolean): void {
  const box = $('#node-config-input-appSecretProof').prop('disabled', !hasSecret);
  if (!hasSecret) box.prop('checked', false);
}

const NO_OVERRIDES = '{}';

/** A typed input of JSON calls an empty field wrong; the settings hold an empty text where nothing is changed. */
function prepareOverrides(): void {
  const field = $('#node-config-input-policyOverrides');
  if (field.val() === '') field.val(NO_OVERRIDES);
  field.typedInput({ default: 'json', types: ['json'] });
}

function saveOverrides(): void {
  const field = $('#node-config-input-policyOverrides');
  if (field.typedInput('value') === NO_OVERRIDES) field.typedInput('value', '');
}

function prepareTabs(translate: Translate): void {
  const tabs = RED.tabs.create({
    id: 'wacalling-tabs',
    onchange: (tab: { id: string }) => {
      $('#wacalling-tabs-content').children().hide();
      $(`#${tab.id}`).show();
    },
  });
  tabs.addTab({ id: 'wacalling-tab-connection', label: translate('label.tab-connection') });
  tabs.addTab({ id: 'wacalling-tab-limits', label: translate('label.tab-limits') });
  tabs.addTab({ id: 'wacalling-tab-records', label: translate('label.tab-records') });
}
