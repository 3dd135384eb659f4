import { expect, test } from 'vitest';
import { HOT_FUNCTIONS, hotFunctionsOf } from './hot-functions.ts';

test('the functions of a module are an array in its scope', () => {
  const names = HOT_FUNCTIONS.path ?? '';
  const code = 'const posix = { join() {} }, { win32 } = posix;';
  expect(hotFunctionsOf('path', code)).toBe(`[${names.split(' ').join()}]`);
  expect(hotFunctionsOf('a module without any', 'syntax error')).toBeUndefined();
});

test('a name that the module does not declare stops the build', () => {
  expect(() => hotFunctionsOf('path', 'const win32 = {};')).toThrow(
    "Functions to compile ahead: path of Node's library declares no posix.",
  );
});
