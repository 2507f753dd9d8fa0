/** The node's type: global in Node-RED, hence the prefix. */
export const TYPE = 'whatsapp-check-permission';

/** Settings of the check permission node, as they stand in the flow file. */
export interface CheckPermissionConfig {
  name: string;
  /** Id of the account node. */
  account: string;
  contact: string;
  contactType: string;
  /** Whether to ask WhatsApp; `auto` asks when the records do not know. */
  ask: 'auto' | 'always' | 'never';
  remind: boolean;
  version: number;
}
