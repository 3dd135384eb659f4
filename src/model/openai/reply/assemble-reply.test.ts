import { describe, expect, it } from 'vitest';
import { assembleReply } from './assemble-reply.ts';
import type { Part } from './read-parts.ts';

async function assemble(...deltas: readonly object[]) {
  async function* parts(): AsyncGenerator<Part> {
    for (const delta of deltas) yield { choices: [{ delta, finish_reason: null }] };
    yield 'done';
  }
  return (await assembleReply(parts(), { tools: ['read_file', 'run_tests'], callIds: new Set(['taken']) })).message;
}
const calls = async (...lists: readonly (readonly object[])[]) => {
  const { toolCalls } = await assemble(...lists.map((list) => ({ tool_calls: list })));
  return toolCalls.map(({ id, name, arguments: args }) => [id, name, args]);
};
const part = (name: string | null, args: unknown, more: object = {}) => ({
  ...more,
  function: { name, arguments: args },
});

describe('tool calls', () => {
  const A = ['a', 'read_file', '{"path":"x"}'];
  const B = ['b', 'run_tests', '{}'];
  it.each<[string, readonly (readonly object[])[], readonly unknown[]]>([
    [
      'in pieces, by index',
      [
        [part('read_file', '', { index: 0, id: 'a' })],
        [part(null, '{"path"', { index: 0 })],
        [part(null, ':"x"}', { index: 0 })],
        [part('run_tests', '{}', { index: 1, id: 'b' })],
      ],
      [A, B],
    ],
    [
      'with indices in the wrong order',
      [[part('run_tests', '{}', { index: 1, id: 'b' })], [part('read_file', '{"path":"x"}', { index: 0, id: 'a' })]],
      [B, A],
    ],
    [
      'in pieces, without index',
      [[part('read_file', '{"path"', { id: 'a' })], [part(null, ':"x"}')], [part('run_tests', '{}', { id: 'b' })]],
      [A, B],
    ],
    [
      'all of one index',
      [[part('read_file', '{"path":"x"}', { index: 0, id: 'a' })], [part('run_tests', '{}', { index: 0, id: 'b' })]],
      [A, B],
    ],
    [
      'in one list, without index',
      [[part('read_file', '{"path":"x"}', { id: 'a' }), part('run_tests', '{}', { id: 'b' })]],
      [A, B],
    ],
    [
      'with the name in each piece',
      [
        [part('read_file', '', { index: 0, id: 'a' })],
        [part('read_file', '{"path"', { index: 0, id: 'a' })],
        [part('read_file', ':"x"}', { index: 0, id: 'a' })],
      ],
      [A],
    ],
    [
      'with the name in pieces',
      [
        [part('read_', '', { index: 0, id: 'a' })],
        [part('file', '', { index: 0 })],
        [part(null, '{"path":"x"}', { index: 0 })],
      ],
      [A],
    ],
    [
      'with another id in each piece',
      [[part('read_file', '{"path"', { index: 0, id: 'a' })], [part(null, ':"x"}', { index: 0, id: 'a2' })]],
      [A],
    ],
    [
      'without index, in pieces by turns',
      [
        [part('read_file', '{"path"', { id: 'a' }), part('run_tests', '{', { id: 'b' })],
        [part(null, ':"x"}', { id: 'a' }), part(null, '}', { id: 'b' })],
      ],
      [A, B],
    ],
    [
      'with indices as text, in pieces by turns',
      [
        [part('read_file', '', { index: '0', id: 'a' })],
        [part('run_tests', '', { index: '1', id: 'b' })],
        [part(null, '{"path":"x"}', { index: '0' })],
        [part(null, '{}', { index: '1' })],
      ],
      [A, B],
    ],
    [
      'with {} before the arguments',
      [[part('read_file', '{}', { index: 0, id: 'a' })], [part(null, '{"path":"x"}', { index: 0 })]],
      [A],
    ],
    [
      'with all arguments so far in each piece',
      [
        [part('read_file', '{"pa', { index: 0, id: 'a' })],
        [part('read_file', '{"path":', { index: 0, id: 'a' })],
        [part('read_file', '{"path":"x"}', { index: 0, id: 'a' })],
      ],
      [A],
    ],
    [
      'without the level of the function',
      [
        [
          { id: 'a', name: 'read_file', arguments: { path: 'x' } },
          { id: 'b', name: 'run_tests', parameters: {} },
        ],
      ],
      [A, B],
    ],
    ['with parameters', [[{ id: 'a', function: { name: 'read_file', parameters: { path: 'x' } } }]], [A]],
    ['beside null', [[JSON.parse('null'), part('read_file', '{"path":"x"}', { id: 'a' })]], [A]],
    ['with arguments as an object', [[part('read_file', { path: 'x' }, { id: 'a' })]], [A]],
    ['without arguments', [[part('run_tests', null, { id: 'b' })], []], [['b', 'run_tests', '']]],
    [
      'with the whole arguments again at the end',
      [[part('read_file', '{"path":"x"}', { index: 0, id: 'a' })], [part(null, '{"path":"x"}', { index: 0 })]],
      [A],
    ],
    [
      'with a prefix and a mark',
      [
        [part('functions.read_file:0', '{"path":"x"}', { id: 'a' })],
        [part('run_tests<|channel|>json', '{}', { id: 'b' })],
      ],
      [A, B],
    ],
  ])('%s', async (_, lists, expected) => {
    expect(await calls(...lists)).toEqual(expected);
  });
  it('get ids of their own where they have none, the same, or a taken one', async () => {
    const found = await calls(
      [part('run_tests', '{}', { index: 0 })],
      [part('run_tests', '{}', { index: 1, id: 'same' })],
      [part('run_tests', '{}', { index: 2, id: 'same' })],
      [part('run_tests', '{}', { index: 3, id: 'taken' })],
    );
    const ids = found.map(([id]) => id);
    expect(new Set([...ids, 'taken']).size).toBe(5);
    expect(ids[1]).toBe('same');
  });
  it('come out of a wrapper that holds several', async () => {
    const uses = [
      { recipient_name: 'functions.read_file', parameters: { path: 'x' } },
      { recipient_name: 'functions.run_tests' },
    ];
    const wrapper = part('multi_tool_use.parallel', JSON.stringify({ tool_uses: uses }), { id: 'a' });
    expect(await calls([wrapper])).toEqual([A, [expect.stringMatching(/^call/), 'run_tests', '{}']]);
  });
  it('of one id, without index, are as many', async () => {
    const found = await calls(
      [part('run_tests', '{}', { id: 'a' })],
      [part('read_file', '{"path":"x"}', { id: 'a' })],
      [part('read_file', '{"path":"y"}', { id: 'a' })],
    );
    expect(found.map(([, name, args]) => [name, args])).toEqual([
      ['run_tests', '{}'],
      ['read_file', '{"path":"x"}'],
      ['read_file', '{"path":"y"}'],
    ]);
  });
  it('come between the parts of the text, too', async () => {
    const { content, toolCalls } = await assemble({
      content: [
        { type: 'text', text: 'I look.' },
        { type: 'tool_use', id: 'a', name: 'read_file', input: { path: 'x' } },
      ],
    });
    expect(content).toBe('I look.');
    expect(toolCalls).toEqual([{ id: 'a', name: 'read_file', arguments: '{"path":"x"}' }]);
  });
  it('come as the older function_call, too', async () => {
    const { toolCalls } = await assemble(
      { function_call: { name: 'read_file', arguments: '{"pa' } },
      { function_call: { arguments: 'th":"x"}' } },
    );
    expect(toolCalls).toMatchObject([{ name: 'read_file', arguments: '{"path":"x"}' }]);
  });
});

