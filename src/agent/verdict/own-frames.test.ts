import { expect, test } from 'vitest';
import { withOwnFrames } from './own-frames.ts';

test('frames of packages and of Node are left out, the own ones and what follows the stack stay', () => {
  const message = `Error: boom
    at Test.assert [as _assert] (/home/project/node_modules/tape/lib/test.js:548:48)
    at Test.<anonymous> (/home/project/test/parse.js:13:26)
    at load (file:///home/project/node_modules/x/index.js:1:1)
    at node:internal/main/run_main_module:28:49
    at async Test.run (node:internal/test_runner/test:1106:25) {
  code: 'X'
}`;
  expect(withOwnFrames(message)).toBe(`Error: boom
    at Test.<anonymous> (/home/project/test/parse.js:13:26)
    {
  code: 'X'
}`);
});

test('a stack without an own frame keeps its first two', () => {
  const frames = [1, 2, 3].map((line) => `    at f (/p/node_modules/a/index.js:${line}:1)`);
  expect(withOwnFrames(['Error: a', ...frames].join('\n'))).toBe(['Error: a', ...frames.slice(0, 2)].join('\n'));
});
