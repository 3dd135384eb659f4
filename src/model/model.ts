/** The one interface behind which every model stands: an API, the built-in solver, a recording, a person. */

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** The arguments as the model wrote them: JSON text, parsed once, by the tool's schema. */
  readonly arguments: string;
}

export type Message =
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: 'user'; readonly content: string }
  | AssistantMessage
  | { readonly role: 'tool'; readonly callId: string; readonly content: string };

export interface AssistantMessage {
  readonly role: 'assistant';
  readonly content: string;
  /** Thoughts that the API gives apart from the answer. */
  readonly reasoning?: string;
  readonly toolCalls: readonly ToolCall[];
  /** What the server wants to see again with this message: signatures of thoughts and the like. Opaque, and in no log. */
  readonly echo?: Echo;
}

/** Fields of the wire format that go back unchanged: the message's own, and those of its calls in their order. */
export interface Echo {
  readonly message: Readonly<Record<string, unknown>>;
  readonly calls: readonly Readonly<Record<string, unknown>>[];
}

/** A tool as a model sees it; `parameters` is a JSON Schema. */
export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  readonly parameters: Record<string, unknown>;
}

export interface ModelRequest {
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDescription[];
}

/** Tokens of one reply; cached input tokens are part of the input tokens. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens?: number;
  /** The server did not say: counted here, roughly. */
  readonly estimated?: true;
}

export interface ModelReply {
  readonly message: AssistantMessage;
  /** Absent when the model does not say. */
  readonly usage?: Usage;
  /** US dollars; absent when the price is unknown. Zero for models that run here. */
  readonly cost?: number;
  /**
   * What was wrong with the reply, as a sentence for the model: it was cut off, too long, empty. What of it is in `message` is whole and
   * may be acted on; the sentence is said to the model before its next reply.
   */
  readonly correction?: string;
}

/** A try that failed; another one follows. What it has streamed is void. */
export interface ModelRetry {
  /** For a person. */
  readonly reason: string;
  readonly waitMilliseconds: number;
  /** Of the dropped reply, where it is known. */
  readonly usage?: Usage;
  readonly cost?: number;
}

export interface RespondOptions {
  readonly signal: AbortSignal;
  /** Text of the reply as it streams. */
  readonly onText?: (text: string) => void;
  /** Characters of the reply that came just now: of text, thoughts and arguments. */
  readonly onProgress?: (characters: number) => void;
  /** Told before the wait for the next try. */
  readonly onRetry?: (retry: ModelRetry) => void;
}

/** How many tokens a request and its reply may have together. */
export interface ContextWindow {
  readonly tokens: number;
  /** Who says so: the user, the server, a maintained table, or nobody. */
  readonly source: 'given' | 'server' | 'table' | 'assumed';
}

export interface Model {
  /** As it is named in the log and on the command line: "solver", "openai:gpt-x". */
  readonly name: string;
  /** The run's clock stands still while a person thinks. */
  readonly isPerson?: true;
  /** Itself for one conversation of a run: for a model to which it matters who asks. Conversations may go on at the same time. */
  forConversation?(role: string, branch?: string): Model;
  /** The next message. Rejects with ModelError, or with the signal's reason when aborted. */
  respond(request: ModelRequest, options: RespondOptions): Promise<ModelReply>;
  /**
   * For a conversation of about so many tokens; null when it is not known and the conversation is too small for it to matter. Absent
   * where there is no such bound: the solver, a recording, a person. Never rejects.
   */
  contextWindow?(tokens: number): Promise<ContextWindow | null>;
}

/** The model cannot answer; the message says why and what to do. */
export class ModelError extends Error {
  override name = 'ModelError';
}

/** The request is longer than the model's window: a shorter one may succeed. */
export class ContextOverflowError extends ModelError {
  override name = 'ContextOverflowError';
  /** Tokens, where the server says so. */
  readonly window: number | null;

  constructor(message: string, window: number | null, options?: ErrorOptions) {
    super(message, options);
    this.window = window;
  }
}

/** The server or the model takes no tools: a text protocol may succeed. */
export class ToolsRefusedError extends ModelError {
  override name = 'ToolsRefusedError';
}