describe('text and thoughts', () => {
  it.each<[string, readonly object[], object]>([
    [
      'reasoning_content',
      [{ reasoning_content: 'h' }, { reasoning_content: 'm' }, { content: 'Hi' }],
      { content: 'Hi', reasoning: 'hm' },
    ],
    ['reasoning', [{ reasoning: 'hm' }, { content: 'Hi' }], { content: 'Hi', reasoning: 'hm' }],
    [
      'both, the same',
      [{ reasoning: 'hm', reasoning_content: 'hm' }, { content: 'Hi' }],
      { content: 'Hi', reasoning: 'hm' },
    ],
    [
      'reasoning and its details',
      [{ reasoning: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'hm' }] }, { content: 'Hi' }],
      { content: 'Hi', reasoning: 'hm' },
    ],
    [
      'details alone',
      [{ reasoning_details: [{ type: 'reasoning.summary', summary: 'hm' }] }, { content: 'Hi' }],
      { content: 'Hi', reasoning: 'hm' },
    ],
    [
      'parts',
      [
        {
          content: [
            { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
            { type: 'text', text: 'H' },
          ],
        },
        { content: 'i' },
      ],
      { content: 'Hi', reasoning: 'hm' },
    ],
    [
      'think tags, in pieces',
      [{ content: '<th' }, { content: 'ink>h' }, { content: 'm</thi' }, { content: 'nk>\n\nHi' }],
      { content: 'Hi', reasoning: 'hm' },
    ],
    ['an end tag alone', [{ content: 'hm</think>Hi' }], { content: 'Hi', reasoning: 'hm' }],
    [
      'several thoughts, in other words',
      [{ content: '<THINK>h</THINK>\n<thoug' }, { content: 'hts>m</thoughts> <reasoning>!</reasoning>Hi <think>' }],
      { content: 'Hi <think>', reasoning: 'h\nm\n!' },
    ],
    ['a part alone', [{ content: { type: 'text', text: 'Hi' } }], { content: 'Hi' }],
    ['tags in code', [{ content: 'Use `x`:\n```\n</think>\n```' }], { content: 'Use `x`:\n```\n</think>\n```' }],
    [
      'null in every field',
      [{ content: null, reasoning: null, tool_calls: null, refusal: null, function_call: null }, { content: 'Hi' }],
      { content: 'Hi' },
    ],
    [
      'fields of the wrong kind',
      [{ content: 'Hi', tool_calls: 'none', reasoning_details: 7, refusal: {} }],
      { content: 'Hi' },
    ],
  ])('%s', async (_, deltas, expected) => {
    const { content, reasoning } = await assemble(...deltas);
    expect({ content, ...(reasoning === undefined ? {} : { reasoning }) }).toEqual(expected);
  });
  it('come once where the server says the whole message again at the end', async () => {
    const message = { content: 'Hi', tool_calls: [part('run_tests', '{}', { id: 'b' })] };
    async function* parts(): AsyncGenerator<Part> {
      yield { choices: [{ delta: { content: 'H' } }] };
      yield { choices: [{ delta: { content: 'i' } }] };
      yield { choices: [{ message, finish_reason: 'tool_calls' }] };
    }
    const reply = await assembleReply(parts(), { tools: ['run_tests'], callIds: new Set() });
    expect(reply.message).toMatchObject({ content: 'Hi', toolCalls: [{ id: 'b', name: 'run_tests' }] });
  });
  it('streams the answer without the thoughts', async () => {
    const texts: string[] = [];
    async function* parts(): AsyncGenerator<Part> {
      for (const content of ['<', 'think>', 'hm', '</think>', 'H', 'i']) yield { choices: [{ delta: { content } }] };
      yield 'done';
    }
    await assembleReply(parts(), { tools: [], callIds: new Set(), onText: (text) => texts.push(text) });
    expect(texts).toEqual(['H', 'i']);
  });
});

