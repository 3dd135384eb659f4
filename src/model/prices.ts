import type { Usage } from './model.ts';

/** US dollars for these tokens by a maintained table of list prices, loaded when first needed; undefined when the model is not in it. */
export async function priceOf(model: string, usage: Usage, hostUrl: string): Promise<number | undefined> {
  const { calcPrice } = await import('@pydantic/genai-prices');
  const counts = {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    ...(usage.cachedTokens === undefined ? {} : { cache_read_tokens: usage.cachedTokens }),
  };
  // A server that the table does not know has prices of its own, whatever its models are called.
  const price = calcPrice(counts, model, { providerApiUrl: hostUrl });
  return price?.total_price;
}

/** Tokens of the model's window by the same table; undefined when it does not say. */
export async function windowOf(model: string, hostUrl: string): Promise<number | undefined> {
  const { calcPrice } = await import('@pydantic/genai-prices');
  return calcPrice({ input_tokens: 0, output_tokens: 0 }, model, { providerApiUrl: hostUrl })?.model.context_window;
}
