/** What can be wrong with a use of the simulator itself (not with what WhatsApp refuses: see graph-errors). */
export type SimulatorErrorCode =
  | 'bad-input'
  | 'unknown-number'
  | 'unknown-user'
  | 'already-there'
  | 'which-number'
  | 'no-request'
  | 'no-call'
  | 'call-in-progress'
  | 'calling-off'
  | 'no-webhook-url'
  | 'not-listening'
  | 'already-listening'
  | 'clock-backwards';

/** A command that the virtual world cannot carry out. `code` is stable; the message is for people. */
export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';

  constructor(
    readonly code: SimulatorErrorCode,
    message: string,
  ) {
    super(message);
  }
}
