import { type AssistantMessage, type Model, ModelError, type ModelRequest } from './model.ts';

/** What a person in the agent's seat wants to do next. */
export interface PersonChoice {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> | string }[];
}

/** Where the person sits: it shows what a model would be shown, and gives back what the person chose. */
export interface Seat {
  /** null: the person has left. Rejects with the signal's reason when aborted. */
  choose(request: ModelRequest, signal: AbortSignal): Promise<PersonChoice | null>;
}

/** A person as a model: the same conversation, the same tools, at no cost. The run's clock stands still while they think. */
export function createPersonModel(seat: Seat): Model {
  let calls = 0;
  return {
    name: 'person',
    isPerson: true,
    respond: async (request, { signal, onText }) => {
      signal.throwIfAborted();
      const choice = await seat.choose(request, signal);
      if (choice === null) throw new ModelError('The person in the seat has left.');
      if (choice.text !== '') onText?.(choice.text);
      const toolCalls = choice.calls.map(({ name, arguments: args }) => {
        calls += 1;
        return { id: `person-${calls}`, name, arguments: typeof args === 'string' ? args : JSON.stringify(args) };
      });
      const message: AssistantMessage = { role: 'assistant', content: choice.text, toolCalls };
      return { message, usage: { inputTokens: 0, outputTokens: 0 }, cost: 0 };
    },
  };
}
