import { createHash } from 'node:crypto';
import { SimulatorError } from './errors';
import type { VirtualNumber } from './number';
import type { PermissionKind } from './pair';
import { toDigits } from './phone-numbers';
import { WAITING_SCRIPT, changeScript } from './user-script';
import type { UserScript } from './user-script';

export interface UserOptions extends Partial<UserScript> {
  /** The number as WhatsApp writes it; "+" and spaces are taken off. */
  waId: string;
  /** Business-scoped user id, such as `ES.7700112233`; made up where absent. */
  userId?: string;
  name?: string;
}

/** Finds the business number that a command is about; without an id the only one there is. */
export type FindNumber = (number?: string | VirtualNumber) => VirtualNumber;

/**
 * Somebody with WhatsApp on a phone. Every command acts at once, at the clock's time; the webhook follows
 * after its delay. `number` (an id, or the number itself) may be left out where there is only one.
 */
export class VirtualUser {
  readonly waId: string;
  readonly userId: string;
  readonly name: string | undefined;
  readonly #findNumber: FindNumber;
  #script: UserScript;

  /** @throws SimulatorError `bad-input` */
  constructor(options: UserOptions, findNumber: FindNumber) {
    const { waId, userId, name, ...script } = options;
    const digits = typeof waId === 'string' ? toDigits(waId) : null;
    if (digits === null) throw new SimulatorError('bad-input', `"${waId}" is not a phone number.`);
    this.waId = digits;
    this.userId = userId ?? madeUpUserId(digits);
    this.name = name;
    this.#findNumber = findNumber;
    this.#script = changeScript(WAITING_SCRIPT, script);
  }

  get script(): Readonly<UserScript> {
    return this.#script;
  }

  /**
   * Changes what is named; holds from the next request, call or pick-up on.
   * @throws SimulatorError `bad-input`
   */
  setScript(change: Partial<UserScript>): void {
    this.#script = changeScript(this.#script, change);
  }

  /**
   * Accepts the newest permission request, or changes the answer to it.
   * @throws SimulatorError `no-request`
   */
  accept(number?: string | VirtualNumber, kind: PermissionKind = 'temporary'): void {
    const at = this.#findNumber(number);
    at.messages.hurry(at.pair(this));
    at.permissions.accept(at.pair(this), kind);
  }

  /**
   * Declines the newest permission request, or changes the answer to it.
   * @throws SimulatorError `no-request`
   */
  decline(number?: string | VirtualNumber): void {
    const at = this.#findNumber(number);
    at.messages.hurry(at.pair(this));
    at.permissions.decline(at.pair(this));
  }

  /** Puts the newest permission request aside, whatever the script says. */
  ignore(number?: string | VirtualNumber): void {
    const at = this.#findNumber(number);
    at.messages.hurry(at.pair(this));
    at.permissions.ignore(at.pair(this));
  }

  /** Forbids calls in the business's profile. */
  revoke(number?: string | VirtualNumber): void {
    const at = this.#findNumber(number);
    at.permissions.revoke(at.pair(this));
  }

  /** Allows calls in the business's profile, for good. */
  grant(number?: string | VirtualNumber): void {
    const at = this.#findNumber(number);
    at.permissions.grant(at.pair(this));
  }

  /** Writes to the business. */
  write(text: string, number?: string | VirtualNumber): void {
    const at = this.#findNumber(number);
    at.messages.write(at.pair(this), text);
  }

  /**
   * Calls the business.
   * @returns the call's id
   * @throws SimulatorError `call-in-progress`, `calling-off`
   */
  ring(number?: string | VirtualNumber): string {
    const at = this.#findNumber(number);
    return at.calls.ring(at.pair(this), this);
  }

  /**
   * Picks up the call that rings.
   * @throws SimulatorError `no-call`
   */
  answer(number?: string | VirtualNumber): void {
    const at = this.#findNumber(number);
    at.calls.answer(at.pair(this));
  }

  /**
   * Rejects the call that rings.
   * @throws SimulatorError `no-call`
   */
  reject(number?: string | VirtualNumber): void {
    const at = this.#findNumber(number);
    at.calls.reject(at.pair(this));
  }

  /**
   * Ends the conversation, or gives up calling the business.
   * @throws SimulatorError `no-call`
   */
  hangUp(number?: string | VirtualNumber): void {
    const at = this.#findNumber(number);
    at.calls.hangUp(at.pair(this));
  }
}

/** The same user always gets the same id. */
function madeUpUserId(waId: string): string {
  const digest = createHash('sha256').update(waId).digest();
  return `ZZ.${digest.readBigUInt64BE()}`;
}
