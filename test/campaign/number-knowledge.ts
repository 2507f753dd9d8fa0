import { HOUR } from '../../src/rules';

const SECOND = 1000;
const DAY = 24 * HOUR;

// The bodies are looked at field by field; a missing one must fail an assertion, not compile.
// oxlint-disable-next-line typescript/no-explicit-any
type Wire = any;

/** What of the whole number was acknowledged, or refused: what our records have to know. */
export class NumberKnowledge {
  #restricted = { at: -Infinity, until: -Infinity };
  #settings = { at: -Infinity, isOn: true, isSilent: false };
  readonly #refusedAt = new Map<number, number>();

  /** False where a store may have lost what it knew of the settings. */
  isSure = true;

  /** A store lost its tail: what was told before may be remembered or not, and still goes before what is older. */
  lose(): void {
    this.isSure = false;
    this.#settings.isOn = true;
    this.#restricted.until = -Infinity;
    this.#refusedAt.clear();
  }

  /** @param at when it happened, epoch milliseconds */
  hear(value: Wire, at: number): void {
    if (value.event === 'ACCOUNT_RESTRICTION' && at >= this.#restricted.at) {
      const [restriction] = value.restriction_info;
      this.#restricted = {
        at,
        until: restriction === undefined ? at : restriction.expiration * 1000,
      };
    }
    const calling = value.phone_number_settings?.calling;
    if (calling === undefined || at < this.#settings.at) return;
    const isOn = calling.status === 'ENABLED' && calling.sip.status !== 'ENABLED';
    this.isSure = true;
    this.#settings = { at, isOn, isSilent: calling.sip.status !== 'ENABLED' };
  }

  /** WhatsApp answered a look-up, which it does not while calling is off. */
  answered(at: number): void {
    const isNewer = at >= this.#settings.at + SECOND;
    if (this.#settings.isSilent && isNewer) this.#settings.isOn = true;
    if (this.#refusal(138000) < at - SECOND) this.#refusedAt.delete(138000);
  }

  /** WhatsApp refused something for a reason of the number, and we know. */
  refused(code: number, at: number): void {
    this.#refusedAt.set(code, at);
  }

  /** Why nothing may be sent at `time`; null where nothing that was told stands against it. */
  obstacle(time: number): string | null {
    if (time < this.#restricted.until) return 'the number is restricted';
    if (!this.#settings.isOn) return 'calling is off';
    // WhatsApp names no end in its refusals: it is tried again after so long, or when it says more.
    const refusedAt = this.#refusal(138014);
    const isExplained = refusedAt >= this.#restricted.at && refusedAt < this.#restricted.until;
    if (!isExplained && refusedAt > this.#restricted.at && time < refusedAt + DAY) {
      return 'WhatsApp refused everything for a restriction';
    }
    const off = Math.max(this.#refusal(138000), this.#refusal(131055));
    return time < off + HOUR && off > this.#settings.at
      ? 'WhatsApp said that calling is off'
      : null;
  }

  #refusal(code: number): number {
    return this.#refusedAt.get(code) ?? -Infinity;
  }
}
