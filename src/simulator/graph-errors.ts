/** HTTP status and message of each code (Meta, troubleshooting 2026-06-24 and error-codes 2026-05-15). */
const CATALOGUE = {
  100: [400, 'Invalid parameter'],
  190: [401, 'Invalid OAuth access token - Cannot parse access token'],
  613: [429, 'Calls to this api have exceeded the rate limit'],
  2500: [400, 'Unknown path components'],
  131026: [400, 'Message undeliverable'],
  131047: [400, 'Re-engagement message'],
  131055: [400, 'Method not allowed'],
  132000: [400, 'Number of parameters does not match the expected number of params'],
  132001: [404, 'Template name does not exist in the translation'],
  138000: [401, 'Calling not enabled'],
  138002: [429, 'Limit of concurrent calls reached'],
  138003: [400, 'Duplicate call'],
  138005: [429, 'Limit of call initiations reached'],
  138006: [401, 'No approved call permission from the recipient'],
  138009: [400, 'Limit of call permission requests reached'],
  138012: [400, 'Limit of business-initiated calls reached'],
  138013: [400, 'Business-initiated calling is not available'],
  138014: [400, 'Business-initiated calling is temporarily disabled'],
  138017: [400, 'Permanent call permission exists already'],
} as const satisfies Record<number, readonly [status: number, message: string]>;

export type GraphErrorCode = keyof typeof CATALOGUE;

/** What WhatsApp refuses, with Meta's own code. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  /** HTTP status. */
  readonly status: number;

  /**
   * @param details free text for `error_data.details`
   * @param subcode `error_subcode`, where Graph is known to send one
   */
  constructor(
    readonly code: GraphErrorCode,
    readonly details: string | null = null,
    readonly subcode: number | null = null,
  ) {
    super(CATALOGUE[code][1]);
    this.status = CATALOGUE[code][0];
  }

  /** The body of the HTTP answer. */
  toEnvelope(traceId: string): object {
    return {
      error: {
        message: `(#${this.code}) ${this.message}`,
        type: 'OAuthException',
        code: this.code,
        ...(this.subcode === null ? {} : { error_subcode: this.subcode }),
        ...(this.details === null
          ? {}
          : { error_data: { messaging_product: 'whatsapp', details: this.details } }),
        fbtrace_id: traceId,
      },
    };
  }

  /** As it stands in the `errors` of a failed message status; message and title are the same there. */
  toStatusError(): object {
    return {
      code: this.code,
      title: this.message,
      message: this.message,
      error_data: { details: this.details ?? this.message },
      href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
    };
  }
}

/** Code 100, the answer to everything that is not what the API expects. */
export const invalidParameter = (details: string): GraphError => new GraphError(100, details);
