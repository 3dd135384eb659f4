import { expect, it } from 'vitest';
import { floatDigits } from './float-format.ts';

// What C's printf writes.
it.each([
  ['f', 87.625, 2, '87.62'],
  ['f', 87.375, 2, '87.38'],
  ['f', 0.35, 1, '0.3'],
  ['f', 0.5, 0, '0'],
  ['f', 1.5, 0, '2'],
  ['f', 1e22, 2, '10000000000000000000000.00'],
  ['e', 2.5, 0, '2e+00'],
  ['e', 9.5, 0, '1e+01'],
  ['e', 25, 0, '2e+01'],
  ['E', 12350000, 2, '1.24E+07'],
  ['g', 0.125, 2, '0.12'],
  ['g', 999999.5, 6, '1e+06'],
  ['g', 25, 0, '2e+01'],
  ['g', 0, 6, '0'],
  ['g', 100000, undefined, '100000'],
])('%%%s of %d to %s digits is %s', (letter, value, digits, text) => {
  expect(floatDigits(letter, value, digits)).toBe(text);
});
