import { describe, expect, it } from 'vitest';
import type { ToolDescription } from './model.ts';
import { createPersonModel } from './person.ts';
import { parsePersonLine } from './person-line.ts';

const tool = (name: string, properties: Record<string, object>, required: readonly string[]): ToolDescription => ({
  name,
  description: '',
  parameters: { type: 'object', properties, required },
});
const TOOLS = [
  tool('read_file', { path: { type: 'string' }, from: { type: 'integer' } }, ['path']),
  tool('write_file', { path: { type: 'string' }, content: { type: 'string' } }, ['path', 'content']),
  tool('search', { query: { type: 'string' }, regex: { type: 'boolean' } }, ['query']),
  tool('list_files', { folder: { type: 'string' } }, []),
  tool('run_tests', {}, []),
];
const call = (name: string, args: unknown) => ({ text: '', calls: [{ name, arguments: args }] });

describe('what a person types', () => {
  it.each<[string, unknown]>([
    ['run_tests', call('run_tests', {})],
    ['read_file src/a.js', call('read_file', { path: 'src/a.js' })],
    ['read_file path=src/a.js from=3', call('read_file', { path: 'src/a.js', from: 3 })],
    ['read_file src/a.js from=3', call('read_file', { path: 'src/a.js', from: 3 })],
    ['search a b c', call('search', { query: 'a b c' })],
    ['search query="a \\"b\\"" regex=true', call('search', { query: 'a "b"', regex: true })],
    ['list_files src', call('list_files', { folder: 'src' })],
    ['list_files', call('list_files', {})],
    ['write_file {"path": "a", "content": ""}', call('write_file', '{"path": "a", "content": ""}')],
    ["write_file path=a content='x y'", call('write_file', { path: 'a', content: 'x y' })],
    ['I think it is the sign.', { text: 'I think it is the sign.', calls: [] }],
  ])('%s', (line, choice) => {
    expect(parsePersonLine(line, TOOLS)).toEqual(choice);
  });
  it.each([
    ['', /^Name a tool: read_file, /],
    ['write_file a', /write_file path=… content=…, or as JSON/],
    ['write_file path=a', /write_file path=… content=…/],
    ['run_tests now', /Write it as run_tests/],
    ['read_file file=a from=1', /path=… \[from=…\]/],
  ])('says how to write it: "%s"', (line, problem) => {
    expect(parsePersonLine(line, TOOLS)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

it('is a model that costs nothing, until the person leaves', async () => {
  const choices = [{ text: 'So.', calls: [{ name: 'run_tests', arguments: {} }] }, null];
  const model = createPersonModel({ choose: () => Promise.resolve(choices.shift() ?? null) });
  const request = { messages: [], tools: TOOLS };
  const options = { signal: new AbortController().signal };
  expect(await model.respond(request, options)).toMatchObject({
    message: { content: 'So.', toolCalls: [{ id: 'person-1', name: 'run_tests', arguments: '{}' }] },
    cost: 0,
  });
  await expect(model.respond(request, options)).rejects.toThrow('has left');
});
