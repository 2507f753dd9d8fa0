/** The node's type: global in Node-RED, hence the prefix. */
export const TYPE = 'whatsapp-handle-webhook';

/** Settings of the handle webhook node, as they stand in the flow file. */
export interface HandleWebhookConfig {
  name: string;
  /** Id of the account node. */
  account: string;
  version: number;
}
