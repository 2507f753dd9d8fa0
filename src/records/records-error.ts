/**
 * Why the records could not be used: `records-unavailable`, the place where they are kept failed, so nothing
 * may be decided or acknowledged; `records-not-available`, the package that this place needs is not installed;
 * `contact-unnamed`, a contact without any name.
 */
export type RecordsErrorCode = 'records-unavailable' | 'records-not-available' | 'contact-unnamed';

/** A fault of the records. Its message holds no name of a contact; `cause` is what the backend said. */
export class RecordsError extends Error {
  override readonly name = 'RecordsError';

  constructor(
    readonly code: RecordsErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
