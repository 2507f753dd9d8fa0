import { SimulatorError } from './errors';
import { subscriberKey, toDigits } from './phone-numbers';
import { VirtualUser } from './user';
import type { FindNumber, UserOptions } from './user';

/** Everybody who has WhatsApp, found by any spelling of the number or by user id. */
export class Users {
  readonly #byNumber = new Map<string, VirtualUser>();
  readonly #byId = new Map<string, VirtualUser>();

  constructor(private readonly findNumber: FindNumber) {}

  get count(): number {
    return this.#byNumber.size;
  }

  [Symbol.iterator](): Iterator<VirtualUser> {
    return this.#byNumber.values();
  }

  /** @throws SimulatorError `bad-input`, `already-there` */
  add(options: UserOptions): VirtualUser {
    const user = new VirtualUser(options, this.findNumber);
    const key = subscriberKey(user.waId);
    if (this.#byNumber.has(key) || this.#byId.has(user.userId)) {
      throw new SimulatorError('already-there', `There is a user ${user.waId} already.`);
    }
    this.#byNumber.set(key, user);
    this.#byId.set(user.userId, user);
    return user;
  }

  /** By number, as digits in any of its spellings. */
  withNumber(digits: string): VirtualUser | null {
    return this.#byNumber.get(subscriberKey(digits)) ?? null;
  }

  /** By business-scoped user id. */
  withUserId(userId: string): VirtualUser | null {
    return this.#byId.get(userId) ?? null;
  }

  /** @throws SimulatorError `unknown-user` */
  get(waIdOrUserId: string): VirtualUser {
    const digits = toDigits(waIdOrUserId);
    const user = digits === null ? this.withUserId(waIdOrUserId) : this.withNumber(digits);
    if (user === null) throw new SimulatorError('unknown-user', `No user ${waIdOrUserId} here.`);
    return user;
  }
}
