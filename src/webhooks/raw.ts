import { isObject } from './reading';

/** Deeper than anything WhatsApp sends; cloning and writing as JSON, which recurse, are safe up to here. */
const DEEPEST = 64;
const SECRET_FIELD = 'sip_user_password';

/**
 * The part of a body that may travel on into a flow: the part itself, without the SIP password that account
 * settings can carry, and null where it is nested so deeply that whoever clones it would run out of stack.
 */
export function presentable(part: unknown): unknown {
  const found = inspect(part);
  if (found.tooDeep) return null;
  return found.secret ? withoutSecret(part) : part;
}

function inspect(part: unknown): { tooDeep: boolean; secret: boolean } {
  let secret = false;
  let level = [part];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return { tooDeep: true, secret };
    const next: unknown[] = [];
    for (const value of level) {
      if (Array.isArray(value)) for (const item of value) addNested(next, item);
      else if (isObject(value)) {
        secret ||= Object.hasOwn(value, SECRET_FIELD);
        for (const item of Object.values(value)) addNested(next, item);
      }
    }
    level = next;
  }
  return { tooDeep: false, secret };
}

function addNested(list: unknown[], value: unknown): void {
  if (typeof value === 'object' && value !== null) list.push(value);
}

function withoutSecret(part: unknown): unknown {
  return JSON.parse(
    JSON.stringify(part, (name, value: unknown) => (name === SECRET_FIELD ? undefined : value)),
  );
}
