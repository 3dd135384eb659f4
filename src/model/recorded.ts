import type { SessionFile } from '../session/events.ts';
import { type Model, ModelError } from './model.ts';

/**
 * A recording as a model: says again what the model of the session's last run said, reply by reply, at no cost. When the recording is
 * at its end it fails, and says so.
 */
export function createRecordedModel(file: SessionFile): Model {
  const run = file.events.findLast((event) => event.type === 'run-started');
  const replies = file.events.filter((event) => event.type === 'model-replied' && event.run === run?.run);
  let next = 0;
  return {
    name: `replay:${run?.model ?? 'nothing'}`,
    async respond(_request, { signal, onText }) {
      signal.throwIfAborted();
      const reply = replies[next++];
      if (reply?.type !== 'model-replied') {
        throw new ModelError(`The recording has ${replies.length} replies, and all were used: it goes no further.`);
      }
      onText?.(reply.text);
      const reasoning = reply.reasoning === undefined ? {} : { reasoning: reply.reasoning };
      return { message: { role: 'assistant', content: reply.text, ...reasoning, toolCalls: reply.calls }, cost: 0 };
    },
  };
}
