import { SimulatorError } from './errors';

/** Shortest and longest wait, in seconds. */
export type Delay = readonly [shortest: number, longest: number];

/** How long WhatsApp takes. Nothing of it is published by Meta: all are plausible inventions. */
export interface Delays {
  /** From POST calls to the `connect` webhook. */
  connect: Delay;
  /** From `connect` until the phone rings. */
  ringing: Delay;
  /** From pick-up to the `ACCEPTED` webhook. */
  accepted: Delay;
  /** From the user's rejection to the `REJECTED` webhook. */
  rejected: Delay;
  /** From the end of a call to the `terminate` webhook. */
  terminate: Delay;
  /** From the user's decision to the webhook that tells it. */
  reply: Delay;
  /** From POST messages to the status `sent`. */
  sent: Delay;
  /** From POST messages until the message is on the phone (or has failed). */
  delivered: Delay;
  /** From what a user writes, reads or dials to its webhook. */
  inbound: Delay;
  /** From a change of the number (restriction, settings) to its webhook. */
  account: Delay;
}

const DEFAULTS: Delays = {
  connect: [0.3, 1.5],
  ringing: [1, 3],
  accepted: [0.2, 2],
  // Longer than `rejected` can be, since terminate follows REJECTED.
  terminate: [0.3, 0.6],
  rejected: [0.1, 0.3],
  reply: [0.4, 0.6],
  sent: [0.1, 0.3],
  delivered: [0.3, 0.8],
  inbound: [0.1, 0.5],
  account: [0.1, 0.5],
};

/**
 * The default delays with some of them changed.
 * @throws SimulatorError `bad-input` for an unknown name or what is not a pair of seconds
 */
export function toDelays(wanted: Partial<Delays> = {}): Delays {
  for (const [name, delay] of Object.entries(wanted)) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      throw new SimulatorError('bad-input', `Unknown delay "${name}".`);
    }
    if (!Array.isArray(delay) || !(delay[0] >= 0) || !(delay[1] >= delay[0])) {
      throw new SimulatorError(
        'bad-input',
        `The delay "${name}" must be [shortest, longest] in s.`,
      );
    }
  }
  return { ...DEFAULTS, ...wanted };
}
