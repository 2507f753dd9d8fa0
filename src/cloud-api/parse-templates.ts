import { fault } from './errors';
import { isObject, objectsIn, readText, type JsonObject } from './json';

/** A message template, as far as asking for the permission to call needs it. */
export interface Template {
  name: string;
  language: string;
  /** In capitals: `APPROVED`, `PENDING`, `REJECTED`, `PAUSED` …; '' where WhatsApp did not say. */
  status: string;
  /** Whether it asks for the permission to call; null where WhatsApp did not tell the parts of it. */
  asksToCall: boolean | null;
  /** Of the body, in their order: positions from "1" on, or names; null where the body cannot be read. */
  placeholders: string[] | null;
}

/** A placeholder in the text of a body: `{{1}}`, or `{{customer}}`. */
const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

/**
 * Reads a page of `message_templates` (Meta, utility-call-permission-request-templates, 2026-05-21). What is no
 * template is passed over.
 * @throws {CloudApiError} `invalid-response` where there is no list in it
 */
export function parseTemplates({ data }: JsonObject): Template[] {
  if (!Array.isArray(data)) {
    throw fault('invalid-response', 'unknown', { details: 'it lists no templates' });
  }
  return objectsIn(data).flatMap((template) => {
    const name = readText(template.name);
    const language = readText(template.language);
    if (name === null || language === null) return [];
    return [{ name, language, status: wordOf(template.status), ...componentsOf(template) }];
  });
}

/** Where the next page begins (Graph API, paging); null on the last one. */
export function nextPageOf({ paging }: JsonObject): string | null {
  if (!isObject(paging) || readText(paging.next) === null) return null;
  return isObject(paging.cursors) ? readText(paging.cursors.after) : null;
}

function componentsOf({ components }: JsonObject): Pick<Template, 'asksToCall' | 'placeholders'> {
  if (!Array.isArray(components)) return { asksToCall: null, placeholders: null };
  const parts = objectsIn(components);
  const text = readText(parts.find(({ type }) => wordOf(type) === 'BODY')?.text);
  return {
    asksToCall: parts.some(({ type }) => wordOf(type) === 'CALL_PERMISSION_REQUEST'),
    placeholders: text === null ? null : placeholdersIn(text),
  };
}

const placeholdersIn = (text: string): string[] => [
  ...new Set([...text.matchAll(PLACEHOLDER)].flatMap(([, name]) => name ?? [])),
];

const wordOf = (value: unknown): string => readText(value)?.toUpperCase() ?? '';
