import { describe, expect, it } from 'vitest';
import type { ModelReply, ToolDescription } from '../model.ts';
import { ToolsRefusedError } from '../model.ts';
import { createScriptedModel } from '../scripted.ts';
import { withToolMode } from '../tool-mode.ts';
import { readCalls } from './read-calls.ts';
import { fromTextReply, toTextRequest } from './text-protocol.ts';
import { writeCall } from './write-calls.ts';

const text = { type: 'string' };
const object = (properties: Record<string, unknown>, required: readonly string[] = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});
const TOOLS: readonly ToolDescription[] = [
  {
    name: 'read_file',
    description: 'Reads.',
    parameters: object({ path: text, from: { type: 'integer', description: 'First line.' } }, ['path']),
  },
  {
    name: 'edit_file',
    description: 'Edits.',
    parameters: object({ path: text, edits: { type: 'array', items: object({ find: text, replace: text }) } }),
  },
  { name: 'write_file', description: 'Writes.', parameters: object({ path: text, content: text }) },
  { name: 'run_tests', description: 'Tests.', parameters: object({}) },
  {
    name: 'plan',
    description: 'Plans.',
    parameters: object({ steps: { type: 'array', items: text }, done: { type: 'boolean' } }, ['steps']),
  },
];
const callsOf = (reply: string) =>
  readCalls(reply, TOOLS).calls.map(({ name, arguments: args }) => [name, JSON.parse(args)]);

const READ = [['read_file', { path: 'src/a.js', from: 3 }]];

