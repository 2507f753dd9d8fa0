/** No value of ours is a text, so this one is reported as one that cannot be read. */
const NOT_JSON = 'not JSON';

/** The text of a value to be stored; undefined removes it. */
export const toText = (value: unknown): string | undefined =>
  value === undefined ? undefined : JSON.stringify(value);

/** The value of a stored text; what cannot be read is reported where it is used. */
export function fromText(text: string | null | undefined): unknown {
  if (text === undefined || text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}
