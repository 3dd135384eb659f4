import type { ModelReply, ModelRetry } from '../model/model.ts';
import type { Spent } from '../session/events.ts';

/** Counts what a run uses. Its clock stands still while the run waits for a person. */
export interface Spending {
  step(): void;
  attempt(): void;
  reply(reply: ModelReply): void;
  /** A reply that was dropped, and billed all the same where its tokens are known. */
  dropped(retry: ModelRetry): void;
  /** Runs `wait` with the clock stopped. */
  pause<T>(wait: () => Promise<T>): Promise<T>;
  now(): Spent;
}

export function createSpending(clock: () => number = Date.now): Spending {
  let steps = 0;
  let attempts = 0;
  let inputTokens = 0;
  let outputTokens = 0;
  let cost: number | null = 0;
  let startedAt = clock();
  const add = ({ usage, cost: price }: Pick<ModelReply, 'usage' | 'cost'>) => {
    inputTokens += usage?.inputTokens ?? 0;
    outputTokens += usage?.outputTokens ?? 0;
    cost = cost === null || price === undefined ? null : cost + price;
  };
  return {
    step: () => {
      steps += 1;
    },
    attempt: () => {
      attempts += 1;
    },
    reply: add,
    dropped: (retry) => {
      if (retry.usage) add(retry);
    },
    pause: async (wait) => {
      const from = clock();
      try {
        return await wait();
      } finally {
        startedAt += clock() - from;
      }
    },
    now: () => ({ steps, attempts, milliseconds: clock() - startedAt, inputTokens, outputTokens, cost }),
  };
}
