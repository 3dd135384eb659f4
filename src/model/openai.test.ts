import { describe, expect, it } from 'vitest';
import {
  cut,
  delta,
  disconnect,
  event,
  failing,
  type Handler,
  huge,
  json,
  onlyComments,
  page,
  piecesOf,
  says,
  stall,
  startFaultServer,
  stream,
} from './fault-server.test-support.ts';
import {
  ContextOverflowError,
  type Model,
  ModelError,
  type ModelRequest,
  type ModelRetry,
  ToolsRefusedError,
} from './model.ts';
import { createOpenAIModel, type OpenAIModelOptions } from './openai.ts';
import { withToolMode } from './tool-mode.ts';

/** Each request is answered by the next handler, the last one again and again. */
async function serve(handlers: readonly Handler[], options: Partial<OpenAIModelOptions> = {}) {
  const server = await startFaultServer((index) => handlers[Math.min(index, handlers.length - 1)] ?? disconnect);
  const retry = { delay: 1, random: () => 0, ...options.retry };
  const model = createOpenAIModel({ model: 'm', apiKey: 'sk-secret', baseUrl: server.baseUrl, ...options, retry });
  return Object.assign(server, { model });
}

const REQUEST: ModelRequest = {
  messages: [
    { role: 'system', content: 'be brief' },
    { role: 'user', content: 'go' },
    { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'look', arguments: '{}' }] },
    { role: 'tool', callId: 'a', content: 'seen' },
  ],
  tools: [{ name: 'look', description: 'Looks.', parameters: { type: 'object', properties: {} } }],
};
interface Asked {
  readonly texts?: string[];
  readonly progress?: number[];
  readonly retries?: ModelRetry[];
  readonly signal?: AbortSignal;
  readonly request?: ModelRequest;
}
const ask = (model: Model, { texts = [], progress = [], retries = [], signal, request = REQUEST }: Asked = {}) =>
  model.respond(request, {
    signal: signal ?? new AbortController().signal,
    onText: (text) => texts.push(text),
    onProgress: (characters) => progress.push(characters),
    onRetry: (retry) => retries.push(retry),
  });
const USAGE = { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 4 } };
const COMPLETION = {
  choices: [
    {
      message: {
        content: 'Hi',
        reasoning_content: 'hm',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{"a":1}' } }],
      },
      finish_reason: 'tool_calls',
    },
  ],
  usage: USAGE,
};
const REPLY = {
  message: {
    role: 'assistant',
    content: 'Hi',
    reasoning: 'hm',
    toolCalls: [{ id: 'c', name: 'look', arguments: '{"a":1}' }],
    echo: { message: { reasoning_content: 'hm' }, calls: [{}] },
  },
  usage: { inputTokens: 10, outputTokens: 5, cachedTokens: 4 },
};

