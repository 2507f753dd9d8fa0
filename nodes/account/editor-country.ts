import { valid } from '../common/editor/validators';

/** ISO 3166-1 alpha-2, or empty: then only international numbers are understood. */
export const existingCountry = valid(
  'country',
  (code) => code === '' || countryName(code) !== null,
);

/** Says beside the field which country its two letters stand for. */
export function showCountry(code: string): void {
  $('#wacalling-country-name').text(countryName(code) ?? '');
}

function countryName(code: string): string | null {
  if (!/^[A-Z]{2}$/.test(code) || code === 'ZZ') return null; // ZZ stands for "unknown" in Unicode's names
  const names = new Intl.DisplayNames([navigator.language], { type: 'region', fallback: 'none' });
  return names.of(code) ?? null;
}
