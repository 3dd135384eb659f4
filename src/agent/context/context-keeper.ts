import type { ContextWindow, Message, ToolDescription, Usage } from '../../model/model.ts';
import { type Compaction, fitContext } from './fit-context.ts';
import { tokensOfAll } from './measure.ts';

/** Keeps one conversation under its model's window. */
export interface ContextKeeper {
  /** Shortens `messages` in place when they do not fit; null when they do. */
  keep(messages: Message[], tools: readonly ToolDescription[], window: ContextWindow | null): Compaction | null;
  /** What the server counted for the messages of the last `keep`: estimates are set right by it. */
  measured(usage: Usage): void;
  /** The server refused the messages of the last `keep`: they are more than `window` tokens. */
  refused(window: number | null): void;
}

/** Of the window: what is kept free for the reply, at most so many tokens. */
const FREE_SHARE = 0.25;
const MOST_FREE = 16_384;
/** What is left of the allowed size by a compaction. */
const COMPACTED = 0.5;
/** Of a size that was refused without a word on what is allowed. */
const SMALLER = 0.6;

/** Keeps one conversation below the model's window, which it learns more of with each reply. */
export function createContextKeeper(): ContextKeeper {
  let scale = 1;
  let estimated = 0;
  let known = Number.POSITIVE_INFINITY;
  let smallest = Number.POSITIVE_INFINITY;
  return {
    keep: (messages, tools, window) => {
      const fixed = tools.length === 0 ? 0 : tokensOfTools(tools);
      known = Math.min(window?.tokens ?? Number.POSITIVE_INFINITY, smallest);
      const free = Math.min(known * FREE_SHARE, MOST_FREE);
      const most = Math.max(0, (known - free) / scale - fixed);
      const { messages: fitted, compaction } = fitContext(messages, { most, target: most * COMPACTED });
      if (compaction) messages.splice(0, messages.length, ...fitted);
      estimated = tokensOfAll(messages) + fixed;
      return compaction ?? null;
    },
    measured: ({ inputTokens, estimated: isGuess }) => {
      // Small conversations say little about large ones.
      if (!isGuess && inputTokens > 1000 && estimated > 0) scale = Math.min(3, Math.max(0.5, inputTokens / estimated));
    },
    refused: (window) => {
      // A window that would have fit by our count shows that the count is wrong.
      const now = estimated * scale;
      smallest = window === null ? Math.min(known, now) * SMALLER : Math.min(window, now);
    },
  };
}

const tokensOfTools = (tools: readonly ToolDescription[]): number =>
  tokensOfAll(tools.map((tool) => ({ role: 'system', content: JSON.stringify(tool) })));
