/** A conversation: a model thinks, tools act, until a tool ends it, a guard speaks or a limit is reached. */
import type { ModelReply, ToolCall } from '../model/model.ts';
import type { Outcome } from '../session/events.ts';
import { actOn } from './act.ts';
import type { AgentRun } from './agent-run.ts';
import { countsForLog, respond } from './context/respond.ts';
import type { Conversation } from './conversation.ts';
import { LimitReachedError, limitReached } from './limits.ts';

/** Replies in a row without a tool call after which the model is taken to have stopped. */
const SILENT_REPLIES = 3;

/**
 * Goes on with a conversation until it ends. Resolves with the outcome that a tool or a guard gave, or with null when a tool ended it
 * without one. Rejects with LimitReachedError, ModelError, SandboxLostError, or the reason of the run's signal.
 */
export async function converse(run: AgentRun, conversation: Conversation): Promise<Outcome | null> {
  const { messages, progress, workspace } = conversation;
  for (let silent = 0; ; ) {
    const limit = limitReached(run.limits, run.spending.now());
    if (limit !== null) throw new LimitReachedError(limit);
    const step = run.nextStep();
    const { calls, correction } = await think(run, conversation, step);
    silent = calls.length === 0 ? silent + 1 : 0;
    if (silent >= SILENT_REPLIES)
      return { kind: 'gave-up', explanation: `The model called no tool in ${silent} replies.` };
    const end = await actOn(run, conversation, { step, calls });
    if (end) return end.outcome ?? null;
    const said = correction ?? (silent > 0 ? conversation.nudge : null);
    if (said !== null) messages.push({ role: 'user', content: said });
    const stuck = progress.stuck(workspace);
    if (stuck !== null) return { kind: 'gave-up', explanation: stuck };
  }
}

interface Thought {
  readonly calls: readonly ToolCall[];
  /** What was wrong with the reply, for the model. */
  readonly correction: string | null;
}

async function think(run: AgentRun, conversation: Conversation, step: number): Promise<Thought> {
  const { id, emit, spending, clock } = run;
  const { messages, model, role, branch } = conversation;
  spending.step();
  emit({
    type: 'step-started',
    run: id,
    step,
    ...(role === 'agent' ? {} : { role }),
    ...(branch === undefined ? {} : { branch }),
    ...(model === run.modelFor('agent') ? {} : { model: model.name }),
  });
  const startedAt = Date.now();
  const reply = withOwnIds(run, await respond(run, conversation, step));
  clock.signal.throwIfAborted();
  spending.reply(reply);
  emit({ type: 'model-replied', run: id, step, ...replyForLog(reply), milliseconds: Date.now() - startedAt });
  messages.push(reply.message);
  return { calls: reply.message.toolCalls, correction: reply.correction ?? null };
}

/** Models use an id again in a later reply, servers give none, and two conversations of a run know nothing of each other. */
function withOwnIds(run: AgentRun, reply: ModelReply): ModelReply {
  const toolCalls = reply.message.toolCalls.map((call) => ({ ...call, id: run.callId(call.id) }));
  return { ...reply, message: { ...reply.message, toolCalls } };
}

function replyForLog({ message, correction, ...counts }: ModelReply) {
  return {
    text: message.content,
    ...(message.reasoning === undefined ? {} : { reasoning: message.reasoning }),
    calls: message.toolCalls,
    ...(correction === undefined ? {} : { correction }),
    ...countsForLog(counts),
  };
}
