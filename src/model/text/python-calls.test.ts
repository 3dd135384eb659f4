import { expect, it } from 'vitest';
import type { ToolDescription } from '../model.ts';
import { readCalls } from './read-calls.ts';

const text = { type: 'string' };
const tool = (name: string, properties: Record<string, unknown>): ToolDescription => ({
  name,
  description: '',
  parameters: { type: 'object', properties, required: Object.keys(properties) },
});
const TOOLS = [
  tool('read_file', { path: text, from: { type: 'integer' } }),
  tool('edit_file', { path: text, edits: { type: 'array' } }),
  tool('run_tests', {}),
];
const read = (reply: string) => {
  const { calls, text: rest } = readCalls(reply, TOOLS);
  return [...calls.map(({ name, arguments: args }) => [name, JSON.parse(args)]), rest];
};
const READ = ['read_file', { path: 'src/a.js', from: 3 }];
const TESTS = ['run_tests', {}];

it.each<[string, string, unknown[]]>([
  ["Llama's list", '[read_file(path="src/a.js", from=3), run_tests()]', [READ, TESTS, '']],
  ['with its marks', '<|python_start|>[run_tests()]<|python_end|><|eot|>', [TESTS, '']],
  ["Gemma's fence", 'I look.\n```tool_code\nprint(read_file(path="src/a.js", from=3))\n```', [READ, 'I look.']],
  ['a script', "```python\n# First\nfile = read_file('src/a.js', 3)\nrun_tests()\n```", [READ, TESTS, '']],
  ['the end of a reply', 'Let me run them.\n\nrun_tests()', [TESTS, 'Let me run them.']],
  [
    'code in its values',
    'edit_file(path="a.js", edits=[{"find": "it\\\'s\\n", "replace": """a "b"\nc"""}])',
    [['edit_file', { path: 'a.js', edits: [{ find: "it's\n", replace: 'a "b"\nc' }] }], ''],
  ],
])('reads %s', (_, reply, expected) => {
  expect(read(reply)).toEqual(expected);
});

it.each([
  ['code of the project', '```js\nrun_tests()\n```'],
  ['a script that computes', '```python\npath = "a"\nread_file(path=path, from=3)\n```'],
  ['a call in a sentence', 'Then run_tests() should pass.\nrun_tests() is what I call next.'],
  ['half a call', '[read_file(path="src/a.js'],
  ['a list without its end', '[run_tests(), '],
  ['a function of no tool', '```python\nread_file("a", 1)\nopen("b")\n```'],
])('takes for no call: %s', (_, reply) => {
  expect(read(reply)).toEqual([reply]);
});
