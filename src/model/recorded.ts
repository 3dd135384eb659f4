import type { SessionEvent, SessionFile } from '../session/events.ts';
import { type Model, ModelError } from './model.ts';

type Reply = Extract<SessionEvent, { type: 'model-replied' }>;
type Step = Extract<SessionEvent, { type: 'step-started' }>;

/**
 * A recording as a model: says again what the model of the session's last run said, reply by reply, at no cost. Each conversation of the
 * run has its own replies, so that those at the same time may go on in any order. When the recording is at its end it fails, and says so.
 */
export function createRecordedModel(file: SessionFile): Model {
  const run = file.events.findLast((event) => event.type === 'run-started');
  const events = file.events.filter((event) => 'run' in event && event.run === run?.run);
  const keys = new Map(events.filter((event): event is Step => event.type === 'step-started').map(keyOfStep));
  const replies = Map.groupBy(
    events.filter((event): event is Reply => event.type === 'model-replied'),
    ({ step }) => keys.get(step) ?? keyOf('agent'),
  );
  const used = new Map<string, number>();
  const name = `replay:${run?.model ?? 'nothing'}`;
  const speakerOf = (key: string): Model => ({
    name,
    async respond(_request, { signal, onText }) {
      signal.throwIfAborted();
      const all = replies.get(key) ?? [];
      const next = used.get(key) ?? 0;
      used.set(key, next + 1);
      const reply = all[next];
      if (!reply)
        throw new ModelError(`The recording has ${all.length} replies, and all were used: it goes no further.`);
      onText?.(reply.text);
      const reasoning = reply.reasoning === undefined ? {} : { reasoning: reply.reasoning };
      return { message: { role: 'assistant', content: reply.text, ...reasoning, toolCalls: reply.calls }, cost: 0 };
    },
  });
  return { ...speakerOf(keyOf('agent')), forConversation: (role, branch) => speakerOf(keyOf(role, branch)) };
}

const keyOf = (role: string, branch = ''): string => JSON.stringify([role, branch]);
const keyOfStep = ({ step, role, branch }: Step): [number, string] => [step, keyOf(role ?? 'agent', branch)];
