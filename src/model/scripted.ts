import type { AssistantMessage, Model, ModelReply, ModelRequest } from './model.ts';
import { ModelError } from './model.ts';

/** One reply of a script: what the model says, and the tools it calls with their arguments. */
export interface ScriptedReply {
  readonly text?: string;
  readonly calls?: readonly (readonly [tool: string, args: unknown])[];
  readonly usage?: ModelReply['usage'];
  readonly cost?: number;
}

export interface ScriptedModel extends Model {
  /** What the model was asked, in order. */
  readonly requests: readonly ModelRequest[];
}

/** Answers with these replies in order; a reply may be made from the request. Rejects with ModelError when the script is over. */
export function createScriptedModel(
  script: readonly (ScriptedReply | ((request: ModelRequest) => ScriptedReply | Promise<ScriptedReply>))[],
): ScriptedModel {
  const requests: ModelRequest[] = [];
  return {
    name: 'scripted',
    requests,
    respond: async (request, { signal, onText }) => {
      signal.throwIfAborted();
      const turn = requests.length;
      requests.push(request);
      const entry = script[turn];
      if (entry === undefined) throw new ModelError(`The script has ${script.length} replies only.`);
      const reply = typeof entry === 'function' ? await entry(request) : entry;
      if (reply.text) onText?.(reply.text);
      const { usage, cost = 0 } = reply;
      return { message: toMessage(reply, turn), cost, ...(usage ? { usage } : {}) };
    },
  };
}

function toMessage({ text = '', calls = [] }: ScriptedReply, turn: number): AssistantMessage {
  const toolCalls = calls.map(([name, args], index) => ({
    id: `call-${turn + 1}-${index + 1}`,
    name,
    arguments: typeof args === 'string' ? args : JSON.stringify(args),
  }));
  return { role: 'assistant', content: text, toolCalls };
}
