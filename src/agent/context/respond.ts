/** A conversation's next reply: within the model's window, with retries and compactions in the log. */
import { ContextOverflowError, type ContextWindow, type ModelReply } from '../../model/model.ts';
import type { AgentRun } from '../agent-run.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { tokensOfAll } from './measure.ts';

/** Compactions that one step is worth when the server refuses what should fit. */
const MOST_REFUSALS = 4;

interface RespondOptions {
  readonly step: number;
  readonly signal: AbortSignal;
  readonly onText: (text: string) => void;
  readonly onProgress: (characters: number) => void;
}

/** Rejects as the model does, and with the reason of the signal. */
export async function respond(
  run: AgentRun,
  conversation: Conversation,
  { step, signal, onText, onProgress }: RespondOptions,
): Promise<ModelReply> {
  const { emit, id, spending } = run;
  const { context, messages, model } = conversation;
  const tools = conversation.tools.map(({ description }) => description);
  const window = model.contextWindow ? await unlessAborted(model.contextWindow(tokensOfAll(messages)), signal) : null;
  for (let refusals = 0; ; refusals += 1) {
    compact(run, conversation, { step, window });
    try {
      const reply = await model.respond(
        { messages: [...messages], tools },
        {
          signal,
          onText,
          onProgress,
          onRetry: (retry) => {
            const { reason, waitMilliseconds, usage, cost } = retry;
            spending.dropped(retry);
            emit({ type: 'model-retried', run: id, step, reason, waitMilliseconds, ...countsForLog({ usage, cost }) });
          },
        },
      );
      if (reply.usage) context.measured(reply.usage);
      return reply;
    } catch (error) {
      if (!(error instanceof ContextOverflowError) || refusals >= MOST_REFUSALS) throw error;
      context.refused(error.window);
    }
  }
}

interface Moment {
  readonly step: number;
  readonly window: ContextWindow | null;
}

function compact({ emit, id }: AgentRun, { context, messages, tools }: Conversation, { step, window }: Moment): void {
  const descriptions = tools.map(({ description }) => description);
  const compaction = context.keep(messages, descriptions, window);
  if (!compaction) return;
  emit({ type: 'context-compacted', run: id, step, ...(window ? { window } : {}), ...compaction });
}

/** Tokens and price as the log has them. */
export function countsForLog({ usage, cost }: { usage?: ModelReply['usage']; cost?: number | undefined }) {
  return {
    ...(usage ? { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens } : {}),
    ...(usage?.cachedTokens === undefined ? {} : { cachedTokens: usage.cachedTokens }),
    ...(usage?.estimated ? { estimated: true as const } : {}),
    ...(cost === undefined ? {} : { cost }),
  };
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.finally(() => signal.removeEventListener('abort', stop)).then(resolve, reject);
  });
}
