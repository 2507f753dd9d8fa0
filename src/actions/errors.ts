export type ActionErrorCode =
  | 'outcome-unknown'
  | 'offer-missing'
  | 'call-id-missing'
  | 'template-missing'
  | 'memo-not-json'
  | 'memo-too-large';

/** A fault of one action; faults of WhatsApp and the network are `CloudApiError`s. */
export class ActionError extends Error {
  readonly code: ActionErrorCode;

  constructor(code: ActionErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
