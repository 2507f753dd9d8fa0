import { invalidParameter } from './graph-errors';
import type { JsonObject } from './json';
import type { VirtualNumber } from './number';

/** How many come on a page unless `limit` says otherwise (Graph API, paging). */
const PAGE = 25;

/**
 * GET /{business account id}/message_templates: by name, page by page. Only what is asked for with `fields`; the id
 * always.
 * @throws GraphError 100 for a `limit` or `after` that is none
 */
export function getTemplates(number: VirtualNumber, query: URLSearchParams): JsonObject {
  const all = number.templates.list(query.get('name') ?? '');
  const limit = wholeNumber(query, 'limit', PAGE);
  const start = wholeNumber(query, 'after', 0);
  const end = start + limit;
  const isLast = end >= all.length;
  const fields = query.get('fields')?.split(',');
  const data = all.slice(start, end).map((template) => {
    const known = Object.entries(template).filter(([field]) => fields?.includes(field) ?? true);
    return { ...Object.fromEntries(known), id: template['id'] };
  });
  if (data.length === 0) return { data };
  const cursors = { before: String(start), after: String(end) };
  return { data, paging: { cursors, ...(isLast ? {} : { next: nextPage(number, query, end) }) } };
}

function nextPage(number: VirtualNumber, query: URLSearchParams, end: number): string {
  const next = new URLSearchParams(query);
  next.set('after', String(end));
  return `https://graph.invalid/${number.businessAccountId}/message_templates?${next}`;
}

function wholeNumber(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^\d{1,6}$/.test(text)) throw invalidParameter(`"${name}" must be a whole number.`);
  return Number(text);
}