describe('replies', () => {
  it('reads a whole reply and sends the protocol', async () => {
    await using server = await serve([json(COMPLETION)], { stream: false });
    expect(await ask(server.model)).toEqual(REPLY);
    expect(server.bodies[0]).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'be brief' },
        { role: 'user', content: 'go' },
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'look', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'a', content: 'seen' },
      ],
      tools: [{ type: 'function', function: REQUEST.tools[0] }],
    });
    const { authorization } = server.requests[0]?.headers ?? {};
    expect(authorization).toBe('Bearer sk-secret');
  });

  it('puts a streamed reply together', async () => {
    const parts = [
      delta({ reasoning_content: 'hm' }),
      delta({ content: 'H' }),
      delta({ content: 'i' }),
      delta({ tool_calls: [{ index: 0, id: 'c', function: { name: 'look', arguments: '' } }] }),
      delta({ tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] }),
      delta({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }, 'tool_calls'),
      { choices: [], usage: USAGE },
    ];
    await using server = await serve([stream(parts)]);
    const texts: string[] = [];
    const progress: number[] = [];
    expect(await ask(server.model, { texts, progress })).toEqual(REPLY);
    expect(texts).toEqual(['H', 'i']);
    // Of thoughts, text, and a call's name and arguments.
    expect(progress.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(
      'hm'.length + 'Hi'.length + '{"a":1}'.length,
    );
    expect(server.bodies[0]).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it.each<[string, Handler]>([
    ['answers whole although asked to stream', json(COMPLETION)],
    [
      'streams under another type',
      stream([delta(COMPLETION.choices[0]?.message, 'stop'), { choices: [], usage: USAGE }], '', 'text/plain'),
    ],
    [
      'sends a JSON text a line',
      (response) =>
        void response.end(
          `${JSON.stringify(delta(COMPLETION.choices[0]?.message))}\n${JSON.stringify({ choices: [], usage: USAGE })}`,
        ),
    ],
    [
      'ends its lines with \\r\\n and comments in between',
      stream(
        [
          `: hello\r\n\r\nevent: x\r\n${event({ ...COMPLETION, choices: [] }).replaceAll('\n', '\r\n')}`,
          ': alive\r\n\r\n',
          `data: ${JSON.stringify(delta(COMPLETION.choices[0]?.message, 'stop'))}\r\n\r\n`,
        ],
        '',
      ),
    ],
    [
      'leaves out the last empty line',
      stream(
        [event(delta(COMPLETION.choices[0]?.message, 'stop'))],
        `data: ${JSON.stringify({ choices: [], usage: USAGE })}`,
      ),
    ],
    [
      'leaves out the empty lines between events',
      stream(
        [delta(COMPLETION.choices[0]?.message), delta({}, 'stop'), { choices: [], usage: USAGE }].map(
          (part) => `data: ${JSON.stringify(part)}\n`,
        ),
        'data: [DONE]\n',
      ),
    ],
  ])('understands a server that %s', async (_, handler) => {
    await using server = await serve([handler]);
    expect(await ask(server.model)).toEqual(REPLY);
    expect(server.bodies).toHaveLength(1);
  });

  it('counts for a server that does not, and says so', async () => {
    await using server = await serve([stream([delta({ content: 'Hello there.' }, 'stop')])]);
    const { usage } = await ask(server.model);
    expect(usage).toMatchObject({ estimated: true, outputTokens: 3 });
    expect(usage?.inputTokens).toBeGreaterThan(20);
  });

  it('says what a reply costs by the host behind a relay', async () => {
    const whole = {
      choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1_000_000, completion_tokens: 0 },
    };
    await using server = await serve([json(whole)], { model: 'gpt-4o', hostUrl: 'https://api.openai.com/v1' });
    expect((await ask(server.model)).cost).toBeCloseTo(2.5);
    await using other = await serve([json(whole)], { model: 'gpt-4o' });
    expect((await ask(other.model)).cost).toBeUndefined();
  });

  it('gives back what the server wants to see again', async () => {
    const signed = {
      id: 's',
      function: { name: 'look', arguments: '{}' },
      extra_content: { google: { thought_signature: 'x' } },
    };
    const details = [
      { type: 'reasoning.text', text: 'h', index: 0 },
      { type: 'reasoning.text', text: 'm', signature: 'y', index: 0 },
    ];
    await using server = await serve([
      stream([
        delta({ reasoning_details: [details[0]] }),
        delta({ reasoning_details: [details[1]], tool_calls: [signed] }, 'stop'),
      ]),
      says({ text: 'ok' }),
    ]);
    const { message } = await ask(server.model);
    expect(message.reasoning).toBe('hm');
    await ask(server.model, {
      request: { ...REQUEST, messages: [...REQUEST.messages, message, { role: 'tool', callId: 's', content: '' }] },
    });
    expect(server.bodies[1]?.messages.slice(-2)).toEqual([
      {
        role: 'assistant',
        content: '',
        reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 'y', index: 0 }],
        tool_calls: [
          {
            id: 's',
            type: 'function',
            function: { name: 'look', arguments: '{}' },
            extra_content: signed.extra_content,
          },
        ],
      },
      { role: 'tool', tool_call_id: 's', content: '(no output)' },
    ]);
  });
});

