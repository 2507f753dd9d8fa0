/** The node's type: global in Node-RED, hence the prefix. */
export const TYPE = 'whatsapp-revoke';

/** Settings of the revoke node, as they stand in the flow file. */
export interface RevokeConfig {
  name: string;
  /** Id of the account node. */
  account: string;
  contact: string;
  contactType: string;
  action: 'opt-out' | 'restore' | 'forget';
  version: number;
}
