import type { Template } from '../cloud-api';
import type { Account } from './account';

/** A template as a flow is going to send it. */
export interface WantedTemplate {
  name: string;
  language: string;
  /** Null where they are not known before a message comes. */
  parameters: string[] | Record<string, string> | null;
}

/** Why a template cannot be sent as it is wanted. */
export type TemplateProblem =
  | { is: 'unknown' }
  | { is: 'other-language'; languages: string[] }
  | { is: 'not-approved'; status: string }
  | { is: 'no-request' }
  | { is: 'wrong-values'; placeholders: string[]; given: string[] };

/**
 * Asks WhatsApp whether a template can ask for the permission to call; null where nothing speaks against it, or
 * where the account does not know its business account.
 *
 * @throws {CloudApiError} where WhatsApp cannot be asked, or does not answer who asks: then nothing is known
 */
export async function checkTemplate(
  { cloudApi }: Account,
  wanted: WantedTemplate,
): Promise<TemplateProblem | null> {
  const templates = await cloudApi.lookUpTemplates(wanted.name);
  return templates && problemOf(templates, wanted);
}

function problemOf(templates: Template[], wanted: WantedTemplate): TemplateProblem | null {
  if (templates.length === 0) return { is: 'unknown' };
  const template = templates.find(({ language }) => language === wanted.language);
  if (!template) {
    return { is: 'other-language', languages: templates.map(({ language }) => language) };
  }
  const { status, asksToCall, placeholders } = template;
  if (status !== '' && status !== 'APPROVED') return { is: 'not-approved', status };
  if (asksToCall === false) return { is: 'no-request' };
  const { parameters } = wanted;
  if (placeholders === null || parameters === null) return null;
  const given = namesOf(parameters);
  const fits = given.toSorted().join() === placeholders.toSorted().join();
  return fits ? null : { is: 'wrong-values', placeholders, given };
}

/** A list fills the positions from 1 on. */
const namesOf = (parameters: string[] | Record<string, string>): string[] =>
  Array.isArray(parameters)
    ? parameters.map((_, index) => String(index + 1))
    : Object.keys(parameters);
