import { expect, it } from 'vitest';
import { DEFAULT_LIMITS, limitReached } from './limits.ts';
import { createSpending } from './spending.ts';

const reply = (cost?: number, tokens = 10) => ({
  message: { role: 'assistant', content: '', toolCalls: [] } as const,
  usage: { inputTokens: tokens, outputTokens: tokens },
  ...(cost === undefined ? {} : { cost }),
});

it('watches the money of several models, also where the price of one is unknown', () => {
  const spending = createSpending();
  spending.reply(reply(0.5));
  spending.reply(reply());
  expect(spending.now().cost).toBeNull();
  expect(limitReached({ ...DEFAULT_LIMITS, cost: 1 }, spending)).toBeNull();
  spending.reply(reply(0.6));
  expect(limitReached({ ...DEFAULT_LIMITS, cost: 1 }, spending)).toBe(
    'The limit of $1 was reached ($1.1000 spent, and more at prices that are unknown).',
  );
  expect(limitReached({ ...DEFAULT_LIMITS, cost: 0 }, spending)).toBeNull();
});

it('counts replies that were dropped where their tokens are known', () => {
  const spending = createSpending();
  spending.dropped({ reason: '', waitMilliseconds: 0, usage: { inputTokens: 7, outputTokens: 3 }, cost: 0.1 });
  spending.dropped({ reason: '', waitMilliseconds: 0 });
  expect(spending.now()).toMatchObject({ inputTokens: 7, outputTokens: 3, cost: 0.1 });
  expect(limitReached({ ...DEFAULT_LIMITS, tokens: 10 }, spending)).toContain('limit of 10 tokens');
});
