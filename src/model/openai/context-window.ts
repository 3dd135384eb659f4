import { z } from 'zod';
import type { ContextWindow } from '../model.ts';
import { windowOf } from '../prices.ts';
import { type Endpoint, getJson } from './send.ts';

const tokens = z.number().int().positive().nullish().catch(null);
/** As a list of models names the window: vLLM, OpenRouter and Together, Groq, Mistral, LM Studio, llama.cpp. */
const entry = z.object({
  id: z.string(),
  max_model_len: tokens,
  context_length: tokens,
  context_window: tokens,
  max_context_length: tokens,
  loaded_context_length: tokens,
  meta: z.object({ n_ctx: tokens }).nullish().catch(null),
});
const list = z.object({ data: z.array(z.unknown()) });

export type ListedModel = { readonly id: string; readonly window: number | null };

/** The server's models; throws as {@link getJson}, and an empty list when it answers something else. */
export async function listModels(endpoint: Endpoint, signal: AbortSignal): Promise<readonly ListedModel[]> {
  const value = await getJson(endpoint, '/models', signal);
  // Together's list is a bare array.
  const parsed = list.safeParse(Array.isArray(value) ? { data: value } : value);
  const entries = (parsed.data?.data ?? []).flatMap((each) => entry.safeParse(each).data ?? []);
  return entries.map((each) => ({
    id: each.id,
    window:
      each.max_model_len ??
      each.loaded_context_length ??
      each.meta?.n_ctx ??
      each.context_length ??
      each.context_window ??
      each.max_context_length ??
      null,
  }));
}

/** Models of a machine nearby are mostly run with small windows; the hosts' are large. */
const ASSUMED_NEARBY = 32_768;
const ASSUMED = 128_000;
const PATIENCE = 5_000;

/** What is known best: the table for hosts that it knows, else the server's own list, else an assumption. Never rejects. */
export async function findContextWindow(endpoint: Endpoint, model: string, hostUrl: string): Promise<ContextWindow> {
  const listed = await windowOf(model, hostUrl).catch(() => undefined);
  if (listed !== undefined) return { tokens: listed, source: 'table' };
  // A server without a list, or with another one, is no failure: there is an assumption to fall back on, and the log names it.
  const models = await listModels(endpoint, AbortSignal.timeout(PATIENCE)).catch(() => []);
  const own = models.find(({ id }) => id === model)?.window ?? null;
  if (own !== null) return { tokens: own, source: 'server' };
  return { tokens: isNearby(hostUrl) ? ASSUMED_NEARBY : ASSUMED, source: 'assumed' };
}

/** Whether a server is on this machine or in its network. */
export function isNearby(url: string): boolean {
  const { hostname } = URL.canParse(url) ? new URL(url) : { hostname: '' };
  return /^(localhost|.*\.local|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\])/.test(hostname);
}
