import { SimulatorError } from './errors';
import { isObject, objectAt } from './json';
import type { JsonObject } from './json';
import { unixSeconds } from './times';

/** Countries whose numbers cannot place calls (Meta, calling overview, 2026-06-26). ISO 3166. */
const NOT_ELIGIBLE = new Set(['US', 'CA', 'EG', 'VN', 'NG']);

/** Calling is off until it is switched on at Meta; here it is on, since calling is what one comes for. */
const DEFAULTS: JsonObject = {
  status: 'ENABLED',
  call_icon_visibility: 'DEFAULT',
  callback_permission_status: 'ENABLED',
  srtp_key_exchange_protocol: 'DTLS',
  sip: { status: 'DISABLED', servers: [], webhook_delivery: 'DISABLED' },
  audio: { additional_codecs: [] },
};

/** The calling settings of a business number, and whether WhatsApp lets it call at all. */
export class NumberSettings {
  #calling: JsonObject;
  /** Epoch milliseconds until which the number may neither call nor request; null: it may. */
  restrictedUntil: number | null = null;

  /**
   * @param country ISO 3166 code of the number's country; undefined: one that may call
   * @param calling settings that differ from the defaults
   */
  constructor(
    readonly country: string | undefined,
    calling: JsonObject = {},
  ) {
    this.#calling = structuredClone(DEFAULTS);
    this.change(calling);
  }

  get isCallingOn(): boolean {
    return this.#calling['status'] === 'ENABLED';
  }

  get isSipOn(): boolean {
    return objectAt(this.#calling, 'sip')['status'] === 'ENABLED';
  }

  get isCallbackPermissionOn(): boolean {
    return this.#calling['callback_permission_status'] === 'ENABLED';
  }

  get usesDtls(): boolean {
    return this.#calling['srtp_key_exchange_protocol'] === 'DTLS';
  }

  get isEligible(): boolean {
    return this.country === undefined || !NOT_ELIGIBLE.has(this.country.toUpperCase());
  }

  isRestricted(now: number): boolean {
    return this.restrictedUntil !== null && now < this.restrictedUntil;
  }

  /**
   * Replaces the settings named in `calling`; the others stay.
   * @throws SimulatorError `bad-input`
   */
  change(calling: JsonObject): void {
    for (const key of ['status', 'callback_permission_status']) {
      const value = calling[key];
      if (value !== undefined && value !== 'ENABLED' && value !== 'DISABLED') {
        throw new SimulatorError('bad-input', `"${key}" must be ENABLED or DISABLED.`);
      }
    }
    if (calling['sip'] !== undefined && !isObject(calling['sip'])) {
      throw new SimulatorError('bad-input', '"sip" must be an object.');
    }
    this.#calling = { ...this.#calling, ...structuredClone(calling) };
  }

  /** What GET settings answers under `calling` (Meta, call-settings, 2026-06-26). */
  toJson(now: number): JsonObject {
    if (!this.isRestricted(now)) return structuredClone(this.#calling);
    const restriction = {
      type: 'RESTRICTED_BUSINESS_INITIATED_CALLING',
      reason: 'Too much negative feedback from users.',
      expiration: unixSeconds(this.restrictedUntil ?? now),
    };
    return {
      ...structuredClone(this.#calling),
      restrictions: { restrictions_list: [restriction] },
    };
  }
}
