/** The node's type: global in Node-RED, hence the prefix. */
export const TYPE = 'whatsapp-request-permission';

/** Settings of the request permission node, as they stand in the flow file. */
export interface RequestPermissionConfig {
  name: string;
  /** Id of the account node. */
  account: string;
  contact: string;
  contactType: string;
  /** `auto` sends free-form inside the service window and the template outside it. */
  kind: 'free-form' | 'template' | 'auto';
  /** Text of the free-form request; may be empty. */
  body: string;
  bodyType: string;
  /** Name of an approved template. */
  template: string;
  /** Language code of the template, such as `es_CO`. */
  language: string;
  /** Values for the template's placeholders: a list, or an object where they have names. */
  parameters: string;
  parametersType: string;
  remind: boolean;
  version: number;
}
