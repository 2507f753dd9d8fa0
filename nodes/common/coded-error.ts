import { inspect } from 'node:util';

/** Whatever was thrown, as an error with a stable `code`: a Catch node branches on it. */
export function asCodedError(thrown: unknown): Error & { code: string } {
  if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string') {
    return thrown as Error & { code: string };
  }
  return new UnexpectedError(thrown);
}

/** Something was thrown that nobody foresaw. What it was is in `cause`, untouched: not all errors can be changed. */
class UnexpectedError extends Error {
  readonly code = 'unexpected';

  constructor(thrown: unknown) {
    super(thrown instanceof Error ? thrown.message : describe(thrown), { cause: thrown });
    if (thrown instanceof Error && thrown.stack !== undefined) this.stack = thrown.stack;
  }
}

function describe(thrown: unknown): string {
  return typeof thrown === 'string'
    ? thrown
    : `Something that is no error was thrown: ${inspect(thrown)}`;
}

export type SettingsErrorCode =
  | 'account-missing'
  | 'variable-not-set'
  | 'setting-missing'
  | 'setting-invalid'
  | 'settings-too-new'
  | 'unknown-context-store'
  | 'records-on-several-tabs'
  | 'records-not-available'
  | 'number-used-twice'
  | 'media-not-available';

/** A setting of a node that cannot work; every message to the node fails with it until it is mended. */
export class SettingsError extends Error {
  readonly code: SettingsErrorCode;

  constructor(code: SettingsErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
