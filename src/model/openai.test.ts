import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Model, ModelError, type ModelRequest } from './model.ts';
import { createOpenAIModel, type OpenAIModelOptions } from './openai.ts';

/** A server that speaks the protocol: each request is answered by the next handler, the last one again and again. */
type Handler = (response: ServerResponse, body: Record<string, unknown>, request: IncomingMessage) => void;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(handlers: readonly Handler[], options: Partial<OpenAIModelOptions> = {}) {
  const bodies: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const body = JSON.parse(text);
      bodies.push(body);
      handlers[Math.min(bodies.length, handlers.length) - 1]?.(response, body, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const model = createOpenAIModel({ model: 'm', apiKey: 'sk-secret', baseUrl, retry: { delay: 1 }, ...options });
  return { model, bodies, baseUrl };
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
const ask = (model: Model, texts: string[] = [], signal = new AbortController().signal) =>
  model.respond(REQUEST, { signal, onText: (text) => texts.push(text) });
const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): Handler =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
const stream =
  (parts: readonly unknown[], end = 'data: [DONE]\n\n'): Handler =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const part of parts) response.write(`data: ${typeof part === 'string' ? part : JSON.stringify(part)}\n\n`);
    response.end(end);
  };
const delta = (value: unknown, finish: string | null = null) => ({
  choices: [{ delta: value, finish_reason: finish }],
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
  },
  usage: { inputTokens: 10, outputTokens: 5, cachedTokens: 4 },
};

describe('replies', () => {
  it('reads a whole reply and sends the protocol', async () => {
    const { model, bodies } = await serve([json(COMPLETION)], { stream: false });
    expect(await ask(model)).toEqual(REPLY);
    expect(bodies[0]).toEqual({
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
    const { model, bodies } = await serve([stream(parts)]);
    const texts: string[] = [];
    expect(await ask(model, texts)).toEqual(REPLY);
    expect(texts).toEqual(['H', 'i']);
    expect(bodies[0]).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it('keeps parallel calls apart, with indices and without', async () => {
    const calls = (indexed: boolean) => [
      delta({
        tool_calls: [{ ...(indexed ? { index: 0 } : {}), id: 'x', function: { name: 'look', arguments: '{}' } }],
      }),
      delta(
        { tool_calls: [{ ...(indexed ? { index: 1 } : {}), id: 'y', function: { name: 'see', arguments: '{}' } }] },
        'tool_calls',
      ),
    ];
    for (const indexed of [true, false]) {
      const { model } = await serve([stream(calls(indexed))]);
      expect((await ask(model)).message.toolCalls.map(({ id, name }) => id + name)).toEqual(['xlook', 'ysee']);
    }
  });

  it('understands a server that answers whole although asked to stream', async () => {
    const { model } = await serve([json(COMPLETION)]);
    expect(await ask(model)).toEqual(REPLY);
  });

  it('does without stream_options, then without streaming, where the server refuses them', async () => {
    const refuse = (what: string) => json({ error: { message: `unknown field ${what}` } }, 400);
    const { model, bodies } = await serve([refuse('stream_options'), refuse('stream'), json(COMPLETION)]);
    expect(await ask(model)).toEqual(REPLY);
    expect(bodies.map(({ stream: streamed, stream_options: usage }) => [streamed, usage])).toEqual([
      [true, { include_usage: true }],
      [true, undefined],
      [undefined, undefined],
    ]);
  });
});

describe('failures', () => {
  const failure = async (handlers: readonly Handler[], options: Partial<OpenAIModelOptions> = {}) => {
    const { model, bodies } = await serve(handlers, options);
    const error = await ask(model).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModelError);
    return { message: (error as Error).message, tries: bodies.length };
  };
  const error = (status: number, message: string, headers = {}) => json({ error: { message } }, status, headers);

  it('names a wrong key without repeating it', async () => {
    const { message, tries } = await failure([error(401, 'Incorrect API key provided: sk-secret')]);
    expect(message).toContain('refuses the API key (401)');
    expect(message).not.toContain('sk-secret');
    expect(tries).toBe(1);
  });
  it('names an unknown model or URL', async () => {
    expect((await failure([error(404, 'no such model')])).message).toMatch(
      /knows no model "m".*\(404\): no such model/,
    );
  });
  it('names a server that cannot be reached', async () => {
    const model = createOpenAIModel({ model: 'm', apiKey: '', baseUrl: 'http://127.0.0.1:1/v1' });
    await expect(ask(model)).rejects.toThrow(/cannot be reached: no network, a wrong base URL, or .* CORS/);
  });
  it('names an answer that is not JSON, or no completion', async () => {
    const page: Handler = (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    expect((await failure([page])).message).toContain('is the base URL right?');
    expect((await failure([json({ ok: true })])).message).toContain('no chat completion');
    expect((await failure([stream(['{broken'])])).message).toContain('JSON');
  });
  it('tries again after 429 and 5xx, up to a bound', async () => {
    const { model, bodies } = await serve([
      error(429, 'slow', { 'retry-after': '0' }),
      error(503, 'busy'),
      json(COMPLETION),
    ]);
    expect(await ask(model)).toEqual(REPLY);
    expect(bodies).toHaveLength(3);
    const { message, tries } = await failure([error(500, 'broken')], { retry: { delay: 1, times: 2 } });
    expect(message).toContain('error 500: broken');
    expect(tries).toBe(3);
  });
  it('does not wait for hours', async () => {
    const { message, tries } = await failure([error(429, 'no credit', { 'retry-after': '7200' })]);
    expect(message).toContain('(429): no credit');
    expect(tries).toBe(1);
  });
  it('tries again after a broken stream', async () => {
    const { model, bodies } = await serve([stream([delta({ content: 'H' })], ''), json(COMPLETION)]);
    expect(await ask(model)).toEqual(REPLY);
    expect(bodies).toHaveLength(2);
    const cut: Handler = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${JSON.stringify(delta({ content: 'H' }))}\n\n`, () => response.destroy());
    };
    const again = await serve([cut, json(COMPLETION)]);
    expect(await ask(again.model)).toEqual(REPLY);
  });
  it('bounds the length of a reply', async () => {
    const long = delta({ content: 'x'.repeat(300_000) });
    expect((await failure([stream([long, long, long, long])])).message).toContain('longer than');
  });
  it('rejects with the reason of the signal when aborted', async () => {
    const controller = new AbortController();
    const { model } = await serve([() => controller.abort(new Error('stop'))]);
    await expect(ask(model, [], controller.signal)).rejects.toThrow('stop');
  });
});
