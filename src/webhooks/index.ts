export type {
  AccountChange,
  ContactChange,
  OtherChange,
  WebhookCall,
  WebhookChange,
} from './change';
export { WebhookEndpoint, type WebhookAnswer, type WebhookEndpointOptions } from './endpoint';
export { parseWebhook } from './parse';
export type { WebhookReceiver } from './receiver';
export { verifySignature } from './signature';
export { Repeats } from './repeats';
