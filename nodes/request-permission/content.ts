/** Template parameters that are neither a list nor an object of texts and numbers. */
export class ParametersError extends Error {
  readonly code = 'parameters-invalid';
}

/** The values for a template's placeholders: by position, or by name. @throws {ParametersError} */
export function readParameters(value: unknown): string[] | Record<string, string> {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asText(item)]));
  }
  return [asText(value)];
}

function asText(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new ParametersError(
    'The template parameters must be texts or numbers, in a list or by name.',
  );
}
