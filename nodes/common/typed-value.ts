import { maskNumbers } from '../../src/mask';
import type { Occasion } from './action-node';

/** The value of a typed field. The callback form: flow and global context may be asynchronous. */
export function typedValue(
  { RED, node, msg }: Occasion<unknown>,
  value: string,
  type: string,
): Promise<unknown> {
  return new Promise<unknown>((resolve, reject) => {
    RED.util.evaluateNodeProperty(value, type, node, msg, (error, result: unknown) =>
      error ? reject(error) : resolve(result),
    );
  }).catch((error: Error) => {
    if (isPartOfNothing(error, type)) return undefined;
    throw asFieldError(error, value);
  });
}

/** Node-RED throws for `msg.customer.phone` where there is no `msg.customer`: then there is no phone either. */
const isPartOfNothing = (error: Error, type: string): boolean =>
  error instanceof TypeError && ['msg', 'flow', 'global'].includes(type);

/** A field that cannot be evaluated, such as JSONata with a mistake in it. */
const asFieldError = (error: Error, field: string): Error =>
  Object.assign(
    new Error(maskNumbers(`The field "${field}" cannot be evaluated: ${error.message}`)),
    { code: 'field-invalid' },
  );
