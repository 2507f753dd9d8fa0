import { SimulatorError } from './errors';
import { isObject, textAt } from './json';
import type { JsonObject } from './json';
import { toPreset } from './limits';
import type { Limits, LimitsPreset } from './limits';
import type { NumberOptions, Template } from './number-options';
import type { UserOptions } from './user';

/** What a user is to be, out of JSON; the user itself checks the rest. */
export function toUserOptions(input: JsonObject): UserOptions {
  return { ...input, waId: textAt(input, 'waId') ?? '' };
}

/**
 * What a number is to be, out of JSON; the number itself checks the rest.
 * @throws SimulatorError `bad-input`
 */
export function toNumberOptions(input: JsonObject): NumberOptions {
  const text = (key: string): string => textAt(input, key) ?? '';
  const { limits, calling, templates, otherTemplates } = input;
  return {
    id: text('id'),
    displayNumber: text('displayNumber'),
    businessAccountId: text('businessAccountId'),
    accessToken: text('accessToken'),
    appSecret: text('appSecret'),
    ...optionalText(input, 'verifyToken'),
    ...optionalText(input, 'country'),
    ...optionalText(input, 'webhook'),
    ...(limits === undefined ? {} : { limits: toLimitsOption(limits) }),
    ...(isObject(calling) ? { calling } : {}),
    ...(Array.isArray(templates) ? { templates: templates.map(toTemplate) } : {}),
    ...(typeof otherTemplates === 'boolean' ? { otherTemplates } : {}),
  };
}

function optionalText<Key extends string>(
  input: JsonObject,
  key: Key,
): Partial<Record<Key, string>> {
  const text = textAt(input, key);
  const none: Partial<Record<Key, string>> = {};
  return text === null ? none : { ...none, [key]: text };
}

function toLimitsOption(limits: unknown): LimitsPreset | Partial<Limits> {
  if (isObject(limits)) return limits;
  return toPreset(String(limits));
}

function toTemplate(template: unknown): Template {
  if (!isObject(template)) throw new SimulatorError('bad-input', 'A template must be an object.');
  return {
    name: textAt(template, 'name') ?? '',
    language: textAt(template, 'language') ?? '',
    callPermissionRequest: template['callPermissionRequest'] === true,
    ...optionalText(template, 'body'),
    ...optionalText(template, 'status'),
    ...optionalText(template, 'category'),
  };
}

/** Whether the JSON says `temporary` (also by saying nothing) or `permanent`. */
export function toPermissionKind(input: JsonObject): 'temporary' | 'permanent' {
  const kind = textAt(input, 'kind') ?? 'temporary';
  if (kind === 'temporary' || kind === 'permanent') return kind;
  throw new SimulatorError('bad-input', '"kind" must be temporary or permanent.');
}

/** The positive number at `key`. */
export function toPositive(input: JsonObject, key: string, otherwise = Number.NaN): number {
  const value = input[key] ?? otherwise;
  if (typeof value === 'number' && value > 0) return value;
  throw new SimulatorError('bad-input', `"${key}" must be a positive number.`);
}
