import type { GraphErrorCode } from './graph-errors';

/**
 * What became of the action that failed:
 * - `refused`: WhatsApp said no, nothing happened;
 * - `not-sent`: nothing can have reached WhatsApp;
 * - `unknown`: it may have taken effect.
 */
export type Outcome = 'refused' | 'unknown' | 'not-sent';

/** Faults that no error number of WhatsApp stands for. */
const FAULTS = {
  'network-down': 'WhatsApp cannot be reached',
  timeout: 'WhatsApp did not answer in time',
  'connection-cut': 'The connection to WhatsApp was cut',
  'server-error': 'The server of WhatsApp failed',
  'invalid-response': 'The answer of WhatsApp cannot be read',
  'invalid-url': 'The Graph URL of the account is not an http or https address',
  'rate-limited': 'WhatsApp was asked too often',
  'invalid-parameter': 'A value is missing',
  'app-secret-proof': 'WhatsApp wants another proof of the app secret',
  closed: 'The connection to WhatsApp was closed by us',
} as const;

export type FaultCode = keyof typeof FAULTS;
export type CloudApiErrorCode = FaultCode | GraphErrorCode;

interface CloudApiErrorFields {
  outcome: Outcome;
  /** What the code means, for people; the fault's own text where it is left out. */
  meaning: string;
  number?: number | null;
  status?: number | null;
  details?: string | null;
  retryAfter?: number | null;
}

/** The only error that leaves the Cloud API client. It never holds the request, and so no access token. */
export class CloudApiError extends Error {
  override readonly name = 'CloudApiError';
  readonly code: CloudApiErrorCode;
  /** WhatsApp's own error number; null where it gave none. */
  readonly number: number | null;
  /** HTTP status; null where there was no answer. */
  readonly status: number | null;
  /** What WhatsApp (or the network) says beyond the code, for people. */
  readonly details: string | null;
  readonly outcome: Outcome;
  /** How long WhatsApp asks us to wait (`Retry-After`), in milliseconds; null where it did not say. */
  readonly retryAfter: number | null;

  constructor(code: CloudApiErrorCode, fields: CloudApiErrorFields) {
    const { meaning, outcome, number = null, status = null, details = null } = fields;
    const source = number === null ? '' : ` (WhatsApp error ${number})`;
    super(`${meaning}${source}${details === null ? '' : `: ${details}`}`);
    this.code = code;
    this.number = number;
    this.status = status;
    this.details = details;
    this.outcome = outcome;
    this.retryAfter = fields.retryAfter ?? null;
  }
}

/** An error for a fault of ours, of the network, or of an answer without an error number. */
export function fault(
  code: FaultCode,
  outcome: Outcome,
  more: Pick<CloudApiErrorFields, 'number' | 'status' | 'details' | 'retryAfter'> = {},
): CloudApiError {
  return new CloudApiError(code, { ...more, outcome, meaning: FAULTS[code] });
}