describe('servers that refuse a part of the protocol', () => {
  const PAST: ModelRequest = {
    ...REQUEST,
    messages: [
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'go' },
      {
        role: 'assistant',
        content: '',
        toolCalls: [{ id: 'a', name: 'look', arguments: '{broken' }],
        echo: { message: { reasoning_content: 'hm' }, calls: [] },
      },
      { role: 'tool', callId: 'a', content: 'seen' },
      { role: 'user', content: 'and now?' },
    ],
  };
  const learned = async (refusal: string, status = 400) => {
    await using server = await serve([failing(status, refusal), says({ text: 'ok' })]);
    await ask(server.model, { request: PAST });
    await ask(server.model, { request: PAST });
    expect(server.bodies).toHaveLength(3);
    const [first, second, third] = server.bodies;
    // What was learned is kept.
    expect(third).toEqual(second);
    return { first, second, messages: second?.messages ?? [] };
  };

  it.each(['Unrecognized request argument supplied: stream_options', 'stream_options is not supported'])(
    '%s',
    async (said) => {
      const { second } = await learned(said);
      expect(second?.stream).toBe(true);
      expect(second).not.toHaveProperty('stream_options');
    },
  );
  it('does without streaming', async () => {
    expect((await learned('Streaming is not supported for this model')).second).not.toHaveProperty('stream');
  });
  it.each([
    ['System role not supported', 500],
    ["Unsupported value: 'messages[0].role' does not support 'system' with this model.", 400],
    ['Developer instruction is not enabled for models/gemma-3', 400],
  ])('says as the user what the system says: %s', async (said, status) => {
    const { messages } = await learned(said, status);
    expect(messages[0]).toEqual({ role: 'user', content: 'be brief\n\ngo' });
  });
  it.each(['Unknown field `reasoning_content`', 'property thinking is unsupported'])(
    'keeps thoughts to itself: %s',
    async (said) => {
      const { first, messages } = await learned(said);
      expect(first?.messages[2]).toHaveProperty('reasoning_content', 'hm');
      expect(messages[2]).not.toHaveProperty('reasoning_content');
    },
  );
  it('sends thoughts where there were none', async () => {
    const { second } = await learned('Missing `reasoning_content` field in the assistant message', 400);
    expect(second?.messages[2]).toHaveProperty('reasoning_content', 'hm');
  });
  it('takes a failure of the server for no refusal of a parameter', async () => {
    await using server = await serve([failing(500, 'The upstream stream was closed'), says({ text: 'ok' })]);
    await ask(server.model);
    expect(server.bodies[1]).toEqual(server.bodies[0]);
  });
  it.each(['messages.2: text content blocks must be non-empty', 'content is required'])(
    'has no empty text: %s',
    async (said) => {
      expect((await learned(said)).messages[2]).toHaveProperty('content', null);
    },
  );
  it('says after a tool what belongs after it', async () => {
    const { messages } = await learned("Unexpected role 'user' after role 'tool'");
    expect(messages.at(-1)).toEqual({ role: 'tool', tool_call_id: 'a', content: 'seen\n\nand now?' });
  });
  it('shortens ids', async () => {
    const { messages } = await learned('Tool call id was a but must be a-z, A-Z, 0-9, with a length of 9.');
    expect(messages[3]).toHaveProperty('tool_call_id', expect.stringMatching(/^[a-z0-9]{9}$/));
    expect(messages[2]).toHaveProperty('tool_calls.0.id', expect.stringMatching(/^[a-z0-9]{9}$/));
  });
  it('sends no arguments of the past that are no JSON', async () => {
    const { messages } = await learned('stream_options');
    expect(messages[2]).toHaveProperty('tool_calls.0.function.arguments', '{"invalid_arguments":"{broken"}');
  });
  it('sends no names of the past that no tool can have', async () => {
    const toolCalls = ['multi_tool_use.parallel', ''].map((name, index) => ({
      id: `c${index}`,
      name,
      arguments: '{}',
    }));
    const messages = [{ role: 'assistant', content: 'So.', toolCalls }] as const;
    await using server = await serve([says({ text: 'ok' })]);
    await ask(server.model, { request: { ...REQUEST, messages } });
    const [sent] = server.bodies[0]?.messages ?? [];
    expect(sent).toHaveProperty('tool_calls.0.function.name', 'multi_tool_use_parallel');
    expect(sent).toHaveProperty('tool_calls.1.function.name', 'unnamed');
  });
  it.each([
    ['registry.ollama.ai/library/phi does not support tools', 400],
    ['"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set', 400],
    ['No endpoints found that support tool use.', 404],
    ['tools param requires --jinja flag', 500],
  ])('names one that takes no tools: %s', async (said, status) => {
    await using server = await serve([failing(status, said)]);
    await expect(ask(server.model)).rejects.toThrow(ToolsRefusedError);
    expect(server.bodies).toHaveLength(1);
  });
  it.each<[string, number | null, number, string?]>([
    ["This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.", 8192, 400],
    ['prompt is too long: 210000 tokens > 200000 maximum', 200000, 400],
    ['the request exceeds the available context size. try increasing the context size', null, 400],
    ['Request too large for model `x` on tokens per minute (TPM): Limit 6000, Requested 7000', 6000, 413],
    ['The input token count exceeds the maximum number of tokens allowed', null, 400],
  ])('tells a request that is too long: %s', async (said, window, status) => {
    await using server = await serve([failing(status, said)]);
    const error = await ask(server.model).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ContextOverflowError);
    expect((error as ContextOverflowError).window).toBe(window);
    expect(server.bodies).toHaveLength(1);
  });
});

