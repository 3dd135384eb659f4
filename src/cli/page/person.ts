/** A person at the terminal of the command, in the agent's seat. */
import type { Message, Model, ModelRequest } from '../../model/model.ts';
import { createPersonModel, type PersonChoice } from '../../model/person.ts';
import { parsePersonLine } from '../../model/person-line.ts';

export function createTerminalModel(): Model {
  let shown = 0;
  return createPersonModel({
    choose: async (request, signal) => {
      const fresh = request.messages.slice(shown).filter(({ role }) => role !== 'assistant');
      let text = `${fresh.map(show).join('\n')}\n${shown === 0 ? `${listTools(request)}\n` : ''}`;
      shown = request.messages.length;
      for (;;) {
        const line = await ask(text, signal);
        if (line === null) return null;
        const choice: PersonChoice | { problem: string } = parsePersonLine(line, request.tools);
        if (!('problem' in choice)) return choice;
        text = `${choice.problem}\n`;
      }
    },
  });
}

const show = (message: Message): string =>
  message.role === 'tool' ? message.content : `[${message.role}]\n${message.content}\n`;

const listTools = ({ tools }: ModelRequest): string =>
  tools.map(({ name, parameters }) => `  ${name} ${Object.keys(Object(parameters.properties)).join(' ')}`).join('\n');

/** The line that the person typed; null when the terminal was closed. */
async function ask(text: string, signal: AbortSignal): Promise<string | null> {
  const response = await fetch('/__ask', { method: 'POST', body: JSON.stringify(text), signal });
  return (await response.json()) as string | null;
}
