import type { Validator } from '../common/editor/red';
import { ENVIRONMENT_VARIABLE, matching, setting, valid } from '../common/editor/validators';
import type { AccountConfig } from './config';

/** The number that the dialog suggests for a first account on the simulator; any digits would do. */
const FIRST = 100_000_000_000_001;

type Account = Partial<AccountConfig> & { id: string };

/** A phone number id is a number of digits, and no other account of the same connection has it. */
export const ownPhoneNumberId: Validator<string> = function (number, opt) {
  const isNumber = digitsOnly.call(this, number, opt);
  return isNumber === true ? ownNumber.call(this, number, opt) : isNumber;
};

const digitsOnly = matching('phone-number-id', /^\d+$/);

const ownNumber = valid('number-taken', (number, node) => {
  const connection = setting(node, 'connection');
  return !otherAccounts(node.id).some(
    (other) => other.connection === connection && other.phoneNumberId === number,
  );
});

/** Suggests, for an account that is being added, a phone number id and a number that no other account has. */
export function suggestNumber(id: string): void {
  const isThere = RED.nodes.node(id) !== null;
  const taken = otherAccounts(id).map(({ phoneNumberId }) => phoneNumberId);
  if (isThere || taken.length === 0) return;
  let index = 0;
  while (taken.includes(String(FIRST + index))) index += 1;
  $('#node-config-input-phoneNumberId').val(String(FIRST + index));
  $('#node-config-input-displayNumber').val(String(15_550_000_001 + index));
}

function otherAccounts(id: string): Account[] {
  const others: Account[] = [];
  RED.nodes.eachConfig((config) => {
    const account = config as Account & { type: string };
    const isOther = account.type === 'whatsapp-calling-account' && account.id !== id;
    if (isOther && !ENVIRONMENT_VARIABLE.test(account.phoneNumberId ?? '')) others.push(account);
    return true;
  });
  return others;
}