describe('replies that go wrong', () => {
  it('tells the model of a reply that was cut in the middle of a call, and asks for more room', async () => {
    const calls = [
      delta({ tool_calls: [{ index: 0, id: 'x', function: { name: 'look', arguments: '{}' } }] }),
      delta({ tool_calls: [{ index: 1, id: 'y', function: { name: 'look', arguments: '{"a":' } }] }, 'length'),
    ];
    await using server = await serve([
      stream(calls),
      failing(400, "Use 'max_completion_tokens' instead of max_tokens"),
      says({ text: 'ok' }),
    ]);
    const { message, correction } = await ask(server.model);
    expect(message.toolCalls.map(({ id }) => id)).toEqual(['x']);
    expect(correction).toContain('was not executed');
    await ask(server.model);
    expect(server.bodies.slice(1).map((body) => [body.max_tokens, body.max_completion_tokens])).toEqual([
      [16384, undefined],
      [undefined, 16384],
    ]);
  });
  it('bounds the length of a reply, streamed or whole', async () => {
    await using server = await serve([
      huge(10_000_000),
      json({ choices: [{ message: { content: 'x'.repeat(10_000_000) } }] }),
    ]);
    for (const _ of [1, 2]) {
      const { message, correction, usage } = await ask(server.model);
      expect(message.content.length).toBeLessThan(2_100);
      expect(correction).toContain('longer than 1000000 characters');
      expect(usage?.outputTokens).toBeGreaterThan(100_000);
    }
    expect(server.bodies).toHaveLength(2);
  });
  it('ends a reply that repeats itself, in its text or in a call', async () => {
    const line = 'const value = compute(value, value);\n';
    const text = Array.from({ length: 2000 }, () => delta({ content: line }));
    const call = Array.from({ length: 2000 }, () =>
      delta({ tool_calls: [{ index: 0, id: 'x', function: { name: 'look', arguments: line } }] }),
    );
    await using server = await serve([stream(text, ''), stream(call, '')]);
    for (const _ of [1, 2]) {
      const { message, correction } = await ask(server.model);
      expect(correction).toContain('repeated itself');
      expect(message.toolCalls).toEqual([]);
    }
  });
  it('tells the model of what a filter removed, and keeps a refusal as its text', async () => {
    await using server = await serve([
      stream([delta({}, 'content_filter')]),
      stream([delta({ refusal: 'I will not.' }, 'stop')]),
    ]);
    expect((await ask(server.model)).correction).toContain('content filter');
    expect((await ask(server.model)).message.content).toBe('I will not.');
  });
  it('asks again after an empty reply, then tells the model', async () => {
    await using server = await serve([stream([delta({}, 'stop'), { choices: [], usage: USAGE }])]);
    const retries: ModelRetry[] = [];
    const reply = await ask(server.model, { retries });
    expect(reply).toMatchObject({
      message: { content: '', toolCalls: [] },
      correction: expect.stringContaining('empty'),
    });
    expect(server.bodies).toHaveLength(3);
    expect(retries.map(({ usage }) => usage?.outputTokens)).toEqual([5, 5]);
  });
  it('tells the model that its call was malformed', async () => {
    await using server = await serve([stream([delta({}, 'MALFORMED_FUNCTION_CALL')])]);
    expect((await ask(server.model)).correction).toContain('could not read your tool call');
  });
  it('reads the call that the server itself could not', async () => {
    const error = {
      message: 'Failed to call a function.',
      code: 'tool_use_failed',
      failed_generation: '<function=look>{}</function>',
    };
    await using server = await serve([json({ error }, 400)]);
    const { message, correction } = await ask(withToolMode(server.model, 'auto'));
    expect(message.toolCalls).toMatchObject([{ name: 'look' }]);
    expect(correction).toBeUndefined();
    expect(await ask(server.model)).toMatchObject({
      message: { content: '<function=look>{}</function>' },
      correction: expect.any(String),
    });
  });
});

