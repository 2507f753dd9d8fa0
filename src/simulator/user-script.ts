import { SimulatorError } from './errors';

const ON_REQUEST = ['accept-temporary', 'accept-permanent', 'decline', 'ignore'] as const;
const ON_CALL = ['answer', 'reject', 'ignore', 'unreachable'] as const;

export type OnRequest = (typeof ON_REQUEST)[number];
export type OnCall = (typeof ON_CALL)[number];

/** What a user does without being told. "ignore": nothing, it waits for a command. */
export interface UserScript {
  onRequest: OnRequest;
  /** `unreachable`: the phone is off, it never rings. */
  onCall: OnCall;
  /** Seconds from the request on the phone to the reply. */
  replyAfter: number;
  /** Seconds of ringing before the user picks up or rejects. */
  answerAfter: number;
  /** Seconds of conversation until the user hangs up; absent: the user never does. */
  talkFor?: number | undefined;
}

export const WAITING_SCRIPT: Readonly<UserScript> = {
  onRequest: 'ignore',
  onCall: 'ignore',
  replyAfter: 5,
  answerAfter: 3,
};

export const isOnRequest = (value: unknown): value is OnRequest =>
  ON_REQUEST.some((one) => one === value);

export const isOnCall = (value: unknown): value is OnCall => ON_CALL.some((one) => one === value);

const isSeconds = (value: unknown): boolean => typeof value === 'number' && value >= 0;

const CHECKS: Readonly<Record<keyof UserScript, [(value: unknown) => boolean, allowed: string]>> = {
  onRequest: [isOnRequest, ON_REQUEST.join(', ')],
  onCall: [isOnCall, ON_CALL.join(', ')],
  replyAfter: [isSeconds, 'seconds'],
  answerAfter: [isSeconds, 'seconds'],
  talkFor: [(value) => value === undefined || isSeconds(value), 'seconds'],
};

/**
 * The script with some of it changed.
 * @throws SimulatorError `bad-input` for an unknown setting or value
 */
export function changeScript(script: UserScript, change: Partial<UserScript>): UserScript {
  const checks = new Map(Object.entries(CHECKS));
  for (const [key, value] of Object.entries(change)) {
    const [isAllowed, allowed] = checks.get(key) ?? [];
    if (isAllowed === undefined) {
      throw new SimulatorError('bad-input', `A user has no setting "${key}".`);
    }
    if (!isAllowed(value)) throw new SimulatorError('bad-input', `"${key}" must be ${allowed}.`);
  }
  return { ...script, ...change };
}
