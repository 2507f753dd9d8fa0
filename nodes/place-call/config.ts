/** The node's type: global in Node-RED, hence the prefix. */
export const TYPE = 'whatsapp-place-call';

/** Settings of the place call node, as they stand in the flow file. */
export interface PlaceCallConfig {
  name: string;
  /** Id of the account node. */
  account: string;
  contact: string;
  contactType: string;
  /** Who makes the SDP offer; `message` takes it from `msg.session`. */
  media: 'message' | 'announcement' | 'browser';
  remind: boolean;
  version: number;
}
