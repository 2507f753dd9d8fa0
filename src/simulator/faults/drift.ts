import { isObject } from '../json';

/** Fields whose digits are sent as string here and as number there (Meta's own samples disagree; PYWA, WAJS). */
const COUNTED = /(^|_)(timestamp|time|duration|expiration|max_allowed|current_usage|code)$/;

/** The same with numbers written as strings and strings of digits as numbers, where they count or time something. */
export function drifted<T>(value: T): T {
  return other(value) as T;
}

function other(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => other(item));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [name, other(part, name)]),
    );
  }
  if (!COUNTED.test(key)) return value;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
}
