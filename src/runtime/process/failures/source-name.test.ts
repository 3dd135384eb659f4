import { expect, test } from 'vitest';
import { givenName, sourceUrlComment } from './source-name.ts';

test('the engine keeps a name with spaces and quotes', () => {
  const { eval: evaluate } = globalThis;
  const name = `[worker "eval"] it's a.js`;
  const stack = String(evaluate(`new Error('here').stack${sourceUrlComment(name)}`));
  expect(givenName(stack)).toContain(`at eval (${name}:1:1)`);
  expect(sourceUrlComment('/plain/é.js')).toBe('\n//# sourceURL=/plain/é.js');
});
