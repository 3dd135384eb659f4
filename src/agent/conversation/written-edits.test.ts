import { expect, it } from 'vitest';
import { editsIn } from './written-edits.ts';

const SUM = "const { b } = require('./b.js');\n\nfunction sum(a) {\n  return a - b;\n}\n\nmodule.exports = { sum };\n";
const FIXED = SUM.replace('a - b', 'a + b');
const FILES = { 'src/sum.js': SUM, 'src/b.js': 'exports.b = 1;\n', 'test/sum.test.js': SUM, 'package.json': '{}' };
const fence = (content: string, info = 'js') => `\`\`\`${info}\n${content}\`\`\``;
const read = (text: string) =>
  editsIn(text, FILES, (path) => !path.startsWith('test/')).map(
    ({ name, arguments: args }) => [name, JSON.parse(args)] as const,
  );

it.each([
  ['a path above', `Fixed:\n\nsrc/sum.js\n${fence(FIXED)}\nDone.`],
  ['a path in the fence', fence(FIXED, 'js src/sum.js')],
  ['a path in the sentence above', `I change \`src/sum.js\` like this:\n\n${fence(FIXED)}`],
  ['no path, where it can be one file only', `Here is the code:\n\n${fence(FIXED)}\n\n${fence('npm test\n', 'bash')}`],
])('takes a whole file with %s', (_, text) => {
  expect(read(text)).toEqual([['write_file', { path: 'src/sum.js', content: FIXED }]]);
});
it('takes a whole file with its path as its first line', () => {
  expect(read(fence(`// src/sum.js\n${FIXED}`))).toMatchObject([['write_file', { path: 'src/sum.js' }]]);
});
it('takes a new file that has a path', () => {
  expect(read(`src/new.js\n${fence('exports.c = 1;\n')}`)).toMatchObject([['write_file', { path: 'src/new.js' }]]);
});
it.each([
  ['a block', 'src/sum.js\n<<<<<<< SEARCH\n  return a - b;\n=======\n  return a + b;\n>>>>>>> REPLACE\n'],
  ['a diff', fence('--- a/src/sum.js\n+++ b/src/sum.js\n@@ -4 +4 @@\n-  return a - b;\n+  return a + b;\n', 'diff')],
  ['a patch', '*** Begin Patch\n*** Update File: src/sum.js\n@@\n-  return a - b;\n+  return a + b;\n*** End Patch'],
])('takes %s for a patch', (_, text) => {
  expect(read(`Fix:\n\n${text}`)).toEqual([['apply_patch', { patch: `Fix:\n\n${text}` }]]);
});

it.each([
  ['a part of a file', `src/sum.js\n${fence('function sum(a) {\n  return a + b;\n}\n')}`],
  [
    'a file without what it imports',
    `src/sum.js\n${fence('const b = 1;\nfunction sum() {}\nexports.sum = sum;\n'.replace('exports', 'x'))}`,
  ],
  ['the file as it is', `src/sum.js\n${fence(SUM)}`],
  ['one file whole and one in parts', `src/sum.js\n${fence(FIXED)}\nsrc/b.js\n${fence('// the rest\n')}`],
  ['commands', fence("sed -i 's/-/+/' src/sum.js\n", 'bash')],
  ['an example', `Call it like this:\n${fence('sum(1);\n')}`],
  ['a fence without end', `src/sum.js\n\`\`\`js\n${FIXED}`],
  ['words', 'The function in src/sum.js subtracts.'],
])('leaves %s', (_, text) => {
  expect(read(text)).toEqual([]);
});
