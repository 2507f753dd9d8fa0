import { inspect } from 'node:util';
import { maskNumbers } from '../../src/mask';

/**
 * Whatever was thrown, as an error with a stable `code`: a Catch node branches on it. Errors end up in logs, so nobody's
 * number is in it, and no cause, which may quote what a store holds.
 */
export function asCodedError(thrown: unknown): Error & { code: string } {
  return isCoded(thrown) && isDiscreet(thrown) ? thrown : new PresentableError(thrown);
}

const isCoded = (thrown: unknown): thrown is Error & { code: string } =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string';

const isDiscreet = ({ message, stack = '', cause }: Error): boolean =>
  cause === undefined && [message, stack].every((text) => maskNumbers(text) === text);

/** Stands for an error that nobody foresaw, or that says too much. Not all errors can be changed. */
class PresentableError extends Error {
  readonly code: string;

  constructor(thrown: unknown) {
    super(maskNumbers(thrown instanceof Error ? thrown.message : describe(thrown)));
    this.code = isCoded(thrown) ? thrown.code : 'unexpected';
    if (!(thrown instanceof Error)) return;
    this.name = thrown.name;
    if (thrown.stack !== undefined) this.stack = maskNumbers(thrown.stack);
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
