import type { EditorNodeInstance } from 'node-red';
import type { Validator } from './red';

/** `${NAME}`, filled in by Node-RED before the node starts; only ever the whole value. */
export const ENVIRONMENT_VARIABLE = /^\$\{\S+\}$/;

/**
 * A validator that accepts what `fits`, and any environment variable.
 *
 * @param error name of the message in the catalog's group `error`
 */
export function valid(
  error: string,
  fits: (value: string, node: EditorNodeInstance) => boolean,
): Validator<string> {
  return function (value, opt) {
    if (ENVIRONMENT_VARIABLE.test(value) || fits(value, this)) return true;
    return opt ? this._(`error.${error}`) : false;
  };
}

export function matching(error: string, pattern: RegExp): Validator<string> {
  return valid(error, (value) => pattern.test(value));
}

/** An account must be chosen and must exist. */
export const existingAccount: Validator<string> = valid(
  'account',
  (id) => id !== '' && id !== '_ADD_' && RED.nodes.node(id) !== null,
);

/** A phone number as people type it, or a business-scoped user id such as `US.1349…`. */
const CONTACT = /^(\+?[\d\s().-]{5,}|[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]+)$/;

/** The contact field: a typed input that must say something, and a fixed text must be a contact. */
export const contact: Validator<string> = function (value, opt) {
  const type = setting(this, 'contactType');
  if (value === '' || (type === 'str' && !CONTACT.test(value))) {
    return opt ? this._('error.contact') : false;
  }
  return RED.validators.typedInput('contactType').call(this, value, opt);
};

/** Another setting of the same node: what stands in the open dialog, else what was saved. */
export function setting(node: EditorNodeInstance, name: string): string {
  const prefix = RED.nodes.getType(node.type).category === 'config' ? 'node-config' : 'node';
  const saved: unknown = Reflect.get(node, name);
  const value = $(`#${prefix}-input-${name}`).val() ?? saved;
  return typeof value === 'string' ? value : '';
}
