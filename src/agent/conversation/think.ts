/** The thinking half of a step: the model is asked, and what it said is logged and counted. */
import type { AssistantMessage, ModelReply, ToolCall } from '../../model/model.ts';
import type { AgentRun } from '../agent-run.ts';
import { countsForLog, respond } from '../context/respond.ts';
import { aborted } from '../limits/aborted.ts';
import { LimitReachedError, limitReached } from '../limits/limits.ts';
import type { Conversation } from './conversation.ts';
import { withWrittenEdits } from './written-edits.ts';

/** Rough, and on the side of too few tokens: the exact count comes with the reply. */
const CHARACTERS_A_TOKEN = 4;

export interface Thought {
  readonly step: number;
  readonly message: AssistantMessage;
  readonly calls: readonly ToolCall[];
  /** What was wrong with the reply, for the model. */
  readonly correction: string | null;
}

/**
 * Asks the conversation's model for its next message, as a step of the run, and adds it to the conversation. Rejects with
 * LimitReachedError (also in the middle of a reply), ModelError, or the reason of the run's signal.
 */
export async function think(run: AgentRun, conversation: Conversation): Promise<Thought> {
  const { id, emit, spending, clock, limits } = run;
  const { messages, model, role, branch } = conversation;
  const limit = limitReached(limits, spending);
  if (limit !== null) throw new LimitReachedError(limit);
  const step = run.nextStep();
  spending.step();
  emit({
    type: 'step-started',
    run: id,
    step,
    ...(role === 'agent' ? {} : { role }),
    ...(branch === undefined ? {} : { branch }),
    ...(model.name === run.modelFor('agent').name ? {} : { model: model.name }),
  });
  const startedAt = Date.now();
  const reply = withOwnIds(run, withWrittenEdits(await respondInLimits(run, conversation, step), conversation));
  clock.signal.throwIfAborted();
  spending.reply(reply);
  emit({ type: 'model-replied', run: id, step, ...replyForLog(reply), milliseconds: Date.now() - startedAt });
  if (limits.cost > 0 && spending.isNewlyUnpriced())
    emit({ type: 'limit-unwatched', run: id, limit: 'cost', reason: `The price of ${model.name} is unknown.` });
  messages.push(reply.message);
  return { step, message: reply.message, calls: reply.message.toolCalls, correction: reply.correction ?? null };
}

/** Waits for the reply, and no longer than the limits allow, whether the model heeds its signal or not. */
async function respondInLimits(run: AgentRun, conversation: Conversation, step: number): Promise<ModelReply> {
  const { clock, limits, spending, onText } = run;
  const cutOff = new AbortController();
  const signal = AbortSignal.any([clock.signal, cutOff.signal]);
  const { inputTokens, outputTokens } = spending.now();
  const left = limits.tokens - inputTokens - outputTokens;
  // Some models tell of all they send, some of their text only.
  const characters = { text: 0, all: 0 };
  const watch = (kind: keyof typeof characters, count: number) => {
    characters[kind] += count;
    if (Math.max(characters.text, characters.all) / CHARACTERS_A_TOKEN > left)
      cutOff.abort(new LimitReachedError(`The limit of ${limits.tokens} tokens was reached in the middle of a reply.`));
  };
  const options = {
    step,
    signal,
    onText: (text: string) => {
      watch('text', text.length);
      onText?.(text);
    },
    onProgress: (count: number) => watch('all', count),
  };
  const ask = () => Promise.race([respond(run, conversation, options), aborted(signal)]);
  return conversation.model.isPerson ? await spending.pause(() => clock.pause(ask)) : await ask();
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
