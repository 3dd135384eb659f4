import type { Limits } from '../../session/values.ts';
import type { Spending } from './spending.ts';

/** Characters of one command's output that the log keeps: what a person scrolls through and a link still carries. */
export const DEFAULT_OUTPUT = 200_000;

/** Deadlines in seconds. The suites of large projects take minutes, and more where several share a machine. */
export const DEFAULT_DEADLINES = { commandSeconds: 300, testSeconds: 600 } as const;

export const DEFAULT_LIMITS: Limits = { steps: 120, attempts: 60, seconds: 3600, tokens: 3_000_000, cost: 2 };

/** A limit of the run was reached: the message says which. Ends the run with an outcome. */
export class LimitReachedError extends Error {
  override name = 'LimitReachedError';
}

/** Which limit the spending has reached, as a sentence; null while there is room. Of a cost that is not known as a whole the known part counts. */
export function limitReached(limits: Limits, spending: Pick<Spending, 'now' | 'known'>): string | null {
  const spent = spending.now();
  const cost = spending.known();
  const tokens = spent.inputTokens + spent.outputTokens;
  if (spent.steps >= limits.steps) return `The limit of ${limits.steps} steps was reached.`;
  if (spent.attempts >= limits.attempts) return `The limit of ${limits.attempts} attempts was reached.`;
  if (spent.milliseconds >= limits.seconds * 1000) return `The limit of ${limits.seconds} seconds was reached.`;
  if (tokens >= limits.tokens) return `The limit of ${limits.tokens} tokens was reached (${tokens} used).`;
  if (limits.cost > 0 && cost >= limits.cost) {
    const more = spent.cost === null ? ', and more at prices that are unknown' : '';
    return `The limit of $${limits.cost} was reached ($${cost.toFixed(4)} spent${more}).`;
  }
  return null;
}
