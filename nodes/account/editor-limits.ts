import { type PolicyNumbers, PRESETS, policyFrom } from '../../src/rules/policy';
import type { Translate, Validator } from '../common/editor/red';
import { ENVIRONMENT_VARIABLE, setting } from '../common/editor/validators';

/** The rows of the table, in the order in which a call meets them, and what each is counted in. */
const ROWS: readonly [keyof PolicyNumbers, 'times' | 'hours'][] = [
  ['permissionLasts', 'hours'],
  ['requestsPer24h', 'times'],
  ['requestsPer7d', 'times'],
  ['requestLapsesAfter', 'hours'],
  ['askAgainAfterNoAnswer', 'hours'],
  ['askAgainAfterDecline', 'hours'],
  ['connectedCallsPer24h', 'times'],
  ['initiationsPer24h', 'times'],
  ['concurrentCalls', 'times'],
  ['reconsiderAfter', 'times'],
  ['revokeAfter', 'times'],
  ['pauseAfterReconsider', 'hours'],
  ['pauseBeforeRevocation', 'hours'],
  ['trustRecordsFor', 'hours'],
];

/** The changed limits must be JSON, of known names, and none laxer than WhatsApp's own. */
export const usablePolicy: Validator<string> = function (overrides, opt) {
  const problem = whatIsWrong(setting(this, 'policy'), overrides);
  return problem === null || (opt ? problem : false);
};

/** Fills the table below the policy with what holds, the changed in bold. */
export function showLimits(chosen: string, overrides: string, translate: Translate): void {
  const name = known(chosen);
  const problem = whatIsWrong(name, overrides);
  const preset = policyFrom(name);
  const policy = problem === null ? policyFrom(name, parse(overrides)) : preset;
  const numbers = ROWS.map(([key, unit]) => {
    const value = unit === 'hours' ? duration(policy[key], translate) : String(policy[key]);
    return row(key, value, policy[key] !== preset[key], translate);
  });
  const hours = policy.callingHours?.timeZone ?? translate('unit.any-time');
  const isLimited = policy.callingHours !== null;
  $('#wacalling-limits')
    .empty()
    .append([...numbers, row('callingHours', hours, isLimited, translate)]);
  $('#wacalling-limits-source').text(
    translate('tip.limits-source', { source: preset.source, date: preset.date }),
  );
  $('#wacalling-limits-problem')
    .text(problem ?? '')
    .toggle(problem !== null);
}

function row(key: string, value: string, isChanged: boolean, translate: Translate) {
  const cells = $('<tr>').append(
    $('<td>').text(translate(`limit.${key}`)),
    $('<td>').text(value).css({ whiteSpace: 'nowrap', padding: '0 1em' }),
    $('<td>').append($('<code>').text(key)),
  );
  return cells.css('font-weight', isChanged ? 'bold' : 'normal');
}

const known = (name: string): string => (Object.hasOwn(PRESETS, name) ? name : 'custom');

function whatIsWrong(name: string, overrides: string): string | null {
  try {
    policyFrom(known(name), parse(overrides));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What an environment variable holds is known only to the runtime, which checks it in the same way. */
const parse = (overrides: string): unknown =>
  ENVIRONMENT_VARIABLE.test(overrides) ? {} : JSON.parse(overrides.trim() || '{}');

function duration(hours: number, translate: Translate): string {
  if (hours === 0) return translate('unit.none');
  return hours > 24 && hours % 24 === 0
    ? translate('unit.days', { number: hours / 24 })
    : translate('unit.hours', { number: hours });
}
