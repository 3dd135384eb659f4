import { expect, test } from 'vitest';
import { describeArguments } from './describe-arguments.ts';

test('the telling argument, or the text as it is', () => {
  expect(describeArguments('{"find":"a","path":"src/a.js"}')).toBe('src/a.js');
  expect(describeArguments('{"other":"x","n":1}')).toBe('x');
  expect(describeArguments('{}')).toBe('');
  expect(describeArguments('{broken')).toBe('{broken');
});
