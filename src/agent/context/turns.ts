import type { AssistantMessage, Message } from '../../model/model.ts';

/** A reply with all that was said to it: a conversation stays valid when whole turns are left out. */
export interface Turn {
  readonly reply: AssistantMessage;
  /** The results of its calls, and what the user said. */
  readonly answers: readonly Message[];
}

/** What stands before the first reply (the rules, the task), and the turns after it. */
export function splitTurns(messages: readonly Message[]): {
  readonly opening: readonly Message[];
  readonly turns: readonly Turn[];
} {
  const opening: Message[] = [];
  const turns: { reply: AssistantMessage; answers: Message[] }[] = [];
  for (const message of messages) {
    if (message.role === 'assistant') turns.push({ reply: message, answers: [] });
    else (turns.at(-1)?.answers ?? opening).push(message);
  }
  return { opening, turns };
}

export const joinTurns = (opening: readonly Message[], turns: readonly Turn[]): Message[] => [
  ...opening,
  ...turns.flatMap(({ reply, answers }) => [reply, ...answers]),
];
