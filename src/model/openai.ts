/** Any server that speaks OpenAI's chat completions. The key stays in this closure's memory. */
import { estimateUsage } from './estimate-tokens.ts';
import {
  ContextOverflowError,
  type ContextWindow,
  type Model,
  type ModelReply,
  type ModelRequest,
  type RespondOptions,
  ToolsRefusedError,
} from './model.ts';
import { findContextWindow } from './openai/context-window.ts';
import { DEFAULT_DIALECT, type Dialect, learn, overflowOf, refusesTools } from './openai/dialect.ts';
import { type Asked, explain, isOutOfCredit, toModelError } from './openai/explain.ts';
import {
  BrokenStreamError,
  EmptyReplyError,
  ForeignReplyError,
  StalledError,
  UnreachableError,
} from './openai/failures.ts';
import { createHideKey, type HideKey, hideInReply } from './openai/hide-key.ts';
import { toParameters } from './openai/parameters.ts';
import { assembleReply, LONGEST_REPLY } from './openai/reply/assemble-reply.ts';
import { readParts } from './openai/reply/read-parts.ts';
import type { AssembledReply } from './openai/reply/reply-draft.ts';
import { UNREAD_CALL } from './openai/reply/unread-call.ts';
import { createWatchdog, DEFAULT_TIMEOUTS, longer, type Timeouts } from './openai/reply/watchdog.ts';
import { type Endpoint, post } from './openai/send.ts';
import { ServerError } from './openai/server-error.ts';
import { headersFor } from './presets.ts';
import { priceOf } from './prices.ts';
import { type RetryOptions, retrying } from './retry.ts';

export interface OpenAIModelOptions {
  /** As the server calls it. */
  readonly model: string;
  readonly apiKey: string;
  /** Default: OpenAI's own. */
  readonly baseUrl?: string;
  /** The host's own address where `baseUrl` is a relay's: prices and messages are by it. Default: `baseUrl`. */
  readonly hostUrl?: string;
  /** Default true. Servers that answer whole although asked to stream are understood. */
  readonly stream?: boolean;
  /** Tokens; default: what the server or a table says. */
  readonly contextWindow?: number;
  readonly retry?: Partial<Omit<RetryOptions, 'signal' | 'worth' | 'onRetry'>> & {
    /** Tries after the first for failures of the server that are no "wait". Default 6. */
    readonly times?: number;
  };
  readonly timeouts?: Partial<Timeouts>;
  /** Characters of one reply. */
  readonly longestReply?: number;
}

const DEFAULT_BASE_URL = 'https://api.openai.com/v1';
const TRIES = 6;
/** Tries that a failure is worth which seldom passes. */
const FEW_TRIES = 2;
/** Tokens of a conversation that fits every model in use. */
const SURELY_FITS = 8_000;
/** What a reply may have where the server's own limit proved small. */
const ENOUGH_TOKENS = 16_384;

export function createOpenAIModel(options: OpenAIModelOptions): Model {
  const server = createServer(options);
  let window: Promise<ContextWindow> | null = null;
  return {
    name: `openai:${options.model}`,
    contextWindow: (size) => {
      const { contextWindow: tokens, model } = options;
      if (tokens !== undefined) return Promise.resolve({ tokens, source: 'given' });
      // The server is asked when it matters, and not before.
      if (size < SURELY_FITS) return Promise.resolve(null);
      window ??= findContextWindow(server.endpoint, model, server.hostUrl);
      return window;
    },
    respond: (request, respond) => respondTrying(server, request, respond),
  };
}

/** One server and what was learned about it in this session. */
interface Server {
  readonly options: OpenAIModelOptions;
  readonly endpoint: Endpoint;
  readonly hostUrl: string;
  readonly hide: HideKey;
  dialect: Dialect;
  timeouts: Timeouts;
  hasAnswered: boolean;
}

function createServer(options: OpenAIModelOptions): Server {
  const { apiKey, baseUrl = DEFAULT_BASE_URL, stream = true } = options;
  const hostUrl = options.hostUrl ?? baseUrl;
  const endpoint = { baseUrl, apiKey, headers: headersFor(hostUrl) };
  return {
    options,
    endpoint,
    hostUrl,
    hide: createHideKey(apiKey),
    dialect: { ...DEFAULT_DIALECT, stream },
    timeouts: { ...DEFAULT_TIMEOUTS, ...options.timeouts },
    hasAnswered: false,
  };
}

