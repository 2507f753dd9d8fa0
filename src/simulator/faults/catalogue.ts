/** A fault of the world: how often it strikes where all are on, and what it does. */
interface FaultDescription {
  /** From 0 to 1: of the occasions that `about` names. */
  readonly odds: number;
  readonly about: string;
}

/**
 * The faults that the simulator plays: what WhatsApp, the network and the number's other operators do to a business
 * that calls. Each is a trap that somebody fell into; docs/traps.md says which and where it was seen. How often they
 * strike is our invention.
 */
export const FAULTS = {
  'webhook-before-answer': {
    odds: 0.1,
    about: 'The webhooks of a request or call come before the HTTP answer to it.',
  },
  'webhook-twice': {
    odds: 0.05,
    about: 'A webhook comes again: within seconds, or after more than 20 s.',
  },
  'webhook-late': { odds: 0.02, about: 'A webhook comes minutes to three days late.' },
  'webhook-reordered': { odds: 0.1, about: 'A webhook is overtaken by later ones.' },
  'webhook-batched': {
    odds: 0.1,
    about: 'Webhooks come together in one body: as entries, as changes or as items of one list.',
  },
  'webhook-dropped': { odds: 0.02, about: 'A webhook never comes.' },
  'connect-after-terminate': {
    odds: 0.05,
    about: 'The connect of a call comes after its terminate.',
  },
  'context-missing': { odds: 0.1, about: 'An answer does not say which request it answers.' },
  'contacts-missing': { odds: 0.2, about: 'A webhook has no list of contacts.' },
  'to-missing': { odds: 0.1, about: 'A webhook about a call has no number for the user.' },
  'user-id-missing': { odds: 0.1, about: 'A webhook has no business-scoped user ids.' },
  'number-hidden': {
    odds: 0.1,
    about: 'Of so many users no webhook tells the number: they go by a user name.',
  },
  'number-respelled': {
    odds: 0.3,
    about: 'A webhook spells a number of Brazil, Mexico or Argentina the other way.',
  },
  'types-drift': {
    odds: 0.2,
    about: 'Numbers are written as strings and strings of digits as numbers.',
  },
  'old-directions': { odds: 0.1, about: 'The direction of a call is told in older words.' },
  'is-permanent-missing': {
    odds: 0.1,
    about: 'The grant of a temporary permission does not say that it is none for good.',
  },
  'read-without-delivered': {
    odds: 0.2,
    about: 'A message is read without having been delivered.',
  },
  'unknown-events': {
    odds: 0.05,
    about: 'Something else is told too: a recording, a transcript, call_created, a new field.',
  },
  'call-fails': {
    odds: 0.03,
    about: 'A call fails before it rings, with errors beside calls in its terminate.',
  },
  'request-undelivered': {
    odds: 0.03,
    about: 'A request was accepted and cannot be delivered (131026): its status tells it.',
  },
  'account-restricted': {
    odds: 0.001,
    about: 'WhatsApp restricts the number for seven days as it is about to be used.',
  },
  'sip-switched-on': {
    odds: 0.001,
    about: 'Somebody switches SIP on for some hours as the number is about to be used.',
  },
  'oas-words': {
    odds: 0.1,
    about: "A look-up is answered in the words of Meta's OpenAPI reference (granted, 24h …).",
  },
  'limits-missing': { odds: 0.1, about: 'A look-up tells limits as "", null or not at all.' },
  'expiration-key': { odds: 0.1, about: 'A look-up says expiration for expiration_time.' },
  'answer-contacts-missing': { odds: 0.1, about: 'The answer to a message names no contact.' },
  'server-error': { odds: 0.01, about: 'HTTP 5xx, and nothing was done.' },
  'server-error-after': { odds: 0.01, about: 'HTTP 5xx, though it was done.' },
  'connection-cut': { odds: 0.01, about: 'The connection is cut, and nothing was done.' },
  'connection-cut-after': {
    odds: 0.01,
    about: 'The connection is cut before or in the middle of the answer, though it was done.',
  },
  'slow-action': { odds: 0.002, about: 'It is done, and answered, 15 to 60 s later.' },
  'slow-answer': { odds: 0.002, about: 'It is done at once and answered 15 to 60 s later.' },
} as const satisfies Record<string, FaultDescription>;

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

export const isFaultName = (name: string): name is FaultName => Object.hasOwn(FAULTS, name);