describe('the end of a reply', () => {
  const open =
    (...parts: readonly unknown[]): Handler =>
    (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(parts.map((part) => (typeof part === 'string' ? part : event(part))).join(''));
    };
  const timeouts = { firstToken: 60, silence: 0.1 };
  it.each<[string, Handler]>([
    ['[DONE] and the connection stays open', open(delta({ content: 'Hi' }), 'data: [DONE]\n\n')],
    ['its reason and the connection stays open', open(delta({ content: 'Hi' }, 'stop'))],
    [
      'its reason and the connection breaks',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(event(delta({ content: 'Hi' }, 'stop')), () => response.destroy());
      },
    ],
    ['its reason and garbage', stream([delta({ content: 'Hi' }, 'stop'), 'data: {{{\n\n'])],
  ])('is %s', async (_, handler) => {
    await using server = await serve([handler], { timeouts });
    expect((await ask(server.model)).message.content).toBe('Hi');
    expect(server.bodies).toHaveLength(1);
  });
  it('is not the usage that a server sends first', async () => {
    const first = { choices: [], usage: USAGE };
    await using server = await serve([
      stream([first, delta({ content: 'H' })], ''),
      stream([first, delta({ content: 'Hi' }, 'stop')]),
    ]);
    expect((await ask(server.model)).message.content).toBe('Hi');
  });
  it('is none where an event is named error', async () => {
    const failed = stream([delta({ content: 'H' }), 'event: error\ndata: {"message":"out of memory"}\n\n']);
    await using server = await serve([failed], { retry: { times: 0 } });
    await expect(ask(server.model)).rejects.toThrow('out of memory');
  });
  it('leaves out what was not asked for: a second choice, half a character', async () => {
    const second = { choices: [null, { index: 1, delta: { content: 'No' } }] };
    await using server = await serve([stream([delta({ content: 'Hi \ud83d' }), second, delta({}, 'stop')])]);
    expect((await ask(server.model)).message.content).toBe('Hi \uFFFD');
  });
  it('has its tokens counted where the server counts none', async () => {
    const nothing = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
    await using server = await serve([stream([delta({ content: 'Hi' }, 'stop'), { choices: [], usage: nothing }])]);
    expect((await ask(server.model)).usage).toMatchObject({ estimated: true, outputTokens: 1 });
  });
});

