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
}

export interface ModelReply {
  readonly message: AssistantMessage;
  /** Absent when the model does not say. */
  readonly usage?: Usage;
  /** US dollars; absent when the price is unknown. Zero for models that run here. */
  readonly cost?: number;
}

export interface RespondOptions {
  readonly signal: AbortSignal;
  /** Text of the reply as it streams. */
  readonly onText?: (text: string) => void;
}

export interface Model {
  /** As it is named in the log and on the command line: "solver", "openai:gpt-x". */
  readonly name: string;
  /** The next message. Rejects with ModelError, or with the signal's reason when aborted. */
  respond(request: ModelRequest, options: RespondOptions): Promise<ModelReply>;
}

/** The model cannot answer; the message says why and what to do. */
export class ModelError extends Error {
  override name = 'ModelError';
}
