import { estimateTokenCount } from 'tokenx';
import type { Message } from '../../model/model.ts';

/** What the wire format adds to each message. */
const FRAME = 6;

const measured = new WeakMap<Message, number>();

/** Roughly the tokens of one message. Messages never change, so each is counted once. */
export function tokensOf(message: Message): number {
  const known = measured.get(message);
  if (known !== undefined) return known;
  const calls = message.role === 'assistant' ? message.toolCalls : [];
  const texts = [message.content, ...calls.flatMap(({ name, arguments: text }) => [name, text])];
  const echo = message.role === 'assistant' && message.echo ? JSON.stringify(message.echo.message) : '';
  const tokens = [...texts, echo].reduce((sum, text) => sum + estimateTokenCount(text), FRAME * (1 + calls.length));
  measured.set(message, tokens);
  return tokens;
}

export const tokensOfAll = (messages: readonly Message[]): number =>
  messages.reduce((sum, message) => sum + tokensOf(message), 0);
