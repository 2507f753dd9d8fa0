import { GraphError, invalidParameter } from './graph-errors';
import { isObject, objectAt, textAt } from './json';
import type { JsonObject } from './json';
import type { Template } from './number-options';

const DEFAULT_BODY = 'May we call you?';

/** A placeholder: its position from 1, or its name (Meta, templates/components). */
const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

/** The message templates of a business number. */
export class Templates {
  readonly #listed: readonly Template[];
  readonly #acceptsOthers: boolean;

  /** @param acceptsOthers whether any name that is not listed is an approved call permission request too */
  constructor(listed: readonly Template[] | undefined, acceptsOthers: boolean | undefined) {
    this.#listed = listed ?? [];
    this.#acceptsOthers = acceptsOthers ?? listed === undefined;
  }

  /**
   * Whether the `template` of a message asks for the permission to call.
   * @throws GraphError where there is no such approved template, or its values do not fit
   */
  isRequest(content: JsonObject): boolean {
    const name = textAt(content, 'name');
    const language = textAt(objectAt(content, 'language'), 'code');
    if (name === null || language === null) {
      throw invalidParameter('A template needs name and language.code.');
    }
    const sameName = this.#listed.filter((one) => one.name === name);
    if (sameName.length === 0 && this.#acceptsOthers) return true;
    const template = sameName.find((one) => one.language === language);
    if (template === undefined || statusOf(template) !== 'APPROVED') {
      throw new GraphError(132001, `There is no approved template ${name} in ${language}.`);
    }
    checkValues(template, content);
    return template.callPermissionRequest;
  }

  /** As `GET /{business account id}/message_templates` lists them: those whose names contain `name`. */
  list(name: string): JsonObject[] {
    return this.#listed.filter((one) => one.name.includes(name)).map(toJson);
  }
}

const statusOf = ({ status = 'APPROVED' }: Template): string => status;

const placeholdersOf = ({ body = DEFAULT_BODY }: Template): string[] => [
  ...new Set([...body.matchAll(PLACEHOLDER)].map(([, name]) => name ?? '')),
];

const isPosition = (placeholder: string): boolean => /^\d+$/.test(placeholder);

/** As many values as placeholders, and where these have names, the same names. */
function checkValues(template: Template, content: JsonObject): void {
  const components = content['components'];
  const body = (Array.isArray(components) ? components.filter(isObject) : []).find(
    (component) => textAt(component, 'type')?.toLowerCase() === 'body',
  );
  const given = body?.['parameters'];
  const values = Array.isArray(given) ? given.filter(isObject) : [];
  const placeholders = placeholdersOf(template);
  if (values.length !== placeholders.length) {
    throw new GraphError(
      132000,
      `body: number of localizable_params (${values.length}) does not match the expected number of params (${placeholders.length})`,
    );
  }
  const names = placeholders.filter((placeholder) => !isPosition(placeholder));
  const areNamed = names.every((name) =>
    values.some((value) => textAt(value, 'parameter_name') === name),
  );
  if (!areNamed) throw invalidParameter('Parameter name is missing or unknown.');
}

/** What one template looks like to who lists them (Meta, templates, 2026). */
function toJson(template: Template, index: number): JsonObject {
  const { name, language, category = 'UTILITY', body = DEFAULT_BODY } = template;
  const isNamed = placeholdersOf(template).some((placeholder) => !isPosition(placeholder));
  return {
    name,
    parameter_format: isNamed ? 'NAMED' : 'POSITIONAL',
    components: [
      { type: 'BODY', text: body },
      ...(template.callPermissionRequest ? [{ type: 'CALL_PERMISSION_REQUEST' }] : []),
    ],
    language,
    status: statusOf(template),
    category,
    id: String(300_000_000_000_001 + index),
  };
}