describe('failures', () => {
  const failure = async (handlers: readonly Handler[], options: Partial<OpenAIModelOptions> = {}) => {
    await using server = await serve(handlers, options);
    const error = await ask(server.model).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModelError);
    return { message: (error as Error).message, tries: server.bodies.length };
  };

  it('names a wrong key without repeating it', async () => {
    const { message, tries } = await failure([failing(401, 'Incorrect API key provided: sk-secret')]);
    expect(message).toContain('refuses the API key (401)');
    expect(message).not.toContain('sk-secret');
    expect(tries).toBe(1);
  });
  it('names a wrong key whatever the status, and repeats no key', async () => {
    const apiKey = 'sk-0123456789abcdef';
    const google = await failure([failing(400, 'API key not valid. Please pass a valid API key.')], { apiKey });
    expect(google.message).toContain('refuses the API key (400)');
    const said = [failing(422, `no organisation for ${apiKey}`)];
    expect((await failure(said, { apiKey })).message).toContain('error 422: no organisation for [key]');
    await using server = await serve([says({ text: `Hello ${apiKey}` })], { apiKey });
    expect((await ask(server.model)).message.content).toBe('Hello [key]');
  });
  it('keeps the status of an error whose page breaks off', async () => {
    const half: Handler = (response) => {
      response.writeHead(418, { 'content-length': '1000' });
      response.write('I am a teapot', () => response.destroy());
    };
    expect((await failure([half])).message).toContain('error 418: I am a teapot');
  });
  it('says where a request was redirected to', async () => {
    const redirect: Handler = (response) => void response.writeHead(301, { location: '/elsewhere' }).end();
    expect((await failure([redirect])).message).toMatch(/404.*redirected to http:.*\/elsewhere/);
  });
  it('names an answer that is nested without end', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const sent =
      (text: string): Handler =>
      (response) =>
        void response.end(text);
    const call = `{"choices":[{"message":{"tool_calls":[{"function":{"name":"look","arguments":${deep}}}]}}]}`;
    expect((await failure([sent(call)])).message).toContain('nested too deeply');
    expect((await failure([sent(`{"error":${deep}}`)], { retry: { times: 0 } })).message).toContain('without a word');
  });
  it('names an unknown model or URL', async () => {
    expect((await failure([failing(404, 'no such model')])).message).toMatch(
      /knows no model "m".*\(404\): no such model/,
    );
  });
  it('names a server that cannot be reached', async () => {
    const model = createOpenAIModel({ model: 'm', apiKey: '', baseUrl: 'http://127.0.0.1:1/v1', retry: { delay: 1 } });
    await expect(ask(model)).rejects.toThrow(/No program may be asked at http:\/\/127.0.0.1:1/);
  });
  it('names an answer that is no API', async () => {
    expect((await failure([page(200, 'Welcome')])).message).toMatch(
      /with a page titled "Welcome": is the base URL right\?/,
    );
    expect((await failure([json({ ok: true })])).message).toContain('no chat completion');
    expect((await failure([page(404, 'Not here')])).message).toContain('Not here');
  });
  it('asks again when something else answers for a server that has answered before', async () => {
    const said = says({ text: 'ok' });
    await using server = await serve([said, page(200, 'Just a moment...'), json(null), said]);
    const retries: ModelRetry[] = [];
    for (const _ of [1, 2]) expect((await ask(server.model, { retries })).message.content).toBe('ok');
    expect(retries.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('Just a moment'),
      expect.stringContaining('"null"'),
    ]);
  });
  it.each<[string, Handler]>([
    ['FastAPI', json({ detail: [{ loc: ['body', 'model'], msg: 'not served', input: 'secret' }] }, 400)],
    ['vLLM', json({ object: 'error', message: 'body.model: not served', code: 400 }, 400)],
    ['a bare text', (response) => void response.writeHead(400).end('body.model: not served')],
    ['Google', json([{ error: { code: 400, message: 'body.model: not served', status: 'INVALID_ARGUMENT' } }], 400)],
    ['a proxy, with an error in a 200', json({ error: { code: 400, message: 'body.model: not served' } })],
    [
      'a proxy, with an error in the stream',
      stream([delta({ content: 'H' }), { error: { code: 400, message: 'body.model: not served' } }]),
    ],
  ])('reads the error of %s', async (_, handler) => {
    const { message, tries } = await failure([handler]);
    expect(message).toContain('error 400: body.model: not served');
    expect(tries).toBe(1);
  });
  it('says how often it was tried', async () => {
    const { message, tries } = await failure([failing(500, 'broken')], { retry: { times: 2 } });
    expect(message).toContain('error 500: broken. It was tried 3 times.');
    expect(tries).toBe(3);
  });
  it('does not wait for hours, nor for credit', async () => {
    const { message, tries } = await failure([failing(429, 'slow down', { 'retry-after': '7200' })]);
    expect(message).toContain('(429): slow down (It asks to wait for 2 hours.)');
    expect(tries).toBe(1);
    const quota = json({ error: { message: 'You exceeded your quota', code: 'insufficient_quota' } }, 429);
    expect(await failure([quota])).toMatchObject({ message: expect.stringContaining('no credit left'), tries: 1 });
  });
  it('gives up on a server that is silent, and says so', async () => {
    const timeouts = { firstToken: 0.05, silence: 0.05 };
    for (const silent of [stall({}, 0), stall({ text: 'a b c' }, 2), onlyComments]) {
      const { message, tries } = await failure([silent], { timeouts });
      expect(message).toMatch(/(no part of its reply|fell silent).* for 0.1 seconds/);
      expect(tries).toBe(2);
    }
  });
  it('rejects with the reason of the signal when aborted, also in a wait', async () => {
    for (const handler of [disconnect, failing(429, 'later', { 'retry-after': '60' }), stall({ text: 'a b' }, 2)]) {
      const controller = new AbortController();
      const stop: Handler = (response, body, request) => {
        handler(response, body, request);
        setTimeout(() => controller.abort(new Error('stop')), 5);
      };
      await using server = await serve([stop], { retry: { delay: 60_000 } });
      await expect(ask(server.model, { signal: controller.signal })).rejects.toThrow('stop');
    }
  });
});

