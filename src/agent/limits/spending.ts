import type { ModelReply, ModelRetry } from '../../model/model.ts';
import type { Spent } from '../../session/values.ts';

/** Counts what a run uses. Its clock stands still while the run waits for a person. */
export interface Spending {
  step(): void;
  attempt(): void;
  reply(reply: ModelReply): void;
  /** A reply that was dropped, and billed all the same where its tokens are known. */
  dropped(retry: ModelRetry): void;
  /** Runs `wait` with the clock stopped, until the last of several waits is over. */
  pause<T>(wait: () => Promise<T>): Promise<T>;
  now(): Spent;
  /** Whether a reply, or a dropped one, without a price has come; true once, whoever of several conversations asks first. */
  isNewlyUnpriced(): boolean;
  /** US dollars of the replies whose price is known: what is spent at least. */
  known(): number;
}

export function createSpending(clock: () => number = Date.now): Spending {
  let steps = 0;
  let attempts = 0;
  let inputTokens = 0;
  let outputTokens = 0;
  let cost: number | null = 0;
  let known = 0;
  let isUnpricedTold = false;
  let startedAt = clock();
  let waits = 0;
  let waitingSince = 0;
  const add = ({ usage, cost: price }: Pick<ModelReply, 'usage' | 'cost'>) => {
    inputTokens += usage?.inputTokens ?? 0;
    outputTokens += usage?.outputTokens ?? 0;
    known += price ?? 0;
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
      if (waits === 0) waitingSince = clock();
      waits += 1;
      try {
        return await wait();
      } finally {
        waits -= 1;
        if (waits === 0) startedAt += clock() - waitingSince;
      }
    },
    isNewlyUnpriced: () => {
      const isNew = cost === null && !isUnpricedTold;
      isUnpricedTold ||= isNew;
      return isNew;
    },
    known: () => known,
    now: () => {
      const milliseconds = (waits > 0 ? waitingSince : clock()) - startedAt;
      return { steps, attempts, milliseconds, inputTokens, outputTokens, cost };
    },
  };
}
