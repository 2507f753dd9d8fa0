/** The node's type: global in Node-RED, hence the prefix. */
export const TYPE = 'whatsapp-end-call';

/** Settings of the end call node, as they stand in the flow file. The call is `msg.call.id`. */
export interface EndCallConfig {
  name: string;
  /** Id of the account node. */
  account: string;
  version: number;
}
