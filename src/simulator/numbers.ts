import { SimulatorError } from './errors';
import { VirtualNumber } from './number';
import type { NumberOptions } from './number-options';
import type { World } from './world';

/** The business numbers on the virtual WhatsApp. */
export class Numbers {
  readonly #byId = new Map<string, VirtualNumber>();
  readonly #tokens = new Set<string>();

  [Symbol.iterator](): Iterator<VirtualNumber> {
    return this.#byId.values();
  }

  /** @throws SimulatorError `bad-input`, `already-there` */
  add(options: NumberOptions, world: World): VirtualNumber {
    const number = new VirtualNumber(options, world);
    if (this.#byId.has(number.id)) {
      throw new SimulatorError('already-there', `There is a number ${number.id} already.`);
    }
    this.#byId.set(number.id, number);
    this.#tokens.add(number.accessToken);
    return number;
  }

  find(id: string): VirtualNumber | null {
    return this.#byId.get(id) ?? null;
  }

  /** The number of a business account that has this access token. */
  ofBusinessAccount(id: string, token: string): VirtualNumber | null {
    const all = [...this.#byId.values()];
    return all.find((one) => one.businessAccountId === id && one.accessToken === token) ?? null;
  }

  /** @throws SimulatorError `unknown-number` */
  get(id: string): VirtualNumber {
    const number = this.find(id);
    if (number === null) throw new SimulatorError('unknown-number', `No number ${id} here.`);
    return number;
  }

  /** @throws SimulatorError `which-number` unless there is exactly one */
  only(): VirtualNumber {
    const [number] = this.#byId.values();
    if (number === undefined || this.#byId.size > 1) {
      throw new SimulatorError('which-number', 'Say which number: there is not exactly one.');
    }
    return number;
  }

  /** Whether any number has this access token. */
  knowToken(token: string): boolean {
    return this.#tokens.has(token);
  }
}
