/** Calls as small models write them: what is clearly meant is done, and the result says how it was taken. */
import { expect, it } from 'vitest';
import { runScript, SUM_FILES } from '../run.test-support.ts';

const SUM = '// Adds.\n\nfunction sum(a, b) {\n  return a - b;\n}\n\nexports.sum = sum;\n';
const FIXED = SUM.replace('a - b', 'a + b');
const files = { ...SUM_FILES, 'src/sum.js': SUM };
const path = 'src/sum.js';
const numbered = (text: string, first = 1) =>
  text
    .split('\n')
    .map((line, index) => `${String(first + index).padStart(2)}: ${line}`)
    .join('\n');
const escaped = (text: string) => text.replaceAll('\n', '\\n');
const BODY = 'function sum(a, b) {\n  return a - b;\n}';
const NEW_BODY = BODY.replace('a - b', 'a + b');

async function change(tool: string, args: unknown) {
  const { sandbox, results } = await runScript(
    [
      {
        calls: [
          [tool, args],
          ['give_up', { explanation: 'x' }],
        ],
      },
    ],
    { files },
  );
  return { text: (await sandbox.snapshot()).files[path], result: results[0] ?? '' };
}

it.each<[string, string, object]>([
  [
    'a path from the root',
    'edit_file',
    { path: '/workspace/src/sum.js', edits: [{ find: 'a - b', replace: 'a + b' }] },
  ],
  ['a name alone', 'edit_file', { path: 'sum.js', edits: [{ find: 'a - b', replace: 'a + b' }] }],
  [
    'a patch with a path from the root',
    'apply_patch',
    {
      patch:
        '*** Begin Patch\n*** Update File: /workspace/src/sum.js\n@@\n-  return a - b;\n+  return a + b;\n*** End Patch',
    },
  ],
  ['line numbers', 'edit_file', { path, edits: [{ find: numbered(BODY, 3), replace: numbered(NEW_BODY, 3) }] }],
  ['line numbers in find alone', 'edit_file', { path, edits: [{ find: numbered(BODY, 3), replace: NEW_BODY }] }],
  ['line breaks escaped twice', 'edit_file', { path, edits: [{ find: escaped(BODY), replace: escaped(NEW_BODY) }] }],
  ['a file with line breaks escaped twice', 'write_file', { path, content: escaped(FIXED) }],
  ['a file with line numbers', 'write_file', { path, content: numbered(FIXED.trimEnd()) }],
  [
    'a patch in one line',
    'apply_patch',
    {
      patch: escaped(
        '*** Begin Patch\n*** Update File: src/sum.js\n@@\n-  return a - b;\n+  return a + b;\n*** End Patch',
      ),
    },
  ],
  ['a whole file in edit_file', 'edit_file', { path, content: FIXED }],
  ['edits in write_file', 'write_file', { path, edits: [{ find: 'a - b', replace: 'a + b' }] }],
  [
    'another name, with edits',
    'multi_edit',
    { file_path: path, edits: [{ old_string: 'a - b', new_string: 'a + b' }] },
  ],
  ['another name, with a file', 'update_file', { path, content: FIXED }],
  [
    'blocks as a diff',
    'replace_in_file',
    { path, diff: '<<<<<<< SEARCH\n  return a - b;\n=======\n  return a + b;\n>>>>>>> REPLACE' },
  ],
  ['a command in words', 'shell', { command: ['bash', '-lc', "sed -i 's/a - b/a + b/' src/sum.js"] }],
])('understands %s', async (_, tool, args) => {
  const { text, result } = await change(tool, args);
  expect(String(text).trimEnd(), result).toBe(FIXED.trimEnd());
});

it.each<[string, string, object, RegExp]>([
  ['a part of a file in edit_file', 'edit_file', { path, content: NEW_BODY }, /Its arguments are/],
  [
    'line numbers that are wrong',
    'edit_file',
    { path, edits: [{ find: numbered(BODY, 7), replace: NEW_BODY }] },
    /does not occur/,
  ],
  [
    'a string with an escaped line break',
    'edit_file',
    { path, edits: [{ find: "'a\\nb'", replace: "'c\\nd'" }] },
    /does not occur/,
  ],
])('does not guess at %s', async (_, tool, args, said) => {
  const { text, result } = await change(tool, args);
  expect(text).toBe(SUM);
  expect(result).toMatch(said);
});

it('leaves a line of code with line breaks in its strings as it is', async () => {
  const content = "console.log('a\\nb\\nc');";
  expect((await change('write_file', { path, content })).text).toBe(content);
});

it('asks once why a model gives up that has tried nothing', async () => {
  const quit = { calls: [['give_up', {}] as const] };
  const { outcome, results } = await runScript([quit, quit], { files });
  expect(results[0]).toMatch(/^Not given up yet: nothing has been changed/);
  expect(outcome.kind).toBe('gave-up');
});

it('takes a word for an object that needs but one', async () => {
  const call = ['finish', { summary: 'ok', not_of_this_task: ['adds'] }] as const;
  const { results } = await runScript([{ calls: [call, ['give_up', { explanation: 'x' }]] }], { files });
  expect(results[0]).toMatch(/^Not finished: No test that failed at the start passes now/);
});
