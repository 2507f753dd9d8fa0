export type ContentErrorCode = 'body-invalid' | 'parameters-invalid';

/** What a request should say cannot be said: it is neither text nor a number. */
export class ContentError extends Error {
  readonly code: ContentErrorCode;

  constructor(code: ContentErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The text of a free-form request; empty where there is none. @throws {ContentError} */
export function readBody(value: unknown): string {
  if (isNothing(value)) return '';
  if (isSayable(value)) return String(value);
  throw new ContentError('body-invalid', 'The text of the request must be text or a number.');
}

/** The values for a template's placeholders: by position, or by name. @throws {ContentError} */
export function readParameters(value: unknown): string[] | Record<string, string> {
  if (isNothing(value)) return [];
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value !== 'object') return [asText(value)];
  return Object.fromEntries(
    Object.entries(value as object).map(([name, item]) => [name, asText(item)]),
  );
}

function asText(value: unknown): string {
  if (isSayable(value)) return String(value);
  throw new ContentError(
    'parameters-invalid',
    'The template parameters must be texts or numbers, in a list or by name.',
  );
}

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === '';

const isSayable = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number';
