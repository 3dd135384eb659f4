/** Any server that speaks OpenAI's chat completions. The only file that knows the `openai` package; the key stays in its client's memory. */
import OpenAI, { APIConnectionError, APIError, APIUserAbortError } from 'openai';
import { Stream } from 'openai/core/streaming';
import type { Message, Model, ModelReply, ModelRequest, RespondOptions } from './model.ts';
import { ModelError } from './model.ts';
import { assembleReply, type Chunk, completionToChunk } from './openai-reply.ts';
import { priceOf } from './prices.ts';
import { type RetryOptions, retrying } from './retry.ts';

export interface OpenAIModelOptions {
  /** As the server calls it. */
  readonly model: string;
  readonly apiKey: string;
  /** Default: OpenAI's own. */
  readonly baseUrl?: string;
  /** Default true. Servers that answer whole although asked to stream are understood. */
  readonly stream?: boolean;
  readonly retry?: Partial<RetryOptions>;
}

type Parameters = OpenAI.ChatCompletionCreateParams;

const DEFAULT_BASE_URL = 'https://api.openai.com/v1';

export function createOpenAIModel(options: OpenAIModelOptions): Model {
  const { model, apiKey, baseUrl = DEFAULT_BASE_URL } = options;
  const client = new OpenAI({
    // Local servers need no key, but the client does.
    apiKey: apiKey || 'none',
    baseURL: baseUrl,
    dangerouslyAllowBrowser: true,
    maxRetries: 0,
  });
  // Learned from the server's refusals, for the rest of the session.
  const accepts = { stream: options.stream ?? true, usage: true };

  const ask = async (request: ModelRequest, { signal, onText }: RespondOptions): Promise<ModelReply> => {
    const parameters = toParameters(model, request, accepts);
    const response = await client.chat.completions.create(parameters, { signal }).asResponse();
    const reply = await assembleReply(chunksOf(response), onText);
    const cost = reply.usage ? await priceOf(model, reply.usage, baseUrl) : undefined;
    return { ...reply, ...(cost === undefined ? {} : { cost }) };
  };
  const askAdapting = async (request: ModelRequest, respond: RespondOptions): Promise<ModelReply> => {
    try {
      return await ask(request, respond);
    } catch (error) {
      if (!(error instanceof APIError) || error.status !== 400 || !accepts.stream) throw error;
      if (accepts.usage && /stream_options/i.test(error.message)) accepts.usage = false;
      else if (/stream/i.test(error.message)) accepts.stream = false;
      else throw error;
      return await askAdapting(request, respond);
    }
  };
  return {
    name: `openai:${model}`,
    respond: async (request, respond) => {
      respond.signal.throwIfAborted();
      try {
        return await retrying(() => askAdapting(request, respond), { signal: respond.signal, ...options.retry });
      } catch (error) {
        respond.signal.throwIfAborted();
        throw toModelError(error, { model, baseUrl });
      }
    },
  };
}

function toParameters(model: string, request: ModelRequest, accepts: { stream: boolean; usage: boolean }): Parameters {
  const tools = request.tools.map((tool) => ({ type: 'function' as const, function: { ...tool } }));
  return {
    model,
    messages: request.messages.map(toParameter),
    ...(tools.length > 0 ? { tools } : {}),
    ...(accepts.stream ? { stream: true } : {}),
    ...(accepts.stream && accepts.usage ? { stream_options: { include_usage: true } } : {}),
  };
}

function toParameter(message: Message): OpenAI.ChatCompletionMessageParam {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: message.content };
  if (message.role !== 'assistant') return { role: message.role, content: message.content };
  const calls = message.toolCalls.map(({ id, name, arguments: text }) => ({
    id,
    type: 'function' as const,
    function: { name, arguments: text },
  }));
  return { role: 'assistant', content: message.content, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
}

/** The reply's parts, whether the server streamed or not. */
async function* chunksOf(response: Response): AsyncIterable<Chunk> {
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('event-stream')) {
    yield* Stream.fromSSEResponse<Chunk>(response, new AbortController());
    return;
  }
  const text = await response.text();
  try {
    yield completionToChunk(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ModelError(
      `The server did not answer with JSON but with "${text.slice(0, 120)}": is the base URL right?`,
      { cause: error },
    );
  }
}

/** Says in one or two sentences what is wrong and what to do. Never repeats the key. */
function toModelError(error: unknown, { model, baseUrl }: { model: string; baseUrl: string }): unknown {
  const fail = (message: string) => new ModelError(message, { cause: error });
  if (error instanceof ModelError) return error;
  if (error instanceof APIUserAbortError) return fail('The request was cut off.');
  if (error instanceof APIConnectionError)
    return fail(
      `${baseUrl} cannot be reached: no network, a wrong base URL, or a server that sends no CORS headers to this page.`,
    );
  if (error instanceof APIError) return fail(statusText(error, { model, baseUrl }));
  if (error instanceof SyntaxError) return fail(`${baseUrl} sent broken JSON: ${error.message}`);
  if (error instanceof TypeError) return fail(`The connection to ${baseUrl} broke: ${error.message}`);
  return error;
}

function statusText(error: APIError, { model, baseUrl }: { model: string; baseUrl: string }): string {
  // Some servers repeat the key, or a part of it, in their message about it.
  if (error.status === 401) return `${baseUrl} refuses the API key (401): check it in the settings.`;
  const said = error.message.replace(/^\d+ /, '').slice(0, 300);
  switch (error.status) {
    case 403:
      return `${baseUrl} does not allow this key to use "${model}" (403): ${said}`;
    case 404:
      return `${baseUrl} knows no model "${model}", or the base URL is wrong (404): ${said}`;
    case 429:
      return `${baseUrl} refuses for now: too many requests, or no credit left (429): ${said}`;
    case undefined:
      return `${baseUrl} broke off its answer: ${said}`;
    default:
      return `${baseUrl} answered with error ${error.status}: ${said}`;
  }
}
