/**
 * The names one WhatsApp user goes by. Any may be unknown (null), never all of them.
 * All are written as digits without "+", except the user id.
 */
export interface ContactNames {
  /** The number as WhatsApp writes it; never re-validated (it has its own way in Brazil, Mexico, Argentina). */
  waId: string | null;
  /** Business-scoped user id, such as `US.13491208655302741918`. */
  userId: string | null;
  /** The number as it was dialled, E.164 without "+". */
  phone: string | null;
}
