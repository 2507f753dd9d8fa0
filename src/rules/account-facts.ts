/** Something that happened to the whole business number. Times as in {@link ./facts}. */
export type AccountFact = AccountBlocked | AccountFreed;

/** Why nothing goes through for any contact of a number. */
export type AccountBlockReason =
  | 'account-restricted'
  | 'account-not-eligible'
  | 'rate-limited'
  | 'concurrent-calls'
  | 'daily-initiations';

/** What a fact is about: of two on one matter the newer holds. A ban is a restriction that has its own beginning and end. */
export type AccountMatter = AccountBlockReason | 'account-banned';

/** As what a matter is told. */
export const reasonOf = (matter: AccountMatter): AccountBlockReason =>
  matter === 'account-banned' ? 'account-restricted' : matter;

/** WhatsApp stopped the number, or refused an action for a reason that lies in the number. */
export interface AccountBlocked {
  type: 'account-blocked';
  at: number;
  reason: AccountMatter;
  /** Epoch milliseconds until which it holds; null where WhatsApp named no end. */
  until: number | null;
  /** Where WhatsApp refused something and named no end: the end is our guess, until WhatsApp tells. */
  guessed?: true;
  /** While it holds WhatsApp answers no look-up either: where it does, it is over (calling was switched on again). */
  answersNothing?: true;
}

/** What stopped the number is over (a restriction lifted, calling switched on again). */
export interface AccountFreed {
  type: 'account-freed';
  at: number;
  reason: AccountMatter;
}
