import { expect, it } from 'vitest';
import { describeLongDifference } from './long-difference.ts';

const long = 'a'.repeat(1000);
const [wanted, got] = [`'${long}%F0%9F%98%80b'`, `'${long}%F0b'`];
const part = `(The long values part at character 1005: expected …${'a'.repeat(37)}%F0%9F%98%80b' and got …${'a'.repeat(37)}%F0b')`;

it.each([
  ['tape', `operator: equal\nexpected: |-\n  ${wanted}\nactual: |-\n  ${got}\nstack: |-\n  Error`],
  ['jest and vitest', `AssertionError\n\nExpected: ${wanted}\nReceived: ${got}\n at x`],
  ['node', `Expected values to be strictly equal:\n+ actual - expected\n\n+ ${got}\n- ${wanted}\n`],
  ['mocha', `AssertionError\n+ expected - actual\n\n-${got}\n+${wanted}\n at x`],
])('shows where long values part, as %s writes them', (_, message) => {
  expect(describeLongDifference(message)).toBe(part);
});
it('says nothing where there are no two long values, or they are equal', () => {
  expect(describeLongDifference('Expected: 1\nReceived: 2')).toBeNull();
  expect(describeLongDifference(`Error: ${long}\n${long}`)).toBeNull();
  expect(describeLongDifference(`Expected: ${long}\nReceived: ${long}`)).toBeNull();
});