describe('usage', () => {
  const usage = async (...used: readonly object[]) => {
    async function* parts(): AsyncGenerator<Part> {
      yield { choices: [{ delta: { content: 'Hi' }, finish_reason: 'stop' }] };
      for (const each of used) yield { choices: [], ...each };
    }
    return (await assembleReply(parts(), { tools: [], callIds: new Set() })).usage;
  };
  it.each<[string, readonly object[], object | undefined]>([
    ['absent', [], undefined],
    ['null', [{ usage: null }], undefined],
    [
      'in each part',
      [{ usage: { prompt_tokens: 9, completion_tokens: 1 } }, { usage: { prompt_tokens: 9, completion_tokens: 5 } }],
      { inputTokens: 9, outputTokens: 5 },
    ],
    [
      "OpenAI's",
      [{ usage: { prompt_tokens: 9, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 4 } } }],
      { inputTokens: 9, outputTokens: 5, cachedTokens: 4 },
    ],
    [
      "DeepSeek's",
      [{ usage: { prompt_tokens: 9, completion_tokens: 5, prompt_cache_hit_tokens: 4 } }],
      { inputTokens: 9, outputTokens: 5, cachedTokens: 4 },
    ],
    [
      "Anthropic's",
      [{ usage: { input_tokens: 9, output_tokens: 5, cache_read_input_tokens: 4 } }],
      { inputTokens: 9, outputTokens: 5, cachedTokens: 4 },
    ],
    [
      "Moonshot's",
      [{ usage: { prompt_tokens: 9, completion_tokens: 5, cached_tokens: 4 } }],
      { inputTokens: 9, outputTokens: 5, cachedTokens: 4 },
    ],
    [
      "Groq's",
      [{ x_groq: { usage: { prompt_tokens: 9, completion_tokens: 5 } } }],
      { inputTokens: 9, outputTokens: 5 },
    ],
    [
      'with thoughts in the total alone',
      [{ usage: { prompt_tokens: 9, completion_tokens: 5, total_tokens: 24 } }],
      { inputTokens: 9, outputTokens: 15 },
    ],
    [
      'with details of the wrong kind',
      [{ usage: { prompt_tokens: 9, completion_tokens: 5, prompt_tokens_details: 'x' } }],
      { inputTokens: 9, outputTokens: 5 },
    ],
  ])('%s', async (_, used, expected) => {
    expect(await usage(...used)).toEqual(expected);
  });
});

describe('half a reply', () => {
  const end = async (...parts: readonly Part[]) => {
    async function* all(): AsyncGenerator<Part> {
      yield* parts;
    }
    return await assembleReply(all(), { tools: [], callIds: new Set() });
  };
  const half = { choices: [{ delta: { content: 'Half of' } }], usage: { prompt_tokens: 9, completion_tokens: 1 } };
  it('is none, also from a server that counts in each part', async () => {
    await expect(end(half)).rejects.toThrow('ended in the middle');
    await expect(end(half, { choices: [], usage: { prompt_tokens: 9, completion_tokens: 2 } })).resolves.toBeDefined();
  });
  it('is none when the server says that it failed', async () => {
    await expect(end(half, { choices: [{ delta: {}, finish_reason: 'error' }] }, 'done')).rejects.toThrow(
      'failed (error)',
    );
  });
});
