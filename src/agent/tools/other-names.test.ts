import { expect, it } from 'vitest';
import { runScript } from '../run.test-support.ts';
import { TOOLS } from './index.ts';
import { toolByOtherName } from './other-names.ts';

const meant = (name: string, args = '{}') =>
  toolByOtherName(TOOLS, { id: '', name, arguments: args })?.description.name ?? null;

it.each([
  ['bash', 'run_command'],
  ['functions.execute_command', 'run_command'],
  ['readFile', 'read_file'],
  ['create_file', 'write_file'],
  ['str_replace', 'edit_file'],
  ['attempt_completion', 'finish'],
  ['rm', null],
  ['browser', null],
])('takes %s for %s', (name, tool) => {
  expect(meant(name)).toBe(tool);
});

it('asks an editor of many commands which one it is', () => {
  expect(meant('str_replace_editor', '{"command": "view", "path": "a"}')).toBe('read_file');
  expect(meant('str_replace_based_edit_tool', '{"command": "str_replace"}')).toBe('edit_file');
  expect(meant('str_replace_editor', '{"command": "undo_edit"}')).toBeNull();
});

it('repairs with the tools of other agents, and the log says which ones they were', async () => {
  const edit = { command: 'str_replace', path: 'src/sum.js', old_str: 'a - b', new_str: 'a + b' };
  const run = await runScript([{ calls: [['str_replace_editor', edit]] }, { calls: [['submit', {}]] }]);
  expect(run.outcome).toEqual({ kind: 'solved', explanation: 'The tests pass.' });
  expect(run.lines).toContain('called edit_file (edit)');
  expect(run.results[0]).toContain('(There is no tool "str_replace_editor": it was taken for edit_file.)');
  run.sandbox.dispose();
});
