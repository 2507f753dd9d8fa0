import { createHmac } from 'node:crypto';
import type { ContactNames } from '../rules/contact';
import { RecordsError } from './records-error';
import { canonicalNumber } from './same-person';

/** Whose records they are. */
export interface Ledger {
  phoneNumberId: string;
  /** Records made on the simulator stand apart, so that a virtual week never reaches real contacts. */
  simulated: boolean;
}

const SAFE_KEY = /^[A-Za-z][A-Za-z0-9_:-]*$/;

/** Whether Node-RED's property parser takes the key as one plain name: no number, dot, bracket or space. */
export const isSafeKey = (key: string): boolean => SAFE_KEY.test(key);

/**
 * Writes any text in letters, digits, "-" and "_", readably and without loss: a code unit that is not safe
 * becomes `_` and two hex digits, or `_u` and four.
 */
export const encode = (text: string): string =>
  text.replace(/[^A-Za-z0-9-]/g, (char) => {
    const hex = char.charCodeAt(0).toString(16);
    return hex.length > 2 ? `_u${hex.padStart(4, '0')}` : `_${hex.padStart(2, '0')}`;
  });

/** Names the keys of one account's records: flat, and safe in any context store. */
export class Keys {
  /** The account's state. */
  readonly account: string;

  /** How many calls the account makes. */
  readonly counts: string;

  /** The secret without which nobody can tell whose the remains of an erased contact are. */
  readonly secret: string;

  /** What all keys of the account's records begin with. */
  readonly prefix: string;

  constructor({ phoneNumberId, simulated }: Ledger) {
    this.prefix = `whatsappCalling:${simulated ? 'sim:' : ''}${encode(phoneNumberId)}:`;
    this.account = `${this.prefix}account`;
    this.counts = `${this.prefix}counts`;
    this.secret = `${this.prefix}secret`;
  }

  /**
   * The keys that a contact's names lead to, without repetition. The first is where its record belongs:
   * under the number that WhatsApp uses, else the one dialled, else the user id.
   * Throws a `RecordsError` (`contact-unnamed`) where there is no name.
   */
  contact({ waId, phone, userId }: ContactNames): [string, ...string[]] {
    const numbers = [waId, phone]
      .filter(isTold)
      .map((number) => `w${encode(canonicalNumber(number))}`);
    const ids = [userId].filter(isTold).map((id) => `u${encode(id)}`);
    const [main, ...others] = new Set([...numbers, ...ids]);
    if (main === undefined) throw new RecordsError('contact-unnamed', 'The contact has no name');
    return [this.prefix + main, ...others.map((name) => this.prefix + name)];
  }

  /** The key of an erased contact that stands for one of its own: a keyed hash (HMAC-SHA256), hexadecimal. */
  erased(contactKey: string, secret: string): string {
    return `${this.prefix}h${createHmac('sha256', secret).update(contactKey).digest('hex')}`;
  }

  /** Where it is kept which contact a call or request id belongs to. */
  call(id: string): string {
    return `${this.prefix}call-${encode(id)}`;
  }

  /** Where the agenda begins; the keys of its other pages begin like this one. */
  agenda(): string {
    return `${this.prefix}due`;
  }

  /** Whether the key is that of a page of the agenda. */
  isAgenda(key: string): boolean {
    return key.startsWith(this.agenda());
  }

  /** A sheet of the outbox. */
  outbox(sheet: number): string {
    return `${this.prefix}out-${sheet}`;
  }

  /** Whether the key is that of a sheet of the outbox. */
  isOutbox(key: string): boolean {
    return key.startsWith(`${this.prefix}out-`);
  }

  /** Whether the value is the key of one of this account's contacts, erased or not. */
  isContact(value: unknown): value is string {
    return (
      typeof value === 'string' &&
      isSafeKey(value) &&
      value.startsWith(this.prefix) &&
      /^[huw]/.test(value.slice(this.prefix.length))
    );
  }

  /** Whether the key of a contact is that of an erased one. */
  isErased(contactKey: string): boolean {
    return contactKey.startsWith(`${this.prefix}h`);
  }

  /** Names a key in a message to people, without giving a contact away. */
  describe(key: string): string {
    if (key === this.account) return "the account's state";
    if (key === this.counts) return "the count of the account's calls";
    if (key === this.secret) return 'the secret of the erased contacts';
    if (this.isAgenda(key)) return 'a page of the agenda';
    if (this.isOutbox(key)) return 'a part of what the flow is still to be told';
    return this.isContact(key)
      ? `the record of the contact that ends in ${key.slice(-4)}`
      : 'the contact of a call or request';
  }
}

const isTold = (name: string | null): name is string => name !== null && name !== '';
