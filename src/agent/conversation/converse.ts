/** A conversation goes on: a model thinks, tools act, until a tool ends it or a guard speaks. */
import type { Outcome } from '../../session/values.ts';
import type { AgentRun } from '../agent-run.ts';
import { actOn } from './act.ts';
import type { Conversation } from './conversation.ts';
import { nudgeFor } from './nudge.ts';
import { think } from './think.ts';
import { verifyUnasked } from './verify-unasked.ts';

/** Replies in a row without a tool call after which the model is taken to have stopped. */
const SILENT_REPLIES = 3;

/**
 * Goes on with a conversation until it ends. Resolves with the outcome that a tool or a guard gave, or with null when a tool ended it
 * without one. Rejects with LimitReachedError, ModelError, SandboxLostError, or the reason of the run's signal.
 */
export async function converse(run: AgentRun, conversation: Conversation): Promise<Outcome | null> {
  const { messages, progress, workspace } = conversation;
  for (let silent = 0; ; ) {
    const { step, message, calls, correction } = await think(run, conversation);
    const end = await actOn(run, conversation, { step, calls });
    if (end) return end.outcome ?? null;
    silent = calls.length === 0 ? silent + 1 : 0;
    const { stop: circle, warning } = progress.look(workspace);
    const stop = silent >= SILENT_REPLIES ? `The model called no tool in ${silent} replies.` : circle;
    // Whoever says "done", or does the same again, may be right and not know how to end.
    const report = silent > 0 || stop !== null ? await verifyUntested(run, conversation) : null;
    if (stop !== null) return cutShort(conversation, stop);
    if (correction !== null) messages.push({ role: 'user', content: correction });
    else if (silent > 0) {
      const { verdict, isGood } = workspace;
      const silence = { text: message.content, replies: silent, editable: run.task.editable, verdict, isGood };
      const nudge = nudgeFor(conversation, silence);
      tell(run, conversation, { step, text: report === null ? nudge : `The tests were run.\n${report}\n\n${nudge}` });
    }
    if (warning !== null) tell(run, conversation, { step, text: warning });
  }
}

/** Only where the conversation itself could run the tests: the others are about something else. */
const verifyUntested = async (run: AgentRun, conversation: Conversation): Promise<string | null> =>
  conversation.tools.some(({ description }) => description.name === 'run_tests')
    ? await verifyUnasked(run, conversation)
    : null;

/** A conversation that leads nowhere. Green is green, also when the model does not know how to say so. */
function cutShort({ acceptance, workspace }: Conversation, reason: string): Outcome {
  return workspace.attempts.base.own && acceptance.suffices(workspace)
    ? { kind: 'solved', explanation: `${workspace.verdict?.passed ? 'The tests pass. ' : ''}${reason}` }
    : { kind: 'gave-up', explanation: reason };
}

/** Says something to the model that is no tool's result. It is in the log. */
function tell(run: AgentRun, { messages }: Conversation, { step, text }: { step: number; text: string }): void {
  messages.push({ role: 'user', content: text });
  run.emit({ type: 'model-told', run: run.id, step, text });
}
