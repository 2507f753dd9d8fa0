/** One of WhatsApp's error numbers, or a run of them (`number` to `to`), and what it is called here. */
export interface GraphError {
  number: number;
  /** Last number of the run; absent where the row stands for one number. */
  to?: number;
  code: string;
  meaning: string;
}

/**
 * WhatsApp's error numbers. The calling family is from Meta's calling troubleshooting page (2026-06-24), 138011 from
 * its calling FAQ (2025-11-13), the others from "Error codes" (2026-05-15). Where two rows fit, the first one counts.
 */
export const GRAPH_ERRORS = [
  {
    number: 138000,
    code: 'calling-not-enabled',
    meaning: 'Calling is switched off for this number',
  },
  { number: 138001, code: 'recipient-uncallable', meaning: 'This contact cannot be called' },
  { number: 138002, code: 'concurrent-calls', meaning: 'Too many calls at the same time' },
  { number: 138003, code: 'call-in-progress', meaning: 'A call with this contact is under way' },
  { number: 138004, code: 'connection-error', meaning: 'WhatsApp could not connect the call' },
  { number: 138005, code: 'daily-initiations', meaning: 'Too many calls begun within 24 hours' },
  { number: 138006, code: 'no-permission', meaning: 'The contact has not allowed calls' },
  { number: 138007, code: 'connect-timeout', meaning: 'The call was not connected in time' },
  { number: 138009, code: 'request-limit', meaning: 'The contact was asked too often' },
  { number: 138011, code: 'no-earlier-message', meaning: 'A message has to come before it' },
  { number: 138012, code: 'connected-call-limit', meaning: 'Too many calls with this contact' },
  { number: 138013, code: 'country-not-eligible', meaning: 'This number may not place calls' },
  { number: 138014, code: 'account-restricted', meaning: 'WhatsApp paused calls: bad feedback' },
  { number: 138015, code: 'messaging-limit-too-low', meaning: 'The messaging limit is too low' },
  { number: 138017, code: 'permanent-permission-held', meaning: 'Calls are allowed permanently' },
  { number: 138018, code: 'prerequisites-missing', meaning: 'No app is subscribed to "calls"' },
  { number: 138019, code: 'call-setup-failed', meaning: "The contact's phone could not set it up" },
  { number: 138020, code: 'relay-failed', meaning: 'The connection to the relay failed' },
  { number: 138021, code: 'no-media-received', meaning: "No sound reached the contact's phone" },
  { number: 138022, code: 'media-not-sent', meaning: "The contact's phone could not send sound" },
  { number: 138023, code: 'media-unclear', meaning: 'Answered, then no sign of sound' },

  { number: 0, code: 'token-invalid', meaning: 'The access token is not valid' },
  { number: 190, code: 'token-invalid', meaning: 'The access token is wrong or has run out' },
  { number: 3, code: 'token-not-permitted', meaning: 'The app lacks a capability' },
  { number: 10, code: 'token-not-permitted', meaning: 'The access token lacks a permission' },
  { number: 200, to: 299, code: 'token-not-permitted', meaning: 'The token lacks a permission' },
  { number: 131005, code: 'token-not-permitted', meaning: 'The access token lacks a permission' },
  { number: 33, code: 'unknown-phone-number-id', meaning: 'There is no such phone number id' },
  {
    number: 131045,
    code: 'number-not-registered',
    meaning: 'The business number is not registered',
  },
  { number: 131055, code: 'sip-enabled', meaning: 'The business number uses SIP' },

  { number: 4, code: 'rate-limited', meaning: 'The app asks WhatsApp too often' },
  { number: 80007, code: 'rate-limited', meaning: 'The business asks WhatsApp too often' },
  { number: 130429, code: 'rate-limited', meaning: 'Too many messages at once' },
  { number: 613, code: 'look-up-rate-limited', meaning: 'Permission looked up too often' },
  { number: 131056, code: 'contact-rate-limited', meaning: 'Too many messages to this contact' },
  { number: 131048, code: 'spam-limited', meaning: 'Too many messages were seen as spam' },

  { number: 100, code: 'invalid-parameter', meaning: 'WhatsApp did not accept a value' },
  { number: 131008, code: 'invalid-parameter', meaning: 'A value is missing' },
  { number: 131009, code: 'invalid-parameter', meaning: 'WhatsApp did not accept a value' },
  { number: 131051, code: 'unsupported-type', meaning: 'WhatsApp does not know this message type' },

  { number: 131021, code: 'recipient-is-sender', meaning: 'The contact is the business number' },
  { number: 131026, code: 'undeliverable', meaning: 'The message cannot be delivered' },
  { number: 131030, code: 'recipient-not-allowed', meaning: 'Not on the list of the test number' },
  {
    number: 131047,
    code: 'outside-service-window',
    meaning: 'Silent for over 24 hours: use a template',
  },
  { number: 131049, code: 'marketing-limit', meaning: 'The contact gets enough marketing' },
  { number: 131050, code: 'marketing-stopped', meaning: 'The contact stopped marketing' },
  { number: 131062, code: 'user-id-not-accepted', meaning: 'Needs a number, not a user id' },
  { number: 131063, code: 'marketing-off', meaning: 'Marketing templates are off on Cloud API' },
  { number: 131064, code: 'template-misclassified', meaning: 'Templates in the wrong category' },
  { number: 130403, code: 'contact-blocked', meaning: 'The business blocked this contact' },
  { number: 130497, code: 'recipient-country', meaning: "Not possible in the contact's country" },

  { number: 132000, code: 'template-parameters', meaning: 'The wrong number of parameters' },
  { number: 132001, code: 'template-not-found', meaning: 'No such template in this language' },
  { number: 132005, code: 'template-too-long', meaning: 'The filled-in template is too long' },
  { number: 132007, code: 'template-policy', meaning: 'The template breaks a policy' },
  { number: 132012, code: 'template-parameters', meaning: 'A parameter has the wrong format' },
  { number: 132015, code: 'template-paused', meaning: 'The template is paused' },
  { number: 132016, code: 'template-disabled', meaning: 'The template is disabled' },
  { number: 132002, to: 132999, code: 'template-error', meaning: 'The template cannot be sent' },

  { number: 131042, code: 'payment-required', meaning: 'The payment method does not work' },
  { number: 131044, code: 'payment-required', meaning: 'There is no payment method' },
  { number: 368, code: 'account-locked', meaning: 'The account broke a policy' },
  { number: 131031, code: 'account-locked', meaning: 'The account is locked' },
  { number: 131057, code: 'account-maintenance', meaning: 'The account is in maintenance' },

  { number: 1, code: 'whatsapp-unavailable', meaning: 'WhatsApp has a fault' },
  { number: 2, code: 'whatsapp-unavailable', meaning: 'WhatsApp is down for a moment' },
  { number: 131000, code: 'whatsapp-unavailable', meaning: 'WhatsApp has a fault' },
  { number: 131016, code: 'whatsapp-unavailable', meaning: 'WhatsApp is overloaded' },
] as const satisfies readonly GraphError[];

/** The codes of {@link GRAPH_ERRORS}, and `whatsapp-error` for a number that is not among them. */
export type GraphErrorCode = (typeof GRAPH_ERRORS)[number]['code'] | 'whatsapp-error';

/** With code 100 it means that the phone number id does not exist, or that the token may not see it. */
const UNKNOWN_OBJECT_SUBCODE = 33;

/** What an error number of WhatsApp (and its subcode, where it sent one) is called. Never throws. */
export function nameGraphError(
  number: number | null,
  subcode: number | null = null,
): { code: GraphErrorCode; meaning: string } {
  const looked = number === 100 && subcode === UNKNOWN_OBJECT_SUBCODE ? 33 : number;
  const rows: readonly (GraphError & { code: GraphErrorCode })[] = GRAPH_ERRORS;
  const row =
    looked === null
      ? undefined
      : rows.find((each) => each.number <= looked && looked <= (each.to ?? each.number));
  return row ?? { code: 'whatsapp-error', meaning: 'WhatsApp reported an error' };
}
