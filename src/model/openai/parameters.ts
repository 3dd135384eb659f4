/** A request in OpenAI's chat completions format, as one server's dialect has it. */
import type OpenAI from 'openai';
import type { AssistantMessage, Message, ModelRequest, ToolCall, ToolDescription } from '../model.ts';
import type { Dialect } from './dialect.ts';
import { portableSchema } from './portable-schema.ts';

export type Parameters = OpenAI.ChatCompletionCreateParams;
type Param = OpenAI.ChatCompletionMessageParam;

const NO_OUTPUT = '(no output)';
/** Characters of arguments that are no JSON object: what the model wrote is shown to it again, and no server chokes on it. */
const SHOWN_ARGUMENTS = 2_000;

export function toParameters(model: string, { messages, tools }: ModelRequest, dialect: Dialect): Parameters {
  const { stream, streamUsage, maxTokens } = dialect;
  return {
    model,
    messages: toMessages(messages, dialect),
    ...(tools.length > 0 ? { tools: tools.map(toTool) } : {}),
    ...(maxTokens ? { [maxTokens.field]: maxTokens.tokens } : {}),
    ...(stream ? { stream: true } : {}),
    ...(stream && streamUsage ? { stream_options: { include_usage: true } } : {}),
  };
}

function toTool({ name, description, parameters }: ToolDescription): OpenAI.ChatCompletionTool {
  return { type: 'function', function: { name, description, parameters: portableSchema(parameters) } };
}

function toMessages(messages: readonly Message[], dialect: Dialect): Param[] {
  const worded = dialect.systemRole ? messages : systemAsUser(messages);
  const placed = dialect.userAfterTool ? worded : userIntoTool(worded);
  const said = placed.filter((message) => !isSilent(message));
  const shaped = dialect.alternate || !dialect.systemRole ? mergeRows(said) : said;
  return shaped.map((message) => toMessage(message, dialect));
}

/** A reply with nothing in it is in no protocol. */
const isSilent = (message: Message) =>
  message.role === 'assistant' && message.content === '' && message.toolCalls.length === 0;

const systemAsUser = (messages: readonly Message[]): Message[] =>
  messages.map((message) => (message.role === 'system' ? { ...message, role: 'user' } : message));

function userIntoTool(messages: readonly Message[]): Message[] {
  const result: Message[] = [];
  for (const message of messages) {
    const last = result.at(-1);
    if (message.role === 'user' && last?.role === 'tool')
      result[result.length - 1] = { ...last, content: `${last.content}\n\n${message.content}` };
    else result.push(message);
  }
  return result;
}

function mergeRows(messages: readonly Message[]): Message[] {
  const result: Message[] = [];
  for (const message of messages) {
    const last = result.at(-1);
    const merged = last && merge(last, message);
    if (merged) result[result.length - 1] = merged;
    else result.push(message);
  }
  return result;
}

function merge(first: Message, second: Message): Message | null {
  if (first.role === 'user' && second.role === 'user')
    return { role: 'user', content: `${first.content}\n\n${second.content}` };
  const areReplies = first.role === 'assistant' && second.role === 'assistant';
  return areReplies && first.toolCalls.length === 0
    ? { ...second, content: `${first.content}\n\n${second.content}`.trim() }
    : null;
}

function toMessage(message: Message, dialect: Dialect): Param {
  if (message.role === 'tool')
    return { role: 'tool', tool_call_id: idFor(message.callId, dialect), content: message.content || NO_OUTPUT };
  if (message.role === 'assistant') return toReply(message, dialect);
  return { role: message.role, content: message.content };
}

function toReply({ content, toolCalls, echo }: AssistantMessage, dialect: Dialect): Param {
  const { noText, thoughts } = dialect;
  const calls = toolCalls.map((call, index) => ({ ...toCall(call, dialect), ...echo?.calls[index] }));
  return {
    role: 'assistant',
    content: content === '' ? noText : content,
    ...(thoughts === 'always' ? { reasoning_content: '' } : {}),
    ...(thoughts === 'never' ? {} : echo?.message),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
}

function toCall(
  { id, name, arguments: text }: ToolCall,
  dialect: Dialect,
): OpenAI.ChatCompletionMessageFunctionToolCall {
  return { id: idFor(id, dialect), type: 'function', function: { name: asName(name), arguments: asObject(text) } };
}

/** Mistral's are nine letters and digits: others get a name made from theirs. */
function idFor(id: string, { shortIds }: Dialect): string {
  if (!shortIds || /^[a-z0-9]{9}$/i.test(id)) return id;
  let hash = 0;
  for (const char of id) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) >>> 0;
  return `i${hash.toString(36).padStart(8, '0')}`;
}

/** Servers check names of the past, too, also of tools that a model made up: letters, digits, "_" and "-", at most 64. */
const asName = (name: string): string => name.replace(/[^\w-]/g, '_').slice(0, 64) || 'unnamed';

/** The escape of half a character, which strict parsers refuse. */
const HALF = /\\ud[89a-f]/i;
const wellFormed = (_: string, value: unknown): unknown => (typeof value === 'string' ? value.toWellFormed() : value);

/** Servers parse the arguments of the past: what is no JSON object ends the conversation there. */
function asObject(text: string): string {
  if (text.trim() === '') return '{}';
  try {
    const hasHalves = HALF.test(text);
    const value: unknown = JSON.parse(text, hasHalves ? wellFormed : undefined);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return hasHalves ? JSON.stringify(value) : text;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
  }
  return JSON.stringify({ invalid_arguments: text.slice(0, SHOWN_ARGUMENTS).toWellFormed() });
}
