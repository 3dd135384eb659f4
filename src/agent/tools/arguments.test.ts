import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeParameters, readArguments } from './arguments.ts';
import { editFile } from './edit-file.ts';
import { defineTool, success, type ToolContext } from './tool.ts';

const echo = defineTool({
  name: 'echo',
  description: '',
  schema: z.object({
    path: z.string(),
    from: z.int().max(50).optional(),
    regex: z.boolean().optional(),
    files: z.array(z.string()).optional(),
  }),
  phase: 'read',
  run: (args) => success(JSON.stringify(args)),
});
const call = async (args: unknown) => (await echo.call(JSON.stringify(args), {} as ToolContext)).result;

describe('arguments as models write them', () => {
  it.each([
    [{ path: 'a' }, { path: 'a' }],
    [
      { path: 'a', from: 70 },
      { path: 'a', from: 50 },
    ],
    [{ file_path: 'a' }, { path: 'a' }],
    [JSON.stringify({ file_path: 'a', from: 2 }), { path: 'a', from: 2 }],
    [{ arguments: { path: 'a' } }, { path: 'a' }],
    [{ input: '{"file_path": "a"}' }, { path: 'a' }],
    ['{"not": "arguments"}', { path: '{"not": "arguments"}' }],
    [
      { path: 'a', from: '12', regex: 'True', files: 'x' },
      { path: 'a', from: 12, regex: true, files: ['x'] },
    ],
    [
      { path: 'a', files: '["x","y"]' },
      { path: 'a', files: ['x', 'y'] },
    ],
    [
      { path: 'a', start_line: 3, files: null },
      { path: 'a', from: 3 },
    ],
    [{ path: 7 }, { path: '7' }],
    ['a', { path: 'a' }],
  ])('%j is %j', async (written, meant) => {
    expect(JSON.parse(await call(written))).toEqual(meant);
  });
  it('ignores what it does not know and says so', async () => {
    expect(await call({ path: 'a', colour: 1, why: '' })).toBe('{"path":"a"}\n(Ignored: echo has no "colour", "why".)');
  });
  it('does not guess between two names for one thing', async () => {
    expect(await call({ file: 'a', filename: 'b' })).toContain('Wrong arguments for echo');
  });
  it('says what the arguments are when they are wrong', async () => {
    expect(await call({ path: 'a', from: 'here' })).toContain(
      'Its arguments are {"path": string, "from"?: integer, "regex"?: boolean, "files"?: [string]}.',
    );
  });
  it('leaves a name of its own alone', () => {
    const properties = { name: { type: 'string' }, path: { type: 'string' } };
    expect(readArguments({ name: 'x' }, { properties }).args).toEqual({ name: 'x' });
  });
});

describe('the edits of edit_file', () => {
  const { parameters } = editFile.description;
  const edits = [{ find: 'a', replace: 'b' }];
  it.each([
    [{ path: 'x', edits }],
    [{ path: 'x', edits: edits[0] }],
    [{ path: 'x', edits: JSON.stringify(edits) }],
    [{ path: 'x', edits: [{ old_string: 'a', new_string: 'b' }] }],
    [{ path: 'x', old_str: 'a', new_str: 'b' }],
    [{ path: 'x', edits: ['<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE'] }],
    [{ path: 'x', edits: '```\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```\n' }],
    [{ parameters: { file_path: 'x', search: 'a', replace: 'b' } }],
  ])('are understood as %j', (written) => {
    expect(readArguments(written, parameters)).toEqual({ args: { path: 'x', edits }, unknown: [] });
  });
  it('are not made of half of an edit', () => {
    expect(readArguments({ path: 'x', old_str: 'a' }, parameters)).toEqual({
      args: { path: 'x' },
      unknown: ['old_str'],
    });
  });
  it('are told in full', () => {
    expect(describeParameters(parameters)).toBe('{"path": string, "edits": [{"find": string, "replace": string}]}');
  });
});