describe('the formats of models', () => {
  it.each<[string, string]>([
    ['our own', 'I look.\n<tool name="read_file">\n<path>src/a.js</path>\n<from>3</from>\n</tool>'],
    ['our own, with JSON in it', '<tool name="read_file">{"path": "src/a.js", "from": 3}</tool>'],
    ['our own, without its end', '<tool name="read_file">\n<path>src/a.js</path>\n<from>3</from>\n'],
    ['our own, in a fence', '```xml\n<tool name="read_file">\n<path>src/a.js</path><from> 3 </from>\n</tool>\n```'],
    ['Hermes', '<tool_call>\n{"name": "read_file", "arguments": {"path": "src/a.js", "from": 3}}\n</tool_call>'],
    [
      'Hermes, without its end',
      'Well.\n<tool_call>{"name": "read_file", "arguments": {"path": "src/a.js", "from": 3}}',
    ],
    [
      'arguments as text',
      '<tool_call>{"name": "read_file", "arguments": "{\\"path\\": \\"src/a.js\\", \\"from\\": 3}"}</tool_call>',
    ],
    [
      'Qwen coder',
      '<tool_call>\n<function=read_file>\n<parameter=path>\nsrc/a.js\n</parameter>\n<parameter=from>\n3\n</parameter>\n</function>\n</tool_call>',
    ],
    [
      'Llama',
      '<|python_tag|>{"type": "function", "name": "read_file", "parameters": {"path": "src/a.js", "from": 3}}<|eom_id|>',
    ],
    ['Llama, with a function tag', '<function=read_file>{"path": "src/a.js", "from": 3}</function>'],
    ['Llama, bare', '{"name": "read_file", "parameters": {"path": "src/a.js", "from": 3}}'],
    ['Mistral', '[TOOL_CALLS] [{"name": "read_file", "arguments": {"path": "src/a.js", "from": 3}}]'],
    ['newer Mistral', '[TOOL_CALLS]read_file[ARGS]{"path": "src/a.js", "from": 3}'],
    [
      'DeepSeek',
      '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>read_file\n```json\n{"path": "src/a.js", "from": 3}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    ],
    [
      'newer DeepSeek',
      '<｜DSML｜function_calls>\n<｜DSML｜invoke name="read_file">\n<｜DSML｜parameter name="path" string="true">src/a.js</｜DSML｜parameter>\n<｜DSML｜parameter name="from" string="false">3</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
    ],
    [
      'Kimi',
      '<|tool_calls_section_begin|><|tool_call_begin|>functions.read_file:0<|tool_call_argument_begin|>{"path": "src/a.js", "from": 3}<|tool_call_end|><|tool_calls_section_end|>',
    ],
    [
      'GLM',
      '<tool_call>read_file\n<arg_key>path</arg_key>\n<arg_value>src/a.js</arg_value>\n<arg_key>from</arg_key>\n<arg_value>3</arg_value>\n</tool_call>',
    ],
    [
      'gpt-oss',
      '<|channel|>commentary to=functions.read_file <|constrain|>json<|message|>{"path": "src/a.js", "from": 3}<|call|>',
    ],
    [
      'Anthropic and MiniMax',
      '<function_calls>\n<invoke name="read_file">\n<parameter name="path">src/a.js</parameter>\n<parameter name="from">3</parameter>\n</invoke>\n</function_calls>',
    ],
    ['other agents', 'Let me see.\n<read_file>\n<path>src/a.js</path>\n<from>3</from>\n</read_file>'],
    ['a fence', 'I call:\n```json\n{"tool": "read_file", "args": {"path": "src/a.js", "from": 3}}\n```'],
    [
      'a fence, with the arguments beside the name',
      '```\n{"action": "read_file", "path": "src/a.js", "from": 3,}\n```',
    ],
    [
      'the wire format',
      '{"tool_calls": [{"id": "1", "type": "function", "function": {"name": "read_file", "arguments": "{\\"path\\": \\"src/a.js\\", \\"from\\": 3}"}}]}',
    ],
  ])('%s', (_, reply) => {
    expect(callsOf(reply)).toEqual(READ);
    const rest = readCalls(reply, TOOLS);
    expect(rest.hasBrokenCall).toBe(false);
    expect(rest.text).not.toMatch(/tool_call|TOOL_CALLS|read_file|function|｜/);
  });

  it('takes code as it is', () => {
    const code = 'const t = `</content>` + "<path>";\nif (a < b && c > d) {\n  return "\\n";\n}\n';
    const reply = `<tool name="write_file">\n<path>src/a.js</path>\n<content>\n${code}</content>\n</tool>`;
    expect(callsOf(reply)).toEqual([['write_file', { path: 'src/a.js', content: code }]]);
    const raw = '<tool_call>{"name": "write_file", "arguments": {"path": "a.js", "content": "one\ntwo\n"}}</tool_call>';
    expect(callsOf(raw)).toEqual([['write_file', { path: 'a.js', content: 'one\ntwo\n' }]]);
  });

  it('reads lists by repeated tags, by items and as JSON', () => {
    const edits = [
      { find: 'a - b', replace: 'a + b' },
      { find: '  x\n  y', replace: '' },
    ];
    const repeated = edits
      .map(
        ({ find, replace }) =>
          `<edits>\n<find>${find.includes('\n') ? `\n${find}\n` : find}</find>\n<replace>${replace}</replace>\n</edits>`,
      )
      .join('\n');
    const wrapped = `<edits>${edits.map(({ find, replace }) => `<item><find>${find}</find><replace>${replace}</replace></item>`).join('\n')}</edits>`;
    for (const written of [repeated, wrapped, `<edits>${JSON.stringify(edits)}</edits>`])
      expect(callsOf(`<tool name="edit_file"><path>a</path>${written}</tool>`)).toEqual([
        ['edit_file', { path: 'a', edits }],
      ]);
    expect(callsOf('<tool name="plan"><steps>one</steps><steps>two</steps><done>true</done></tool>')).toEqual([
      ['plan', { steps: ['one', 'two'], done: true }],
    ]);
  });

  it('reads several calls, in order, and the text around them', () => {
    const reply =
      'First.\n<tool name="run_tests">\n</tool>\nThen.\n<tool name="read_file"><path>a</path></tool>\n<tool name="nonsense"><x>1</x></tool>';
    const read = readCalls(reply, TOOLS);
    expect(read.calls.map(({ name }) => name)).toEqual(['run_tests', 'read_file', 'nonsense']);
    expect(read.text).toBe('First.\n\nThen.');
    const row =
      '<tool_call>{"name": "run_tests", "arguments": {}}</tool_call>\n<tool_call>{"name": "read_file", "arguments": {"path": "a"}}</tool_call>';
    expect(callsOf(row)).toEqual([
      ['run_tests', {}],
      ['read_file', { path: 'a' }],
    ]);
  });

  it.each([
    [
      'empty tags',
      '<tool name="run_tests"/>\n<tool name="run_tests"></tool>',
      [
        ['run_tests', {}],
        ['run_tests', {}],
      ],
    ],
    ['a tag that is a tool', '<run_tests />', [['run_tests', {}]]],
    [
      'attributes',
      '<tool name="read_file" path="src/a.js" from=\'3\'/>',
      [['read_file', { path: 'src/a.js', from: '3' }]],
    ],
    ['a call without arguments and without its end', 'So.\n<tool name="run_tests">\n', [['run_tests', {}]]],
    ['ReAct', 'Thought: look.\nAction: read_file\nAction Input: {"path": "src/a.js", "from": 3}', READ],
    [
      'a last value without its end',
      '<tool name="write_file">\n<path>a.js</path>\n<content>\nif (a < b) c();\n</tool>',
      [['write_file', { path: 'a.js', content: 'if (a < b) c();\n' }]],
    ],
  ])('reads %s', (_, reply, expected) => {
    expect(callsOf(reply)).toEqual(expected);
  });
  it('lets no value without its end swallow the next call', () => {
    const reply =
      '<tool name="write_file">\n<path>a.js</path>\n<content>\na\n</tool>\n' +
      '<tool name="write_file">\n<path>b.js</path>\n<content>\nb\n</content>\n</tool>';
    expect(callsOf(reply)).toEqual([['write_file', { path: 'b.js', content: 'b\n' }]]);
    expect(readCalls(reply, TOOLS).hasBrokenCall).toBe(true);
  });
  it('takes nothing from results that a model makes up', () => {
    const reply =
      '<tool name="run_tests"></tool>\n<result tool="run_tests">\nAll pass.\n</result>\n<tool name="write_file"><path>a</path><content>x</content></tool>';
    expect(callsOf(reply)).toEqual([['run_tests', {}]]);
  });

  it.each([
    'The tests call `read_file`.',
    'Use {"name": "read_file"} in your code, and then go on.',
    '```js\nconst a = { name: "read_file" };\n```',
    '```json\n{"name": "my-package", "version": "1.0.0"}\n```',
    'A <tool> and a <path>.',
  ])('sees no call in: %s', (reply) => {
    expect(readCalls(reply, TOOLS)).toEqual({ text: reply, calls: [], hasBrokenCall: false });
  });

  it.each([
    '<tool name="write_file">\n<path>a.js</path>\n<content>\nconst half =',
    '<tool_call>\n{"name": "write_file", "arguments": {"path": "a", "content": "ha',
    '[TOOL_CALLS]write_file[ARGS]{"path": "a',
  ])('does not carry out half a call: %s', (reply) => {
    expect(readCalls(reply, TOOLS)).toMatchObject({ calls: [], hasBrokenCall: true });
    const message = { role: 'assistant', content: reply, toolCalls: [] } as const;
    expect(fromTextReply({ message }, TOOLS).correction).toContain('not executed');
  });
});

describe('the text protocol', () => {
  it('reads what it writes', () => {
    const written = [
      {
        id: '1',
        name: 'edit_file',
        arguments: JSON.stringify({
          path: 'a',
          edits: [
            { find: '\n\tx', replace: 'y\n' },
            { find: 'b', replace: '' },
          ],
        }),
      },
      { id: '2', name: 'write_file', arguments: JSON.stringify({ path: 'b', content: 'one\ntwo\n' }) },
      { id: '3', name: 'write_file', arguments: JSON.stringify({ path: 'c', content: 'one\ntwo' }) },
      { id: '4', name: 'read_file', arguments: JSON.stringify({ path: 'd', from: 2 }) },
      { id: '5', name: 'run_tests', arguments: '{}' },
    ];
    const read = readCalls(written.map(writeCall).join('\n'), TOOLS).calls;
    expect(read.map(({ name, arguments: args }) => ({ name, arguments: args }))).toEqual(
      written.map(({ id: _, ...call }) => call),
    );
  });

  it('tells tools in the prompt and results as the user', () => {
    const call = { id: 'a', name: 'read_file', arguments: '{"path":"x.js"}' };
    const { messages, tools } = toTextRequest({
      tools: TOOLS,
      messages: [
        { role: 'system', content: 'Rules.' },
        { role: 'user', content: 'Task.' },
        {
          role: 'assistant',
          content: 'I look.',
          toolCalls: [call, { ...call, id: 'b', name: 'run_tests', arguments: '{}' }],
        },
        { role: 'tool', callId: 'a', content: 'code' },
        { role: 'tool', callId: 'b', content: 'fail' },
        { role: 'user', content: 'Go on.' },
      ],
    });
    expect(tools).toEqual([]);
    const [system, ...rest] = messages;
    expect(system?.content).toContain('Rules.\n\nYou act through tools.');
    expect(system?.content).toContain(
      '<tool name="edit_file">\n<path>string</path>\n<edits>\n<find>string</find>\n<replace>string</replace>\n</edits> (repeat for each)\n</tool>',
    );
    expect(system?.content).toContain('<from>integer</from> (optional; First line.)');
    expect(rest).toEqual([
      { role: 'user', content: 'Task.' },
      {
        role: 'assistant',
        content: 'I look.\n\n<tool name="read_file">\n<path>x.js</path>\n</tool>\n\n<tool name="run_tests">\n</tool>',
        toolCalls: [],
      },
      {
        role: 'user',
        content: '<result tool="read_file">\ncode\n</result>\n\n<result tool="run_tests">\nfail\n</result>\n\nGo on.',
      },
    ]);
  });

  it('takes over when the server refuses tools, and stays', async () => {
    const refuse = (): never => {
      throw new ToolsRefusedError('No tools here.');
    };
    const written = { text: 'So.\n<tool name="run_tests"></tool>' };
    const inner = createScriptedModel([refuse, written, written]);
    const model = withToolMode(inner, 'auto');
    const request = { messages: [{ role: 'user', content: 'Go.' }], tools: TOOLS } as const;
    const options = { signal: new AbortController().signal };
    const called: Partial<ModelReply['message']> = {
      content: 'So.',
      toolCalls: [{ id: 'text-1', name: 'run_tests', arguments: '{}' }],
    };
    for (const _ of [1, 2]) expect((await model.respond(request, options)).message).toMatchObject(called);
    expect(inner.requests.map(({ tools }) => tools.length)).toEqual([TOOLS.length, 0, 0]);
    await expect(withToolMode(createScriptedModel([refuse]), 'native').respond(request, options)).rejects.toThrow(
      'No tools',
    );
  });

  it('understands a call in the text of a model that has tools', async () => {
    const model = withToolMode(createScriptedModel([{ text: '<tool_call>{"name": "run_tests"}</tool_call>' }]), 'auto');
    const { message } = await model.respond({ messages: [], tools: TOOLS }, { signal: new AbortController().signal });
    expect(message.toolCalls).toHaveLength(1);
  });
});
