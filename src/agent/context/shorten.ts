/** A turn of the past in fewer words: that it happened stays, what it brought can be had again. */
import type { Message, ToolCall } from '../../model/model.ts';
import { elide } from '../elide.ts';
import type { Turn } from './turns.ts';

/** Characters of a result, of a value in a call's arguments, and of a line that stands for a turn. */
const LONGEST_RESULT = 200;
const LONGEST_VALUE = 400;
const LONGEST_LINE = 160;

export function shortenTurn({ reply, answers }: Turn): Turn {
  const toolCalls = reply.toolCalls.map(shortenCall);
  // What the server wants to see again it wants of every turn that is left.
  return { reply: { ...reply, toolCalls }, answers: answers.map(shortenAnswer) };
}

function shortenAnswer(message: Message): Message {
  if (message.role !== 'tool' || message.content.length <= LONGEST_RESULT) return message;
  const [first = ''] = message.content.split('\n', 1);
  const rest = `[${message.content.length} characters left out to save room: call the tool again if you need them]`;
  return { ...message, content: `${first.slice(0, LONGEST_RESULT)}\n${rest}` };
}

function shortenCall(call: ToolCall): ToolCall {
  if (call.arguments.length <= LONGEST_VALUE) return call;
  try {
    const shorten = (_: string, value: unknown) => (typeof value === 'string' ? elide(value, LONGEST_VALUE) : value);
    return { ...call, arguments: JSON.stringify(JSON.parse(call.arguments), shorten) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ...call, arguments: '{}' };
  }
}

/** One line a call: "edit_file src/a.js: replaced 1 place". */
export function describeTurn({ reply, answers }: Turn): string[] {
  const said = reply.content.trim() === '' ? [] : [`- said: ${oneLine(reply.content)}`];
  const called = reply.toolCalls.map((call) => {
    const answer = answers.find((message) => message.role === 'tool' && message.callId === call.id);
    return `- ${oneLine(`${call.name} ${call.arguments}`)} -> ${oneLine(answer?.content ?? 'no answer')}`;
  });
  return [...said, ...called];
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}…`;
}
