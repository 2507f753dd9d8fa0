import { deepEqual, equal, notEqual } from 'node:assert/strict';
import * as fc from 'fast-check';
import { canonicalNumber } from '../../src/records/same-person';

const same = (a: string, b: string): void => equal(canonicalNumber(a), canonicalNumber(b));
const different = (a: string, b: string): void => notEqual(canonicalNumber(a), canonicalNumber(b));

describe('Spellings of one number', () => {
  it('a Brazilian mobile number is the same with and without its ninth digit', () => {
    same('5511987654321', '551187654321');
    same('5531999998888', '553199998888');
  });

  it('a Brazilian landline is nobody else', () => {
    equal(canonicalNumber('551133334444'), '551133334444');
    different('551133334444', '5511933334444');
    different('551156781234', '5511956781234');
  });

  it('two Brazilian mobile numbers stay two', () => {
    different('5511987654321', '5511987654322');
    different('5511987654321', '5521987654321');
  });

  it('a Mexican number is the same with and without the 1', () => {
    same('5215512345678', '525512345678');
    different('5215512345678', '525512345679');
  });

  it('an Argentinian number is the same with and without the 9', () => {
    same('5491123456789', '541123456789');
    same('5493511234567', '543511234567');
    different('5491123456789', '541123456780');
  });

  it('all other numbers are left as they are', () => {
    const others = [
      '573001234567',
      '34600111222',
      '15551234567',
      '4915112345678',
      '5219',
      '55',
      '',
    ];
    deepEqual(others.map(canonicalNumber), others);
  });

  it('is settled after one step, whatever the digits', () => {
    const countries = fc.constantFrom('52', '521', '54', '549', '55', '5511', '55119', '57');
    const numbers = fc
      .tuple(countries, fc.stringMatching(/^\d{5,12}$/))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(numbers, (number) => {
        const canonical = canonicalNumber(number);
        equal(canonicalNumber(canonical), canonical);
      }),
    );
  });
});
