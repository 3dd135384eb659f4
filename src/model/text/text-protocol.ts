/** Tools for models that have none: told in the prompt, called in the text, answered by the user. */
import type { AssistantMessage, Message, ModelReply, ModelRequest, ToolDescription } from '../model.ts';
import { UNREAD_CALL } from '../openai/reply/unread-call.ts';
import { describeTools } from './describe-tools.ts';
import { readCalls } from './read-calls.ts';
import { writeCall } from './write-calls.ts';

/** The same request without tools. */
export function toTextRequest({ messages, tools }: ModelRequest): ModelRequest {
  if (tools.length === 0) return { messages: answersAsUser(messages), tools };
  const [first, ...rest] = answersAsUser(messages);
  const told = describeTools(tools);
  if (first?.role === 'system')
    return { messages: [{ role: 'system', content: `${first.content}\n\n${told}` }, ...rest], tools: [] };
  return { messages: [{ role: 'system', content: told }, ...(first ? [first] : []), ...rest], tools: [] };
}

/** Calls are written out, and a reply's results become one message of the user. */
function answersAsUser(messages: readonly Message[]): Message[] {
  const result: Message[] = [];
  const names = new Map<string, string>();
  for (const message of messages) {
    if (message.role === 'assistant') {
      for (const { id, name } of message.toolCalls) names.set(id, name);
      result.push(asText(message));
    } else if (message.role === 'tool') {
      const content = `<result tool="${names.get(message.callId) ?? 'unknown'}">\n${message.content}\n</result>`;
      addToUser(result, content);
    } else if (message.role === 'user' && isResult(result.at(-1))) addToUser(result, message.content);
    else result.push(message);
  }
  return result;
}

const isResult = (message: Message | undefined) =>
  message?.role === 'user' && message.content.startsWith('<result tool=');

function addToUser(result: Message[], content: string): void {
  const last = result.at(-1);
  if (last?.role === 'user' && isResult(last))
    result[result.length - 1] = { ...last, content: `${last.content}\n\n${content}` };
  else result.push({ role: 'user', content });
}

function asText({ content, toolCalls }: AssistantMessage): AssistantMessage {
  const written = [content, ...toolCalls.map(writeCall)].filter((part) => part !== '');
  return { role: 'assistant', content: written.join('\n\n'), toolCalls: [] };
}

const BROKEN =
  'Your reply has a tool call that could not be read, or only the beginning of one; it was not executed. Write the whole block, with every tag closed.';

/** The same reply with its calls taken out of its text. */
export function fromTextReply(reply: ModelReply, tools: readonly ToolDescription[]): ModelReply {
  const { calls, text, hasBrokenCall } = readCalls(reply.message.content, tools);
  if (calls.length === 0 && !hasBrokenCall) return reply;
  const { correction: said, ...rest } = reply;
  const isRead = said === UNREAD_CALL && calls.length > 0;
  const correction = (isRead ? undefined : said) ?? (hasBrokenCall ? BROKEN : undefined);
  return {
    ...rest,
    message: { ...reply.message, content: text, toolCalls: calls },
    ...(correction === undefined ? {} : { correction }),
  };
}