describe('failures that pass', () => {
  const GOOD = says({ text: 'ok', calls: [['look', { a: 1 }]] });

  it.each<[string, readonly Handler[]]>([
    [
      '429 and 503, with Retry-After',
      [failing(429, 'slow', { 'retry-after': '0' }), failing(503, 'busy', { 'retry-after-ms': '1' })],
    ],
    ['a storm of 429', Array.from({ length: 12 }, () => failing(429, 'slow'))],
    ['500, 502 as a page, and 529', [failing(500, 'oh'), page(502, 'Bad gateway'), failing(529, 'overloaded')]],
    ['a cut stream', [cut({ text: 'a b c d' }, 3), cut({ calls: [['look', { a: 'long enough' }]] }, 4)]],
    ['a stream that ends early', [stream([delta({ content: 'H' })], '')]],
    [
      'broken JSON',
      [
        stream(['data: {broken\n\n']),
        stream([delta({ content: 'H' }), 'data: {"choices":[{"del'], ''),
        (response) => void response.end('{"choices": ['),
      ],
    ],
    ['a connection closed at once', [disconnect, disconnect]],
    ['an empty body', [(response) => void response.end()]],
    [
      'an error in a 200 and in the stream',
      [
        json({ error: { message: 'overloaded', code: 529 } }),
        stream([{ error: { message: 'oh' } }]),
        stream([{ error: { message: 'slow', code: 429 } }]),
      ],
    ],
    ['a reply that failed', [stream([delta({}, 'error')])]],
    ['silence at first', [stall({}, 0)]],
    ['silence in the middle', [stall({ text: 'a b c d' }, 3)]],
    [
      'one after the other',
      [disconnect, failing(429, 'slow'), failing(500, 'oh'), stall({}, 0), stream([delta({}, 'stop')])],
    ],
  ])('%s', async (_, faults) => {
    // Long enough for the replies that are not silent, also where the machine has much to do.
    await using server = await serve([...faults, GOOD], { timeouts: { firstToken: 3, silence: 2 } });
    const retries: ModelRetry[] = [];
    const reply = await ask(server.model, { retries });
    // Nothing of the halves is in the reply.
    expect(reply.message).toEqual({
      role: 'assistant',
      content: 'ok',
      toolCalls: [{ id: 'call_0_0', name: 'look', arguments: '{"a":1}' }],
    });
    expect(server.bodies).toHaveLength(faults.length + 1);
    expect(retries).toHaveLength(faults.length);
    for (const { reason } of retries) expect(reason).not.toBe('');
  });

  it('has no more patience than it was given', async () => {
    await using server = await serve([failing(429, 'slow')], { retry: { delay: 20, patience: 50 } });
    await expect(ask(server.model)).rejects.toThrow(/too many requests.* tried \d times/);
  });
});

describe('the window', () => {
  it('is what was given, what a table says, what the server lists, or an assumption', async () => {
    const windowOf = async (
      options: Partial<OpenAIModelOptions>,
      models: readonly object[] | null = null,
      size = 50_000,
    ) => {
      await using server = await startFaultServer(() => disconnect, models);
      const model = createOpenAIModel({ model: 'm', apiKey: '', baseUrl: server.baseUrl, ...options });
      return await model.contextWindow?.(size);
    };
    expect(await windowOf({ contextWindow: 5000 })).toEqual({ tokens: 5000, source: 'given' });
    expect(await windowOf({ model: 'gpt-4o', hostUrl: 'https://api.openai.com/v1' })).toEqual({
      tokens: 128_000,
      source: 'table',
    });
    expect(
      await windowOf({}, [
        { id: 'other', max_model_len: 1 },
        { id: 'm', max_model_len: 40_960 },
      ]),
    ).toEqual({ tokens: 40_960, source: 'server' });
    expect(await windowOf({}, null, 100)).toBeNull();
    expect(await windowOf({})).toEqual({ tokens: 32_768, source: 'assumed' });
    expect(await windowOf({ hostUrl: 'https://models.example.com/v1' })).toEqual({
      tokens: 128_000,
      source: 'assumed',
    });
  });
});

it('streams no thought as text', async () => {
  await using server = await serve([stream([...piecesOf({ text: '<think> a b </think> c d' })])]);
  const texts: string[] = [];
  const { message } = await ask(server.model, { texts });
  expect(message).toMatchObject({ content: 'c d', reasoning: 'a b' });
  expect(texts.join('').trim()).toBe('c d');
});