async function respondTrying(server: Server, request: ModelRequest, respond: RespondOptions): Promise<ModelReply> {
  const { signal, onRetry } = respond;
  const asked = { model: server.options.model, host: server.hostUrl, hide: server.hide };
  const { times = TRIES, ...timing } = server.options.retry ?? {};
  let tries = 1;
  signal.throwIfAborted();
  try {
    return await retrying(() => askAdapting(server, request, respond), {
      ...timing,
      signal,
      worth: (error) => worthOf(error, server.hasAnswered, times),
      onRetry: (error, waitMilliseconds) => {
        tries += 1;
        if (error instanceof StalledError) server.timeouts = longer(server.timeouts);
        const dropped = error instanceof EmptyReplyError ? pick(error.reply) : {};
        onRetry?.({ reason: explain(error, asked), waitMilliseconds, ...dropped });
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof EmptyReplyError) return { ...error.reply, correction: EMPTY };
    if (error instanceof ServerError) throwMeaning(error, request, asked);
    throw toModelError(error, asked, tries);
  }
}

const EMPTY = 'Your reply was empty. Say what you want to do next, and call a tool.';

const pick = ({ usage, cost }: ModelReply) => ({
  ...(usage ? { usage } : {}),
  ...(cost === undefined ? {} : { cost }),
});

/** Tries after the first that a failure is worth. */
function worthOf(error: unknown, hasAnswered: boolean, times: number): number {
  if (error instanceof BrokenStreamError) return times;
  if (error instanceof UnreachableError) return hasAnswered ? times : Math.min(FEW_TRIES, times);
  if (error instanceof StalledError) return Math.min(1, times);
  if (error instanceof ForeignReplyError) return hasAnswered ? Math.min(FEW_TRIES, times) : 0;
  if (error instanceof EmptyReplyError) return Math.min(FEW_TRIES, times);
  if (!(error instanceof ServerError) || overflowOf(error) !== undefined || refusesTools(error)) return 0;
  if (isOutOfCredit(error)) return 0;
  // An error object in the stream, without a number.
  const status = error.status ?? 500;
  if (status === 429 || status === 503 || status === 529) return Number.POSITIVE_INFINITY;
  return status === 408 || status === 409 || status === 425 || status >= 500 ? times : 0;
}

/** Refusals that the caller can do something about. */
function throwMeaning(error: ServerError, { tools }: ModelRequest, asked: Asked): void {
  const overflow = overflowOf(error);
  if (overflow !== undefined) throw new ContextOverflowError(explain(error, asked), overflow, { cause: error });
  if (tools.length > 0 && refusesTools(error))
    throw new ToolsRefusedError(
      asked.hide(
        `${asked.host} takes no tool calls for "${asked.model}", but the text protocol may work (--tools text): ${error.message.slice(0, 200)}`,
      ),
      { cause: error },
    );
}

async function askAdapting(server: Server, request: ModelRequest, respond: RespondOptions): Promise<ModelReply> {
  for (;;) {
    try {
      const reply = await ask(server, request, respond);
      server.hasAnswered = true;
      return await withUsage(server, request, reply);
    } catch (error) {
      if (error instanceof EmptyReplyError) throw await priced(server, request, error);
      if (!(error instanceof ServerError)) throw error;
      if (error.refusedReply !== null) return refusedReply(request, server.hide(error.refusedReply));
      const means = overflowOf(error) !== undefined || (request.tools.length > 0 && refusesTools(error));
      const next = means && !server.dialect.maxTokens ? null : learn(server.dialect, error);
      if (next === null) throw error;
      server.dialect = next;
    }
  }
}

/** An empty reply is billed like any other. */
async function priced(server: Server, request: ModelRequest, { reply }: EmptyReplyError): Promise<EmptyReplyError> {
  server.hasAnswered = true;
  return new EmptyReplyError(await withUsage(server, request, { ...reply, finish: null, length: 0 }));
}

async function ask(
  server: Server,
  request: ModelRequest,
  { signal, onText, onProgress }: RespondOptions,
): Promise<AssembledReply> {
  const { options, dialect, endpoint } = server;
  const watchdog = createWatchdog(signal, server.timeouts);
  try {
    const body = toParameters(options.model, request, dialect);
    const response = await post(endpoint, '/chat/completions', body, watchdog.signal);
    const reply = await assembleReply(readParts(response, watchdog.heard), {
      onOver: watchdog.ending,
      tools: request.tools.map(({ name }) => name),
      callIds: callIdsOf(request),
      longest: options.longestReply ?? LONGEST_REPLY,
      ...(onText ? { onText } : {}),
      ...(onProgress ? { onProgress } : {}),
    });
    return hideInReply(reply, server.hide);
  } catch (error) {
    signal.throwIfAborted();
    throw watchdog.explain(error);
  } finally {
    watchdog.dispose();
  }
}

const callIdsOf = ({ messages }: ModelRequest): ReadonlySet<string> =>
  new Set(messages.flatMap((message) => (message.role === 'assistant' ? message.toolCalls.map(({ id }) => id) : [])));

async function withUsage(server: Server, request: ModelRequest, reply: AssembledReply): Promise<ModelReply> {
  const { finish, length, cost: billed, ...rest } = reply;
  const { hostUrl, options, dialect } = server;
  const wasCut = reply.correction !== undefined && finish === 'length';
  const small = reply.usage === undefined || reply.usage.outputTokens < ENOUGH_TOKENS / 2;
  if (wasCut && small && dialect.maxTokens === null)
    server.dialect = { ...dialect, maxTokens: { field: 'max_tokens', tokens: ENOUGH_TOKENS } };
  if (!reply.usage) return { ...rest, usage: estimateUsage(request, length) };
  // OpenRouter alone bills in dollars in its replies.
  const cost =
    billed !== undefined && /openrouter\.ai/.test(hostUrl)
      ? billed
      : await priceOf(options.model, reply.usage, hostUrl);
  return { ...rest, ...(cost === undefined ? {} : { cost }) };
}

/** Groq checks calls itself, and gives the text of what it could not read. */
function refusedReply(request: ModelRequest, text: string): ModelReply {
  return {
    message: { role: 'assistant', content: text, toolCalls: [] },
    usage: estimateUsage(request, text.length),
    correction: UNREAD_CALL,
  };
}
