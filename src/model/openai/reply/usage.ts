import { z } from 'zod';
import type { Usage } from '../../model.ts';

const tokens = z.number().nonnegative().nullish().catch(null);
const details = z.object({ cached_tokens: tokens }).nullish().catch(null);

/** The spellings in the field: OpenAI's, DeepSeek's (`prompt_cache_hit_tokens`), Moonshot's, and Anthropic's behind proxies. */
const usage = z.object({
  prompt_tokens: tokens,
  input_tokens: tokens,
  completion_tokens: tokens,
  output_tokens: tokens,
  total_tokens: tokens,
  prompt_tokens_details: details,
  input_tokens_details: details,
  prompt_cache_hit_tokens: tokens,
  cache_read_input_tokens: tokens,
  cached_tokens: tokens,
  /** US dollars, by OpenRouter. */
  cost: z.number().nonnegative().nullish().catch(null),
});

export interface ReportedUsage {
  readonly usage: Usage;
  readonly cost: number | null;
}

/** What a server says it used; null when it says nothing that can be read. */
export function readUsage(value: unknown): ReportedUsage | null {
  const parsed = usage.safeParse(value);
  if (!parsed.success) return null;
  const { data } = parsed;
  const inputTokens = data.prompt_tokens ?? data.input_tokens;
  const written = data.completion_tokens ?? data.output_tokens;
  if (inputTokens === null || inputTokens === undefined) return null;
  // Some servers count the tokens of thinking in the total alone.
  const outputTokens = Math.max(written ?? 0, (data.total_tokens ?? 0) - inputTokens);
  // A field that the server does not fill in: no request has no tokens.
  if (inputTokens + outputTokens === 0) return null;
  const cached =
    data.prompt_tokens_details?.cached_tokens ??
    data.input_tokens_details?.cached_tokens ??
    data.prompt_cache_hit_tokens ??
    data.cache_read_input_tokens ??
    data.cached_tokens;
  const cachedTokens = cached === null || cached === undefined ? {} : { cachedTokens: Math.min(cached, inputTokens) };
  return { usage: { inputTokens, outputTokens, ...cachedTokens }, cost: data.cost ?? null };
}
